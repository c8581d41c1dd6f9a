package dev.attribution.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.Attribution;
import dev.attribution.Repair;
import dev.attribution.click.Click;
import dev.attribution.conversion.Conversion;
import dev.attribution.offer.Offer;
import dev.attribution.repair.RepairStep.Result;
import dev.attribution.report.ReportFilter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass(name = "{0}")
@EnumSource(TestDatabase.class)
class RepairTransactionsTest {
    @Parameter
    TestDatabase database;

    @TempDir
    Path directory;

    private JdbcAttributionStore tables;
    private final List<Conversion> credited = new ArrayList<>();

    @BeforeEach
    void haveThreePostbacksThatCameBeforeTheirClicks() {
        tables = JdbcAttributionStore.open(database.url(directory));
        Attribution attribution = Attribution.builder(tables).build();
        attribution
                .offers()
                .put(Offer.builder("spring-sale")
                        .trackingLink("https://example.com?c={gk_click_id}")
                        .build());
        List<Click> clicks = List.of(Given.click(), Given.click(), Given.click());
        clicks.forEach(click -> attribution.postback("gk_click_id=" + click.clickId()));
        attribution.importClicks(clicks);
    }

    @AfterEach
    void close() {
        tables.close();
    }

    private long conversions() {
        return Attribution.builder(tables)
                .build()
                .reports()
                .conversions(ReportFilter.all(), 100)
                .rows()
                .size();
    }

    private Repair repair(CreditHandler handler) {
        JdbcAttributionStore store = JdbcAttributionStore.builder(tables.dataSource())
                .onCredit(handler)
                .build();
        return Attribution.builder(store).build().replay(ReportFilter.all());
    }

    @Test
    void callTheCreditHandlerForEachCreditInItsTransactionAndNeverInADryRun() {
        Repair repair = repair((conversion, connection) -> {
            assertThat(connection.getAutoCommit()).isFalse();
            credited.add(conversion);
        });

        assertThat(repair.dryRun(step -> {}).count(Result.CREDITED)).isEqualTo(3);
        assertThat(credited).isEmpty();
        assertThat(repair.run(step -> {}).count(Result.CREDITED)).isEqualTo(3);
        assertThat(credited).hasSize(3).doesNotHaveDuplicates();
        repair.run(step -> {});
        assertThat(credited).hasSize(3);
    }

    @Test
    void creditNothingWhoseHandlerFailsAndAreCompletedOnceItIsMended() {
        Repair failing = repair((conversion, connection) -> {
            throw new IllegalStateException("no wallet");
        });

        assertThatThrownBy(() -> failing.run(step -> {})).hasMessageContaining("no wallet");
        assertThat(conversions()).isZero();
        assertThat(repair((conversion, connection) -> {}).run(step -> {}).count(Result.CREDITED))
                .isEqualTo(3);
    }

    @Test
    void liveOrDieWithTheHostsTransaction() throws SQLException {
        Attribution attribution = Attribution.builder(tables).build();
        for (boolean commit : new boolean[] {false, true}) {
            try (Connection connection = tables.dataSource().getConnection()) {
                connection.setAutoCommit(false);
                assertThat(attribution
                                .on(tables.joining(connection))
                                .replay(ReportFilter.all())
                                .run(step -> {})
                                .count(Result.CREDITED))
                        .isEqualTo(3);
                if (commit) {
                    connection.commit();
                } else {
                    connection.rollback();
                }
            }
            assertThat(conversions()).isEqualTo(commit ? 3 : 0);
        }
    }
}
