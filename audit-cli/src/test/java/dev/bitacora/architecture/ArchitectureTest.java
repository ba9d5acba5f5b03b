package dev.bitacora.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Holds the code to the module table: which way dependencies point, and where each technology may
 * stand.
 */
class ArchitectureTest {
  private static final JavaClasses PRODUCT =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.bitacora");

  @Test
  void everyModule_isHere() {
    assertThat(PRODUCT.stream().map(ArchitectureTest::module))
        .contains("core", "agent", "store", "collector", "viewer", "examples", "cli");
  }

  @Test
  void packages_haveNoCycles() {
    slices().matching("dev.bitacora.(**)").should().beFreeOfCycles().check(PRODUCT);
  }

  @Test
  void modules_haveNoCycles() {
    slices().matching("dev.bitacora.(*)..").should().beFreeOfCycles().check(PRODUCT);
  }

  @ParameterizedTest
  @CsvSource({
    "core, 'agent|store|collector|viewer|examples|cli|testkit'",
    "agent, 'store|collector|viewer|examples|cli|testkit'",
    "store, 'agent|collector|viewer|examples|cli|testkit'",
    "collector, 'viewer|examples|cli|testkit'",
    "viewer, 'collector|examples|cli|testkit'",
    "examples, 'store|collector|viewer|cli|testkit'",
    "cli, 'testkit'",
  })
  void modules_dependAsTheTableSays(String module, String forbidden) {
    String[] packages =
        java.util.Arrays.stream(forbidden.split("\\|"))
            .map(m -> "dev.bitacora." + m + "..")
            .toArray(String[]::new);
    noClasses()
        .that()
        .resideInAPackage("dev.bitacora." + module + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages)
        .check(PRODUCT);
  }

  @Test
  void theChain_usesTheJdkAlone() {
    classes()
        .that()
        .resideInAPackage("dev.bitacora.core.chain")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "dev.bitacora.core.chain")
        .check(PRODUCT);
  }

  @ParameterizedTest
  @CsvSource({
    "Kafka, org.apache.kafka",
    "Lucene, org.apache.lucene",
    "Elasticsearch, co.elastic.clients",
    "Elasticsearch's low-level client, org.elasticsearch",
    "Javalin, io.javalin",
    "JTE, gg.jte",
    "Logback, ch.qos.logback",
    "Micrometer, io.micrometer",
    "Jackson, com.fasterxml.jackson",
    "picocli, picocli",
    "password hashing, com.password4j",
  })
  void aTechnology_standsInOnePackageOfAModule(String technology, String root) {
    Map<String, Set<String>> packagesByModule = new TreeMap<>();
    for (JavaClass type : PRODUCT) {
      boolean uses =
          type.getDirectDependenciesFromSelf().stream()
              .map(Dependency::getTargetClass)
              .anyMatch(target -> target.getPackageName().startsWith(root));
      if (uses) {
        packagesByModule
            .computeIfAbsent(module(type), m -> new TreeSet<>())
            .add(type.getPackageName());
      }
    }
    assertThat(packagesByModule).as("packages that import " + technology).isNotEmpty();
    packagesByModule.forEach(
        (module, packages) -> assertThat(packages).as(technology + " in " + module).hasSize(1));
  }

  /** The third part of dev.bitacora.<module>… */
  private static String module(JavaClass type) {
    String name = type.getPackageName().substring("dev.bitacora.".length());
    int dot = name.indexOf('.');
    return dot < 0 ? name : name.substring(0, dot);
  }
}
