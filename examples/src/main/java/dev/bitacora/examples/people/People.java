package dev.bitacora.examples.people;

import java.util.List;
import java.util.Optional;

/** The directory of accounts, the same for all components. */
public final class People {
  private static final List<String> DEV = List.of("dev");
  private static final List<String> UAT = List.of("uat");
  private static final List<String> PRD = List.of("prd");
  private static final List<String> EVERYWHERE = List.of("dev", "uat", "prd");

  private static final List<Person> ALL =
      List.of(
          new Person("u42", "Ann Lee", List.of("clerk", "approver"), PRD),
          new Person("u17", "Boris Weber", List.of("approver"), PRD),
          new Person("u23", "Chiara Rossi", List.of("clerk"), PRD),
          new Person("u31", "Daniel Okafor", List.of("clerk"), PRD),
          new Person("u36", "Elena García", List.of("clerk"), PRD),
          new Person("u48", "Fatima Haddad", List.of("approver", "auditor"), PRD),
          new Person("u55", "Grzegorz Nowak", List.of("clerk"), PRD),
          new Person("u61", "Hiroko Tanaka", List.of("clerk"), PRD),
          new Person("t02", "Ingrid Larsen", List.of("clerk", "tester"), UAT),
          new Person("t05", "José Pereira", List.of("approver", "tester"), UAT),
          new Person("t09", "Katja Braun", List.of("clerk", "tester"), UAT),
          new Person("d11", "Liam Murphy", List.of("clerk", "developer"), DEV),
          new Person("d14", "Mei Chen", List.of("approver", "developer"), DEV),
          new Person("d19", "Noah Fischer", List.of("clerk", "developer"), DEV),
          new Person("o77", "Olga Petrova", List.of("operator"), EVERYWHERE));

  private People() {}

  /** Who puts new versions into production. */
  public static Person operator() {
    return find("o77").orElseThrow();
  }

  public static Optional<Person> find(String id) {
    return ALL.stream().filter(person -> person.id().equals(id)).findFirst();
  }

  /** Everybody with this role in this environment; in one that nobody knows, of all. */
  public static List<Person> with(String role, String environment) {
    List<Person> here =
        ALL.stream()
            .filter(person -> person.has(role) && person.environments().contains(environment))
            .toList();
    return here.isEmpty() ? ALL.stream().filter(person -> person.has(role)).toList() : here;
  }
}
