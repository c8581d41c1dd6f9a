package dev.attribution.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.Attribution;
import dev.attribution.AttributionException;
import dev.attribution.StorageException;
import dev.attribution.TransactionMisuseException;
import dev.attribution.click.Click;
import dev.attribution.conversion.Conversion;
import dev.attribution.offer.Offer;
import dev.attribution.report.ReportFilter;
import dev.attribution.spi.AppendResult.Appended;
import dev.attribution.spi.AppendResult.Stale;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.Settlement;
import dev.attribution.testkit.Race;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JoiningTest extends DatabaseTest {
    private Connection host;

    @BeforeEach
    void open() throws SQLException {
        host = DriverManager.getConnection(database.impatientUrl(directory));
        host.createStatement().execute("create table host_work (id int primary key)");
        host.setAutoCommit(false);
    }

    @AfterEach
    void close() throws SQLException {
        if (!host.isClosed()) {
            host.setAutoCommit(false);
            host.rollback();
            host.close();
        }
    }

    @Test
    void commitsWithTheHost() throws SQLException {
        Click click = Given.click();
        Settlement credit = Given.credit(click, 1);
        writeEverything(click, credit);
        assertThat(clicks()).isEmpty();
        host.commit();
        assertThat(clicks()).containsExactly(click);
        assertThat(conversions()).containsExactly(Given.conversionOf(credit));
        assertThat(store.offers().find(List.of("joined"))).hasSize(1);
        assertThat(hostRows()).isEqualTo(1);
    }

    @Test
    void rollsBackWithTheHost() throws SQLException {
        Click click = Given.click();
        writeEverything(click, Given.credit(click, 1));
        host.rollback();
        assertThat(clicks()).isEmpty();
        assertThat(conversions()).isEmpty();
        assertThat(store.offers().find(List.of("joined"))).isEmpty();
        assertThat(hostRows()).isZero();
    }

    private void writeEverything(Click click, Settlement credit) throws SQLException {
        host.createStatement().execute("insert into host_work values (1)");
        AttributionStore joined = store.joining(host);
        joined.offers()
                .put(Offer.builder("joined")
                        .trackingLink("https://example.com?x={gk_click_id}")
                        .build());
        joined.clicks().insert(List.of(click));
        assertThat(joined.conversions().append(List.of(credit))).hasOnlyElementsOfType(Appended.class);
        assertThat(joined.reports().orElseThrow().clicks(ReportFilter.all(), null, 9))
                .containsExactly(click);
    }

    @Test
    void forgetsAndDeletesNothingInTheTransactionOfTheHost() {
        Click click = Given.click();
        store.clicks().insert(List.of(click));
        Attribution joined = Attribution.builder(store.joining(host)).build();

        assertThatThrownBy(() -> joined.forget(click.memberId()))
                .isInstanceOf(TransactionMisuseException.class)
                .hasMessageContaining("each batch commits");
        assertThatThrownBy(joined::retention).isInstanceOf(TransactionMisuseException.class);
        assertThat(clicks()).containsExactly(click);
    }

    @Test
    void leavesTheConnectionOpenAndItsSettingsAsTheyWere() throws SQLException {
        host.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        AttributionStore joined = store.joining(host);
        joined.clicks().insert(List.of(Given.click()));
        joined.clicks().find(List.of());
        assertThatThrownBy(() -> joined.conversions().append(List.of(tooLarge(Given.click()))))
                .isInstanceOf(StorageException.class);
        assertThat(host.isClosed()).isFalse();
        assertThat(host.getAutoCommit()).isFalse();
        assertThat(host.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_REPEATABLE_READ);
    }

    @Test
    void undoesACallThatFailsAndNothingElse() throws SQLException {
        Click click = Given.click();
        Savepoint hosts = host.setSavepoint("attribution");
        host.createStatement().execute("insert into host_work values (1)");
        AttributionStore joined = store.joining(host);
        joined.clicks().insert(List.of(click));
        Settlement fine = Given.credit(Given.click(), 1);
        assertThatThrownBy(() -> joined.conversions().append(List.of(fine, tooLarge(Given.click()))))
                .isInstanceOf(StorageException.class);
        Click other = Given.click("offer", "member", Given.NOON);
        assertThatThrownBy(() -> joined.clicks().insert(List.of(other, Given.withId(click.clickId(), other))))
                .isInstanceOf(AttributionException.class);
        host.releaseSavepoint(hosts);
        host.commit();
        assertThat(hostRows()).isEqualTo(1);
        assertThat(clicks()).containsExactly(click);
        assertThat(conversions()).isEmpty();
        assertThat(store.reports().orElseThrow().history(ReportFilter.all(), null, 9))
                .isEmpty();
    }

    private static Settlement tooLarge(Click click) {
        return Given.credit(click, 1, conversion -> conversion.payout(new BigDecimal("1E+30")));
    }

    @Test
    void undoesTheHalfOfAnElementWhoseAttemptIsKnown() throws SQLException {
        Click click = Given.click();
        Settlement credit = Given.credit(click, 1);
        store.conversions()
                .append(List.of(Given.entryOnly(Given.entry(credit.entry().attemptId(), click, Given.NOON)
                        .outcome(
                                dev.attribution.postback.PostbackOutcome.Kind.REJECTED,
                                dev.attribution.postback.Reason.TOO_EARLY)
                        .build())));
        store.joining(host).conversions().append(List.of(credit));
        host.commit();
        assertThat(conversions()).isEmpty();
    }

    @Test
    void isStaleAgainstTheHostsOwnUncommittedCredit() {
        Click click = Given.click();
        AttributionStore joined = store.joining(host);
        assertThat(joined.conversions().append(List.of(Given.credit(click, 1)))).hasOnlyElementsOfType(Appended.class);
        assertThat(joined.conversions().append(List.of(Given.credit(click, 1)))).hasOnlyElementsOfType(Stale.class);
    }

    @Test
    void handsAConflictToTheHostAtOnceWithoutRepeating() throws SQLException {
        Click click = Given.click();
        try (Connection rival = DriverManager.getConnection(database.url(directory))) {
            rival.setAutoCommit(false);
            store.joining(rival).conversions().append(List.of(Given.credit(click, 1)));
            Recorder recorder = new Recorder();
            AttributionStore joined = store.joining(recorder.over(host));
            assertThatThrownBy(() -> joined.conversions().append(List.of(Given.credit(click, 1))))
                    .isInstanceOfSatisfying(StorageException.class, conflict -> {
                        assertThat(conflict.isTransient()).isTrue();
                        assertThat(conflict)
                                .hasMessageContaining("Roll the transaction back and repeat everything in it");
                    });
            assertThat(recorder.told)
                    .filteredOn(sql -> sql.contains("attribution_conversion (conversion_id"))
                    .hasSize(1);
            host.rollback();
            rival.commit();
        }
        assertThat(conversions()).hasSize(1);
    }

    @Test
    void theStoresOwnCallWaitsForAHostsTransactionToEnd() throws Exception {
        Click click = Given.click();
        store.joining(host).conversions().append(List.of(Given.credit(click, 1)));
        List<Object> results = Race.run(2, thread -> {
            if (thread == 0) {
                return store.conversions()
                        .append(List.of(Given.credit(click, 1)))
                        .get(0);
            }
            try {
                host.commit();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
            return "committed";
        });
        assertThat(results.get(0)).isInstanceOf(Stale.class);
    }

    /** 50200, 55P03 and 1205, as the databases report them. */
    @Test
    void theStoresOwnCallIsRepeatedWhereItTimesOutBehindAHost() throws Exception {
        Click click = Given.click();
        Recorder recorder = new Recorder();
        JdbcAttributionStore impatient = JdbcAttributionStore.builder(
                        recorder.over(new TestPool(database.impatientUrl(directory))))
                .build();
        store.joining(host).conversions().append(List.of(Given.credit(click, 1)));
        List<Object> results = Race.run(2, thread -> {
            if (thread == 0) {
                return impatient
                        .conversions()
                        .append(List.of(Given.credit(click, 1)))
                        .get(0);
            }
            while (recorder.told.stream()
                            .filter(sql -> sql.contains("attribution_conversion (conversion_id"))
                            .count()
                    < 2) {
                Thread.onSpinWait();
            }
            try {
                host.commit();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
            return "committed";
        });
        assertThat(results.get(0)).isInstanceOf(Stale.class);
        assertThat(conversions()).hasSize(1);
    }

    @Test
    void joinsATransactionThatJdbiBegan() throws SQLException {
        Click click = Given.click();
        Jdbi jdbi = Jdbi.create(store.dataSource());
        jdbi.useTransaction(handle -> {
            store.joining(handle).clicks().insert(List.of(click));
            handle.execute("insert into host_work values (1)");
            assertThat(clicks()).isEmpty();
        });
        assertThat(clicks()).containsExactly(click);
        assertThatThrownBy(() -> jdbi.useTransaction(handle -> {
                    handle.execute("insert into host_work values (2)");
                    store.joining(handle).clicks().insert(List.of(Given.click()));
                    throw new IllegalStateException("rolled back");
                }))
                .hasMessage("rolled back");
        assertThat(clicks()).containsExactly(click);
        assertThat(hostRows()).isEqualTo(1);
        try (Handle handle = jdbi.open()) {
            assertThatThrownBy(() -> store.joining(handle))
                    .isInstanceOf(AttributionException.class)
                    .hasMessageContaining("handle.begin()");
            handle.begin();
            store.joining(handle).clicks().insert(List.of(Given.click()));
            assertThat(handle.isClosed()).isFalse();
            assertThat(handle.isInTransaction()).isTrue();
            handle.rollback();
        }
        assertThat(clicks()).containsExactly(click);
    }

    @Test
    void refusesAConnectionThatCommitsByItself() throws SQLException {
        host.setAutoCommit(true);
        assertThatThrownBy(() -> store.joining(host))
                .isInstanceOf(AttributionException.class)
                .hasMessageContaining("setAutoCommit(false)");
    }

    @Test
    void refusesAConnectionThatIsClosed() throws SQLException {
        host.close();
        assertThatThrownBy(() -> store.joining(host)).isInstanceOf(StorageException.class);
    }

    @Test
    void holdsBackAnInterruptAndHandsItOn() throws SQLException {
        Click click = Given.click();
        AttributionStore joined = store.joining(host);
        Thread.currentThread().interrupt();
        joined.clicks().insert(List.of(click));
        assertThat(Thread.interrupted()).isTrue();
        host.commit();
        assertThat(clicks()).containsExactly(click);
    }

    private int hostRows() throws SQLException {
        try (Connection connection = DriverManager.getConnection(database.url(directory));
                java.sql.ResultSet count =
                        connection.createStatement().executeQuery("select count(*) from host_work")) {
            count.next();
            return count.getInt(1);
        }
    }

    private List<Click> clicks() {
        return store.reports().orElseThrow().clicks(ReportFilter.all(), null, 100);
    }

    private List<Conversion> conversions() {
        return store.reports().orElseThrow().conversions(ReportFilter.all(), null, 100);
    }
}
