package dev.bitacora.store.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bitacora.store.AuditStore;
import dev.bitacora.store.Retention;
import dev.bitacora.store.StoreException;
import dev.bitacora.store.TestEvents;
import dev.bitacora.store.WriteResult;
import dev.bitacora.store.WriteResult.Status;
import dev.bitacora.store.elasticsearch.ElasticsearchSetup.Outcome;
import dev.bitacora.store.elasticsearch.ElasticsearchSetup.Step;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ElasticsearchSetupTest {
  private final ElasticsearchSetup setup = new ElasticsearchSetup(TestCluster.config());

  @BeforeEach
  void removeTemplates() {
    TestCluster.reset();
    TestCluster.removeTemplates();
  }

  @AfterEach
  void restoreTemplates() {
    TestCluster.setUpAgain();
  }

  @Test
  void firstRun_createsEverything() {
    assertThat(setup.run())
        .contains(
            new Step("component template bitacora-audit@mappings", Outcome.CREATED),
            new Step("component template bitacora-audit@settings", Outcome.CREATED),
            new Step("component template bitacora-audit@custom", Outcome.CREATED),
            new Step("index template bitacora-audit", Outcome.CREATED));
  }

  @Test
  void secondRun_updatesOurs_andKeepsTheOperators() {
    setup.run();
    TestCluster.request(
        "PUT",
        "/_component_template/bitacora-audit@custom",
        "{\"template\":{\"settings\":{\"index.number_of_shards\":3}}}");

    assertThat(setup.run())
        .contains(
            new Step("component template bitacora-audit@mappings", Outcome.UPDATED),
            new Step("component template bitacora-audit@custom", Outcome.KEPT),
            new Step("index template bitacora-audit", Outcome.UPDATED));
    assertThat(TestCluster.ask("/_component_template/bitacora-audit@custom"))
        .contains("\"number_of_shards\":\"3\"");
  }

  @Test
  void ourTemplates_changedByHand_areAsWeMadeThemAgain() {
    setup.run();
    String ours = TestCluster.ask("/_component_template/bitacora-audit@mappings");
    putMappings(0);
    assertThat(TestCluster.ask("/_component_template/bitacora-audit@mappings")).isNotEqualTo(ours);
    setup.run();
    assertThat(TestCluster.ask("/_component_template/bitacora-audit@mappings")).isEqualTo(ours);
  }

  @Test
  void aTemplateOfHigherPriority_isNoticed() {
    TestCluster.request(
        "PUT",
        "/_index_template/somebody-elses",
        "{\"index_patterns\":[\"audit-*\"],\"priority\":900,\"template\":{}}");
    try {
      assertThat(overruled())
          .hasSize(2)
          .allMatch(object -> object.contains("a template of higher priority comes first"));
    } finally {
      TestCluster.request("DELETE", "/_index_template/somebody-elses", null);
    }
    assertThat(overruled()).isEmpty();
  }

  @Test
  void anOperatorsComponentThatWouldLoseEvents_isNoticedAndLeftAlone() {
    setup.run();
    TestCluster.request(
        "PUT",
        "/_component_template/bitacora-audit@custom",
        "{\"template\":{\"settings\":{\"index.translog.durability\":\"async\"}}}");
    assertThat(overruled())
        .hasSize(2)
        .allMatch(object -> object.contains("translog.durability is async"));
    assertThat(TestCluster.ask("/_component_template/bitacora-audit@custom")).contains("async");
  }

  private List<String> overruled() {
    return setup.run().stream()
        .filter(step -> step.outcome() == Outcome.OVERRULED)
        .map(Step::object)
        .toList();
  }

  @Test
  void aNodeWithoutSecurity_needsNoRoles() {
    assertThat(setup.run())
        .contains(new Step("role bitacora-writer", Outcome.NOT_NEEDED))
        .contains(new Step("role bitacora-viewer", Outcome.NOT_NEEDED));
  }

  @Test
  void whatANewerProgramSetUp_isLeftAlone() {
    putMappings(Templates.VERSION + 1);
    assertThatThrownBy(setup::run)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("bitacora-audit@mappings has version 2, this program needs 1")
        .hasMessageContaining("newer");
  }

  @Test
  void aStore_withoutTemplates_refusesToWrite_andSaysWhatToDo() {
    assertRefused("Elasticsearch has no component template bitacora-audit@mappings; run setup");
  }

  @Test
  void aStore_withOlderTemplates_refusesToWrite_andSaysWhatToDo() {
    setup.run();
    putMappings(0);
    assertRefused("has version 0, this program needs 1; run setup of this version");
  }

  @Test
  void aStore_withNewerTemplates_refusesToWrite_andSaysWhatToDo() {
    setup.run();
    putMappings(Templates.VERSION + 1);
    assertRefused("was set up by a newer program: run that version");
  }

  @Test
  void aStore_withANewerIndex_refusesToWriteIntoIt() {
    setup.run();
    putMappings(Templates.VERSION + 1);
    String index = TestEvents.event(1, 0).placement(Retention.DEFAULT).index();
    TestCluster.request("PUT", "/" + index, null);
    setUpOurVersion();
    try (AuditStore store = new ElasticsearchStore(TestCluster.config(), Retention.DEFAULT)) {
      store.start();
      WriteResult result = store.write(List.of(TestEvents.event(1, 0))).get(0);
      assertThat(result.status()).isEqualTo(Status.ENVIRONMENT);
      assertThat(result.detail()).contains(index).contains("newer program");
    }
  }

  private void setUpOurVersion() {
    TestCluster.removeTemplates();
    setup.run();
  }

  private static void putMappings(long version) {
    TestCluster.request(
        "PUT",
        "/_component_template/bitacora-audit@mappings",
        """
        {"template": {"mappings": {"_meta": {"version": %1$d}}}, "_meta": {"version": %1$d}}
        """
            .formatted(version));
  }

  private static void assertRefused(String reason) {
    try (AuditStore store = new ElasticsearchStore(TestCluster.config(), Retention.DEFAULT)) {
      store.start();
      WriteResult result = store.write(List.of(TestEvents.event(1, 0))).get(0);
      assertThat(result.status()).isEqualTo(Status.ENVIRONMENT);
      assertThat(result.detail()).contains(reason);
      assertThat(store.check().up()).isFalse();
      assertThat(store.check().reason()).contains(reason);
    }
  }
}
