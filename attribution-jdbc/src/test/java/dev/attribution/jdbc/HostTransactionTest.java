package dev.attribution.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.Attribution;
import dev.attribution.StorageException;
import dev.attribution.TransactionMisuseException;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickRequest;
import dev.attribution.click.Redirect;
import dev.attribution.memory.InMemoryAttributionStore;
import dev.attribution.offer.Offer;
import dev.attribution.postback.Caller;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.PostbackRequest;
import dev.attribution.report.ReportFilter;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.OfferRepository;
import dev.attribution.testkit.FaultSwitch;
import dev.attribution.testkit.ForwardingStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** One call on the façade finds the transaction of the host. */
class HostTransactionTest extends DatabaseTest {
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();
    private final List<String> handled = new ArrayList<>();
    private JdbcAttributionStore hosted;
    private Attribution attribution;
    private TransactionTemplate transaction;

    @BeforeEach
    void build() {
        DelegatingDataSource pool = new DelegatingDataSource(store.dataSource()) {
            @Override
            public Connection getConnection() throws SQLException {
                taken.incrementAndGet();
                open.incrementAndGet();
                Connection connection = super.getConnection();
                return (Connection) Proxy.newProxyInstance(
                        getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                            if (method.getName().equals("close")) {
                                open.decrementAndGet();
                            }
                            try {
                                return method.invoke(connection, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        });
            }
        };
        transaction = new TransactionTemplate(new JdbcTransactionManager(pool));
        hosted = JdbcAttributionStore.builder(pool)
                .hostTransactions(
                        () -> TransactionSynchronizationManager.hasResource(pool)
                                && TransactionSynchronizationManager.isActualTransactionActive(),
                        new TransactionAwareDataSourceProxy(pool))
                .onCredit((conversion, connection) -> handled.add("first"))
                .onCredit((conversion, connection) -> handled.add("second"))
                .onReversal((conversion, connection) -> handled.add("third"))
                .onReversal((conversion, connection) -> {
                    throw new SQLException("refused");
                })
                .build();
        attribution = Attribution.builder(hosted).build();
        attribution
                .offers()
                .put(Offer.builder("sale")
                        .trackingLink("https://example.com?c={gk_click_id}")
                        .build());
        assertThat(open).hasValue(0);
    }

    private String postback() {
        return "gk_click_id=" + attribution.click(ClickRequest.of("sale", "m")).clickId();
    }

    @Test
    void aWriteInAReadOnlyTransactionIsAnErrorInTheProgram() {
        String postback = postback();
        TransactionTemplate readOnly = new TransactionTemplate(transaction.getTransactionManager());
        readOnly.setReadOnly(true);
        if (database != TestDatabase.POSTGRESQL) { // the others write on a connection that is read-only
            assertThat(readOnly.execute(status -> attribution.joining().postback(postback))
                            .kind())
                    .isEqualTo(Kind.ATTRIBUTED);
            return;
        }
        readOnly.executeWithoutResult(status -> {
            assertThat(attribution
                            .joining()
                            .trace(ClickId.parse(postback.substring(12)))
                            .click())
                    .isPresent();
            assertThatThrownBy(() -> attribution.joining().postback(postback))
                    .isInstanceOf(TransactionMisuseException.class)
                    .hasMessageContaining("read-only");
        });
        assertThat(attribution.postback(postback).kind()).isEqualTo(Kind.ATTRIBUTED);
    }

    @Test
    void commitsAndRollsBackWithTheHost() {
        String postback = postback();
        transaction.executeWithoutResult(status -> {
            assertThat(attribution.joining().postback(postback).kind()).isEqualTo(Kind.ATTRIBUTED);
            status.setRollbackOnly();
        });
        assertThat(attribution.postback(postback).kind()).isEqualTo(Kind.ATTRIBUTED);
        String other = postback();
        List<Redirect> clicks = new ArrayList<>();
        transaction.executeWithoutResult(status -> {
            Attribution joined = attribution.joining();
            assertThat(joined.postback(other).kind()).isEqualTo(Kind.ATTRIBUTED);
            clicks.add(joined.click(ClickRequest.of("sale", "n")));
            assertThat(joined.trace(clicks.get(0).clickId()).click()).isPresent();
        });
        assertThat(attribution.postback(other).kind()).isEqualTo(Kind.DUPLICATE);
        assertThat(attribution.trace(clicks.get(0).clickId()).click()).isPresent();
        assertThat(open).as("connections that were not given back").hasValue(0);
    }

    @Test
    void usesTheConnectionOfTheTransactionAlone() {
        String postback = postback();
        transaction.executeWithoutResult(status -> {
            int before = taken.get();
            attribution.joining().postback(postback);
            assertThat(taken).hasValue(before);
        });
    }

    @Test
    void aFacadeThatJoinsTransactionsFindsThemByItself() {
        Attribution joining = Attribution.builder(hosted)
                .joiningTransactions()
                .executor(Runnable::run)
                .build();
        String postback = postback();
        ClickId clickId = ClickId.parse(postback.substring("gk_click_id=".length()));
        PostbackRequest call = PostbackRequest.get(postback).build();
        transaction.executeWithoutResult(status -> {
            int before = taken.get();
            PostbackOutcome won = joining.from(Caller.standard()).postback(postback);
            UUID conversionId = won.conversionId().orElseThrow();
            assertThat(won.kind()).isEqualTo(Kind.ATTRIBUTED);
            assertThat(joining.postbacks(List.of(postback)).get(0).kind()).isEqualTo(Kind.DUPLICATE);
            assertThat(joining.postbacks(call).get(0).kind()).isEqualTo(Kind.DUPLICATE);
            assertThat(joining.dryRun(call).outcomes().get(0).kind()).isEqualTo(Kind.DUPLICATE);
            assertThat(joining.findClicks(List.of(clickId))).hasSize(1);
            assertThat(joining.findConversion(conversionId)).isPresent();
            assertThat(joining.trace(clickId).history()).hasSize(3);
            assertThat(joining.click(ClickRequest.of("sale", "n")).status()).isEqualTo(302);
            assertThat(joining.offers().find("sale")).isPresent();
            assertThat(joining.replay(ReportFilter.all()).dryRun(step -> {}).dryRun())
                    .isTrue();
            joining.ping();
            assertThatThrownBy(() -> joining.postbackAsync(postback)).isInstanceOf(NotJoinedException.class);
            assertThat(taken).as("connections besides that of the transaction").hasValue(before);
            status.setRollbackOnly();
        });
        assertThat(attribution.trace(clickId).history()).isEmpty();

        assertThat(joining.postback(postback).kind()).isEqualTo(Kind.ATTRIBUTED);
        transaction.executeWithoutResult(
                status -> assertThat(joining.postback(postback).kind()).isEqualTo(Kind.DUPLICATE));
        assertThat(attribution.trace(clickId).history()).hasSize(2);
        assertThat(open).as("connections that were not given back").hasValue(0);
    }

    @Test
    void isRefusedWithoutATransactionBeforeItTakesAConnection() {
        int before = taken.get();

        assertThatThrownBy(() -> attribution.joining())
                .isInstanceOf(TransactionMisuseException.class)
                .isNotInstanceOf(StorageException.class)
                .hasMessageContaining("No transaction");
        assertThat(taken).hasValue(before);
        assertThat(hosted.isInHostTransaction()).isFalse();
    }

    @Test
    void isRefusedAfterTheTransactionHasEnded() {
        String postback = postback();
        List<Attribution> kept = new ArrayList<>();
        transaction.executeWithoutResult(status -> {
            assertThat(hosted.isInHostTransaction()).isTrue();
            kept.add(attribution.joining());
        });
        int before = taken.get();

        assertThatThrownBy(() -> kept.get(0).postback(postback)).isInstanceOf(TransactionMisuseException.class);
        assertThat(taken).hasValue(before);
        assertThat(attribution.postback(postback).kind()).isEqualTo(Kind.ATTRIBUTED);
    }

    @Test
    void refusesACallThatDoesNotJoin() {
        String postback = postback();

        assertThatThrownBy(() -> transaction.executeWithoutResult(status -> attribution.postback(postback)))
                .isInstanceOf(NotJoinedException.class)
                .isInstanceOf(TransactionMisuseException.class)
                .hasMessageContaining("attribution.joining()");
    }

    @Test
    void joinsThroughStoresThatStandBefore() {
        String postback = postback();
        FaultSwitch faults = FaultSwitch.on(hosted);
        Attribution behind =
                Attribution.builder(faults).offers(attributionOffers()).build();
        faults.failBeforeCommit(1);

        assertThatThrownBy(() -> transaction.executeWithoutResult(
                        status -> behind.joining().postback(postback)))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("The test made the store fail");
        transaction.executeWithoutResult(
                status -> assertThat(behind.joining().postback(postback).kind()).isEqualTo(Kind.ATTRIBUTED));
        faults.goDown();
        assertThatThrownBy(() -> transaction.executeWithoutResult(
                        status -> behind.joining().postback(postback)))
                .isInstanceOf(StorageException.class);
        assertThatThrownBy(behind::ping).isInstanceOf(StorageException.class);
        assertThat(new ForwardingStore(hosted).isInHostTransaction()).isFalse();
        assertThat(open).hasValue(0);
    }

    private OfferRepository attributionOffers() {
        return new OfferRepository() {
            @Override
            public Map<String, Offer> find(Collection<String> offerIds) {
                return Map.of(
                        "sale",
                        Offer.builder("sale")
                                .trackingLink("https://example.com?c={gk_click_id}")
                                .build());
            }

            @Override
            public void put(Offer offer) {
                throw new UnsupportedOperationException();
            }
        };
    }

    @Test
    void callsTheHandlersInOrderAndNoneAfterOneThatThrows() {
        String postback = postback();

        assertThat(attribution.postback(postback + "&transaction_id=1").kind()).isEqualTo(Kind.ATTRIBUTED);
        assertThat(handled).containsExactly("first", "second");
        assertThatThrownBy(() -> attribution.postback(postback + "&transaction_id=1&status=reversed"))
                .isInstanceOf(StorageException.class);

        assertThat(handled).containsExactly("first", "second", "third");
        assertThat(attribution.postback(postback + "&transaction_id=1").kind())
                .as("the reversal was rolled back")
                .isEqualTo(Kind.DUPLICATE);
    }

    @Test
    void aStoreThatJoinsNothingSaysSo() {
        for (AttributionStore none : List.of(new InMemoryAttributionStore(), store)) {
            assertThat(none.isInHostTransaction()).isFalse();
            assertThatThrownBy(() -> Attribution.builder(none).build().joining())
                    .isInstanceOf(TransactionMisuseException.class)
                    .hasMessageContaining("Nothing was written");
            assertThatCode(none::ping).doesNotThrowAnyException();
        }
    }

    @Test
    void aConnectionThatIsInNoTransactionAnyMoreIsRefused() throws SQLException {
        String postback = postback();
        try (Connection connection = store.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            Attribution joined = attribution.on(hosted.joining(connection));
            connection.commit();
            connection.setAutoCommit(true);

            assertThatThrownBy(() -> joined.postback(postback)).isInstanceOf(TransactionMisuseException.class);
            assertThatThrownBy(() -> hosted.joining(connection)).isInstanceOf(TransactionMisuseException.class);
        }
        assertThat(attribution.postback(postback).kind()).isEqualTo(Kind.ATTRIBUTED);
    }
}
