package dev.attribution.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.Attribution;
import dev.attribution.TransactionMisuseException;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickRequest;
import dev.attribution.listener.AttributionListener;
import dev.attribution.listener.SettledPostback;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackOutcome.Kind;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A host whose transactions are Spring's. */
class SpringTest extends DatabaseTest {
    private JdbcAttributionStore crediting;
    private Attribution attribution;
    private DataSource pool;
    private JdbcTemplate jdbc;
    private TransactionTemplate transaction;

    @BeforeEach
    void open() {
        pool = store.dataSource();
        jdbc = new JdbcTemplate(pool);
        transaction = new TransactionTemplate(new JdbcTransactionManager(pool));
        jdbc.execute("create table wallet (member_id varchar(255) primary key, amount int not null)");
        jdbc.update("insert into wallet values ('m', 0)");
        crediting = JdbcAttributionStore.builder(pool)
                // Spring's own tools, on the connection of the transaction
                .onCredit((conversion, connection) -> jdbcOn(connection)
                        .update("update wallet set amount = amount + 1 where member_id = ?", conversion.memberId()))
                .build();
        attribution = Attribution.builder(crediting).build();
        attribution
                .offers()
                .put(Offer.builder("sale")
                        .trackingLink("https://example.com?c={gk_click_id}")
                        .build());
    }

    private static JdbcTemplate jdbcOn(Connection connection) {
        return new JdbcTemplate(new SingleConnectionDataSource(connection, true));
    }

    @Test
    void commitsWithSpring() {
        String postback = click();
        PostbackOutcome outcome = inTransaction(() -> {
            jdbc.update("insert into wallet values ('other', 7)");
            PostbackOutcome won = joined().postback(postback);
            assertThat(wallet()).isEqualTo(1);
            assertThat(joined().postback(postback).conversionId()).isEqualTo(won.conversionId());
            return won;
        });
        assertThat(outcome.kind()).isEqualTo(Kind.ATTRIBUTED);
        assertThat(wallet()).isEqualTo(1);
        assertThat(attribution.postback(postback).conversionId()).isEqualTo(outcome.conversionId());
        assertThat(jdbc.queryForObject("select count(*) from attribution_history", Integer.class))
                .isEqualTo(3);
        assertThat(jdbc.queryForObject("select count(*) from wallet", Integer.class))
                .isEqualTo(2);
    }

    @Test
    void rollsBackWithSpring() {
        String postback = click();
        assertThatThrownBy(() -> inTransaction(() -> {
                    assertThat(joined().postback(postback).kind()).isEqualTo(Kind.ATTRIBUTED);
                    assertThat(wallet()).isEqualTo(1);
                    throw new IllegalStateException("the host changed its mind");
                }))
                .hasMessage("the host changed its mind");
        assertThat(wallet()).isZero();
        assertThat(jdbc.queryForObject("select count(*) from attribution_history", Integer.class))
                .isZero();
        assertThat(inTransaction(() -> joined().postback(postback)).kind()).isEqualTo(Kind.ATTRIBUTED);
        assertThat(wallet()).isEqualTo(1);
    }

    @Test
    void keepsItsOwnTransactionApartFromSprings() {
        String postback = click();
        assertThatThrownBy(() -> inTransaction(() -> {
                    assertThat(attribution.postback(postback).kind()).isEqualTo(Kind.ATTRIBUTED);
                    throw new IllegalStateException("the host changed its mind");
                }))
                .hasMessage("the host changed its mind");
        assertThat(wallet()).isEqualTo(1);
        assertThat(attribution.postback(postback).kind()).isEqualTo(Kind.DUPLICATE);
    }

    @Test
    void aListenerIsToldOfWhatSpringCommitted() {
        List<Kind> told = new ArrayList<>();
        JdbcAttributionStore learning = JdbcAttributionStore.builder(pool)
                .hostTransactions(
                        TransactionSynchronizationManager::isActualTransactionActive,
                        new TransactionAwareDataSourceProxy(pool))
                .hostCommits(action ->
                        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                            @Override
                            public void afterCompletion(int status) {
                                if (status == STATUS_COMMITTED) {
                                    action.run();
                                }
                            }
                        }))
                .build();
        Attribution listening = Attribution.builder(learning)
                .joiningTransactions()
                .listener(new AttributionListener() {
                    @Override
                    public void settled(SettledPostback settled) {
                        told.add(settled.outcome().kind());
                        throw new IllegalStateException("a listener that fails");
                    }
                })
                .build();
        String postback = click();

        assertThatThrownBy(() -> inTransaction(() -> {
                    listening.postback(postback);
                    throw new IllegalStateException("the host changed its mind");
                }))
                .hasMessage("the host changed its mind");
        assertThat(told).isEmpty();

        inTransaction(() -> {
            PostbackOutcome outcome = listening.postback(postback);
            assertThat(told).as("before the commit").isEmpty();
            return outcome;
        });
        assertThat(told).containsExactly(Kind.ATTRIBUTED);
    }

    /** Such a DataSource commits each statement by itself outside a transaction, and nothing inside one. */
    @Test
    void refusesADataSourceThatTakesPartInTheTransactionBehindItsBack() {
        Attribution behind = Attribution.builder(JdbcAttributionStore.builder(new TransactionAwareDataSourceProxy(pool))
                        .build())
                .build();
        String postback =
                "gk_click_id=" + behind.click(ClickRequest.of("sale", "m")).clickId();
        inTransaction(() -> {
            jdbc.update("insert into wallet values ('other', 7)");
            assertThatThrownBy(() -> behind.click(ClickRequest.of("sale", "m"))).satisfies(SpringTest::isRefusal);
            assertThatThrownBy(() -> behind.postback(postback)).satisfies(SpringTest::isRefusal);
            assertThatThrownBy(() -> behind.trace(ClickId.parse(postback.substring("gk_click_id=".length()))))
                    .satisfies(SpringTest::isRefusal);
            return postback;
        });
        assertThat(jdbc.queryForObject("select count(*) from attribution_click", Integer.class))
                .isEqualTo(1);
        assertThat(jdbc.queryForObject("select count(*) from attribution_history", Integer.class))
                .isZero();
        assertThat(jdbc.queryForObject("select count(*) from wallet", Integer.class))
                .isEqualTo(2);
        assertThat(behind.postback(postback).kind()).isEqualTo(Kind.ATTRIBUTED);
    }

    private static void isRefusal(Throwable refused) {
        assertThat(refused)
                .isInstanceOf(TransactionMisuseException.class)
                .hasMessageContaining("autoCommit=false")
                .hasMessageContaining("joining()");
    }

    private <T> T inTransaction(Supplier<T> work) {
        return Optional.ofNullable(transaction.execute(status -> work.get())).orElseThrow();
    }

    private Attribution joined() {
        return attribution.on(crediting.joining(DataSourceUtils.getConnection(pool)));
    }

    private String click() {
        return "gk_click_id=" + attribution.click(ClickRequest.of("sale", "m")).clickId();
    }

    private int wallet() {
        return Optional.ofNullable(
                        jdbc.queryForObject("select amount from wallet where member_id = 'm'", Integer.class))
                .orElseThrow();
    }
}
