package dev.attribution.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.SpeculativeClickException;
import dev.attribution.StorageException;
import dev.attribution.click.Click;
import dev.attribution.click.ClickRequest;
import dev.attribution.listener.AttributionListener;
import dev.attribution.listener.SettledPostback;
import dev.attribution.listener.WrittenBatch;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.spring.host.Host;
import dev.attribution.spring.host.Rewards;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What a listener hears of calls in transactions of the application. */
class ListeningTest {
    private static final List<String> TOLD = new ArrayList<>();
    private static Application host;

    /** A listener that remembers, and then fails. */
    static class Remembering {
        @Bean
        AttributionListener remembers() {
            return new AttributionListener() {
                @Override
                public void clicked(Click click) {
                    tell("clicked");
                }

                @Override
                public void settled(SettledPostback settled) {
                    tell(settled.outcome().kind().name());
                }

                @Override
                public void written(WrittenBatch batch) {
                    tell("written " + batch.size());
                }

                @Override
                public void speculative(String rule) {
                    tell("speculative");
                }

                @Override
                public void failed(StorageException fault) {
                    tell("failed");
                }

                private void tell(String what) {
                    TOLD.add(what);
                    throw new IllegalStateException("a listener that fails");
                }
            };
        }
    }

    @BeforeAll
    static void start() {
        host = Application.start(
                TestDatabase.H2.url(), WebApplicationType.NONE, List.of(Host.class, Remembering.class));
    }

    @AfterAll
    static void close() {
        host.close();
    }

    private String postback = "";

    @BeforeEach
    void click() {
        postback = host.clicked();
        TOLD.clear();
    }

    private static Rewards rewards() {
        return host.bean(Rewards.class);
    }

    private static Kind settle(String postback) {
        return host.attribution().postback(postback).kind();
    }

    private static <T> T rolledBack(Supplier<T> work) {
        assertThatThrownBy(() -> rewards().inTransaction(() -> {
                    assertThat((Object) work.get()).isNotNull();
                    throw new IllegalStateException("the application changed its mind");
                }))
                .hasMessage("the application changed its mind");
        return work.get();
    }

    @Test
    void isToldAfterTheCommit() {
        Kind settled = rewards().inTransaction(() -> {
            Kind kind = settle(postback);
            assertThat(TOLD).as("before the commit").isEmpty();
            return kind;
        });

        assertThat(settled).isEqualTo(Kind.ATTRIBUTED);
        assertThat(TOLD).containsExactly("ATTRIBUTED", "written 1");
        assertThat(TransactionSynchronizationManager.getResourceMap()).isEmpty();
    }

    @Test
    void isToldNothingOfWhatIsRolledBack() {
        rolledBack(() -> {
            host.attribution().click(ClickRequest.of("sale", "member-8"));
            return settle(postback);
        });

        assertThat(TOLD)
                .as("of the second time, without a transaction")
                .containsExactlyInAnyOrder("clicked", "written 1", "ATTRIBUTED", "written 1");
    }

    @Test
    void isToldOfEachTransactionByItself() {
        String other = host.clicked();
        TOLD.clear();

        assertThatThrownBy(() -> rewards().inTransaction(() -> {
                    settle(other);
                    rewards().inAnotherTransaction(() -> settle(postback));
                    assertThat(TOLD).as("of the inner one").containsExactly("ATTRIBUTED", "written 1");
                    settle(other);
                    throw new IllegalStateException("rolled back");
                }))
                .hasMessage("rolled back");
        assertThat(TOLD).containsExactly("ATTRIBUTED", "written 1");
        TOLD.clear();

        rewards().inTransaction(() -> {
            assertThatThrownBy(() -> rewards().inAnotherTransaction(() -> {
                        settle(postback);
                        throw new IllegalStateException("rolled back");
                    }))
                    .hasMessage("rolled back");
            return settle(other);
        });
        assertThat(TOLD).containsExactly("ATTRIBUTED", "written 1");
    }

    @Test
    void isToldNothingOfWhatIsRolledBackToASavepoint() {
        String other = host.clicked();
        TOLD.clear();

        for (String before : List.of("nothing", "a postback")) {
            rewards().inTransaction(() -> {
                if (before.equals("a postback")) {
                    settle(other);
                }
                assertThatThrownBy(() -> rewards().inNestedTransaction(() -> {
                            settle(postback);
                            throw new IllegalStateException("rolled back");
                        }))
                        .hasMessage("rolled back");
                return 0;
            });
        }
        assertThat(TOLD).containsExactly("ATTRIBUTED", "written 1");

        rewards().inTransaction(() -> {
            rewards().inNestedTransaction(() -> settle(postback));
            assertThat(TOLD).as("before the commit").hasSize(2);
            return settle(other);
        });
        assertThat(TOLD)
                .containsExactly("ATTRIBUTED", "written 1", "ATTRIBUTED", "written 1", "DUPLICATE", "written 1");
    }

    /** The synchronization then belongs to the transaction on the other data source. */
    @Test
    void isToldByTheTransactionThatStoresAndNotByOneAroundIt() {
        JdbcDataSource elsewhere = new JdbcDataSource();
        elsewhere.setUrl("jdbc:h2:mem:elsewhere");
        TransactionTemplate outer = new TransactionTemplate(new DataSourceTransactionManager(elsewhere));

        outer.executeWithoutResult(status -> assertThatThrownBy(() -> rewards().settleAndFail(postback))
                .hasMessage("the application changed its mind"));
        assertThat(TOLD).as("the outer one committed, the inner one did not").isEmpty();

        outer.executeWithoutResult(status -> {
            rewards().settle(postback);
            status.setRollbackOnly();
        });
        assertThat(TOLD).as("the inner one committed").containsExactly("ATTRIBUTED", "written 1");
    }

    @Test
    void isToldAtOnceOfWhatNeedsNoCommit() {
        assertThatThrownBy(() -> rewards()
                        .inTransaction(() -> host.attribution()
                                .click(ClickRequest.of("sale", "member-8").withHeader("Sec-Purpose", "prefetch"))))
                .isInstanceOf(SpeculativeClickException.class);

        assertThat(TOLD).containsExactly("speculative");
    }

    @Test
    void theMetersCountWhatIsCommitted() {
        Timer timer = host.bean(MeterRegistry.class)
                .timer("attribution.postback", "kind", "attributed", "reason", "none", "caller", "standard");
        long before = timer.count();

        assertThatThrownBy(() -> rewards().settleAndFail(postback)).isInstanceOf(IllegalStateException.class);
        assertThat(timer.count()).isEqualTo(before);
        rewards().settle(postback);
        assertThat(timer.count()).isEqualTo(before + 1);
    }
}
