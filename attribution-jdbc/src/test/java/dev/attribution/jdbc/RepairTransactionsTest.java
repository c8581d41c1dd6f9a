package dev.attribution.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.Attribution;
import dev.attribution.Repair;
import dev.attribution.click.Click;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.offer.Offer;
import dev.attribution.reconcile.ReconciliationPeriod;
import dev.attribution.reconcile.TrackerRow;
import dev.attribution.reconcile.TrackerSource;
import dev.attribution.repair.RepairStep.Result;
import dev.attribution.report.ReportFilter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
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

    /** The handler fails at the second of three: what it did for the first one stays, and is not done again. */
    @Test
    void callTheReversalHandlerOnceForEachStatusThatIsImported() {
        Attribution attribution = Attribution.builder(tables).build();
        attribution.replay(ReportFilter.all()).run(step -> {});
        List<Conversion> conversions =
                attribution.reports().conversions(ReportFilter.all(), 10).rows();
        List<TrackerRow> rows = conversions.stream()
                .map(conversion -> TrackerRow.builder("t.csv", 2, conversion.convertedAt())
                        .clickId(conversion.clickId().value())
                        .standing(TrackerRow.Standing.REVERSED, "rejected")
                        .build())
                .toList();
        List<Conversion> reversed = new ArrayList<>();

        assertThatThrownBy(() -> statuses(rows, (conversion, connection) -> {
                            if (reversed.size() == 1) {
                                throw new IllegalStateException("no wallet");
                            }
                            reversed.add(conversion);
                        })
                        .run(step -> {}))
                .hasMessageContaining("no wallet");
        assertThat(reversed).hasSize(1);
        Repair again = statuses(rows, (conversion, connection) -> {
            assertThat(connection.getAutoCommit()).isFalse();
            reversed.add(conversion);
        });
        assertThat(again.dryRun(step -> {}).count(Result.ADJUSTED)).isEqualTo(2);
        assertThat(again.run(step -> {}).count(Result.ADJUSTED)).isEqualTo(2);
        assertThat(again.run(step -> {}).results()).isEmpty();

        assertThat(reversed)
                .hasSize(3)
                .allMatch(conversion -> conversion.status() == ConversionStatus.REVERSED)
                .extracting(Conversion::conversionId)
                .containsExactlyInAnyOrderElementsOf(
                        conversions.stream().map(Conversion::conversionId).toList());
    }

    private Repair statuses(List<TrackerRow> rows, CreditHandler onReversal) {
        Attribution attribution = Attribution.builder(JdbcAttributionStore.builder(tables.dataSource())
                        .onReversal(onReversal)
                        .build())
                .build();
        LocalDate today = LocalDate.ofInstant(rows.get(0).time().orElseThrow(), ZoneOffset.UTC);
        return attribution.importStatuses(attribution
                .reconciliation(new ReconciliationPeriod(today, today, ZoneOffset.UTC))
                .against(TrackerSource.of("t.csv", rows::stream))
                .build());
    }
}
