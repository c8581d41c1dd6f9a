package dev.attribution.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.attribution.Attribution;
import dev.attribution.SpeculativeClickException;
import dev.attribution.StorageException;
import dev.attribution.click.Click;
import dev.attribution.click.ClickContext;
import dev.attribution.click.ClickIdGenerator;
import dev.attribution.click.ClickRequest;
import dev.attribution.click.Redirect;
import dev.attribution.history.HistoryEntry.Origin;
import dev.attribution.jdbc.JdbcAttributionStore;
import dev.attribution.listener.AttributionListener;
import dev.attribution.listener.SettledPostback;
import dev.attribution.postback.Caller;
import dev.attribution.postback.PostbackOutcome.Attributed;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.PostbackParameter;
import dev.attribution.postback.PostbackRequest;
import dev.attribution.postback.Reason;
import dev.attribution.report.ReportFilter;
import dev.attribution.testkit.FaultSwitch;
import dev.attribution.testkit.Race;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ListenerTest extends BehaviourTest {
    private final List<Click> clicks = new CopyOnWriteArrayList<>();
    private final List<SettledPostback> settled = new CopyOnWriteArrayList<>();
    private final List<StorageException> faults = new CopyOnWriteArrayList<>();
    private final List<String> rules = new CopyOnWriteArrayList<>();
    private final AttributionListener recording = new AttributionListener() {
        @Override
        public void clicked(Click click) {
            assertThat(store.clicks().find(List.of(click.clickId())))
                    .as("a click that is told of is stored")
                    .containsKey(click.clickId());
            clicks.add(click);
        }

        @Override
        public void settled(SettledPostback postback) {
            settled.add(postback);
        }

        @Override
        public void speculative(String rule) {
            rules.add(rule);
        }

        @Override
        public void failed(StorageException fault) {
            faults.add(fault);
        }
    };

    @BeforeEach
    void listen() {
        attribution = Attribution.builder(store)
                .clock(clock)
                .listener(recording)
                .executor(Runnable::run)
                .build();
        putOffer();
    }

    @Test
    void isToldOfClicksAndOutcomesWithCallerOriginAndTime() {
        Redirect redirect = click();
        clock.moveBy(Duration.ofMinutes(5));
        Caller wall = Caller.named("wall")
                .parameter(PostbackParameter.CLICK_ID, "sub1")
                .parameter(PostbackParameter.TRANSACTION_ID, "tx")
                .build();
        attribution
                .from(wall)
                .postback(PostbackRequest.get("/pb?tx=T&sub1=" + redirect.clickId())
                        .build());
        attribution.postback("gk_click_id=" + redirect.clickId());
        attribution.postbacks(List.of("gk_click_id=x", "gk_click_id=" + redirect.clickId()));
        Attributed credit = (Attributed) settled.get(0).outcome();
        attribution.reverse(credit.conversion().conversionId());
        attribution.reverse(credit.conversion().conversionId()); // there is nothing to do

        assertThat(clicks).extracting(Click::clickId).containsExactly(redirect.clickId());
        assertThat(settled)
                .extracting(one ->
                        one.caller() + " " + one.origin() + " " + one.outcome().kind() + " "
                                + one.sinceClick().map(Duration::toMinutes).orElse(-1L))
                .containsExactly(
                        "wall RECEIVED ATTRIBUTED 5",
                        "standard RECEIVED DUPLICATE 5",
                        "standard RECEIVED UNATTRIBUTED -1",
                        "standard RECEIVED DUPLICATE 5",
                        "standard OPERATOR ADJUSTED -1");
        assertThat(faults).isEmpty();
    }

    @Test
    void isToldOfAsynchronousCallsToo() throws ExecutionException, InterruptedException {
        Redirect redirect = attribution
                .clickAsync(ClickRequest.of(OFFER, MEMBER))
                .toCompletableFuture()
                .get();
        attribution
                .postbackAsync("gk_click_id=" + redirect.clickId())
                .toCompletableFuture()
                .get();

        assertThat(clicks).hasSize(1);
        assertThat(settled).extracting(one -> one.outcome().kind()).containsExactly(Kind.ATTRIBUTED);
    }

    @Test
    void isToldOnceOfEachOutcomeOfARace() throws InterruptedException {
        Redirect redirect = click();

        Race.run(8, i -> attribution.postback("gk_click_id=" + redirect.clickId()));

        assertThat(settled).hasSize(8);
        assertThat(settled)
                .filteredOn(one -> one.outcome().kind() == Kind.ATTRIBUTED)
                .hasSize(1);
    }

    @Test
    void isToldOfFaultsAndOfNoOutcomeThatIsNotStored() {
        Redirect redirect = click();
        FaultSwitch down = FaultSwitch.on(store);
        down.goDown();
        Attribution failing = attribution.on(down);

        assertThatThrownBy(() -> failing.postback("gk_click_id=" + redirect.clickId()))
                .isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> failing.postbacks(List.of("gk_click_id=" + redirect.clickId())))
                .isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> failing.click(ClickRequest.of(OFFER, MEMBER))).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> failing.clickAsync(ClickRequest.of(OFFER, MEMBER))
                        .toCompletableFuture()
                        .get())
                .hasCauseInstanceOf(StorageException.class);
        assertThatThrownBy(() -> failing.postbackAsync("gk_click_id=" + redirect.clickId())
                        .toCompletableFuture()
                        .get())
                .hasCauseInstanceOf(StorageException.class);

        assertThat(faults).hasSize(5);
        assertThat(settled).isEmpty();
        assertThat(clicks).hasSize(1);
    }

    @Test
    void changesNothingByWhatItThrows() {
        attribution = Attribution.builder(store)
                .clock(clock)
                .listener(new AttributionListener() {
                    @Override
                    public void clicked(Click click) {
                        throw new IllegalStateException("of the listener");
                    }

                    @Override
                    public void settled(SettledPostback postback) {
                        throw new StackOverflowError("of the listener");
                    }
                })
                .build();
        Redirect redirect = click();

        assertThat(attribution.postback("gk_click_id=" + redirect.clickId()).kind())
                .isEqualTo(Kind.ATTRIBUTED);
        assertThat(credits()).isOne();
    }

    @Test
    void isToldOfARepairOnceAndOfNoDryRun() {
        Instant now = clock.instant();
        Click late = new Click(ClickIdGenerator.timeOrdered().next(), OFFER, MEMBER, now, ClickContext.empty());
        attribution.postback("gk_click_id=" + late.clickId());
        attribution.importClicks(List.of(late));
        settled.clear();

        attribution
                .replay(ReportFilter.builder().reason(Reason.UNKNOWN_CLICK_ID).build())
                .dryRun(step -> {});
        assertThat(settled).isEmpty();
        attribution
                .replay(ReportFilter.builder().reason(Reason.UNKNOWN_CLICK_ID).build())
                .run(step -> {});
        attribution
                .replay(ReportFilter.builder().reason(Reason.UNKNOWN_CLICK_ID).build())
                .run(step -> {});

        assertThat(settled).extracting(SettledPostback::origin).containsExactly(Origin.REPLAYED);
    }

    @Test
    void isToldNothingOfADryRunThatFails() {
        FaultSwitch down = FaultSwitch.on(store);
        down.goDown();

        assertThatThrownBy(() -> attribution
                        .on(down)
                        .dryRun(PostbackRequest.get("/pb?gk_click_id="
                                        + ClickIdGenerator.random().next())
                                .build()))
                .isInstanceOf(StorageException.class);

        assertThat(faults).isEmpty();
    }

    @Test
    void isToldInATransactionOfTheHostOfWhatNeedsNoCommitAndOfNothingElse() throws Exception {
        assumeTrue(store instanceof JdbcAttributionStore, "the store in memory joins no transaction");
        JdbcAttributionStore jdbc = (JdbcAttributionStore) store;
        Redirect redirect = click();
        try (Connection connection = jdbc.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            Attribution joined = attribution.on(jdbc.joining(connection));
            assertThat(joined.postback("gk_click_id=" + redirect.clickId()).kind())
                    .isEqualTo(Kind.ATTRIBUTED);
            joined.click(ClickRequest.of(OFFER, MEMBER));
            assertThatThrownBy(() -> joined.click(ClickRequest.of(OFFER, MEMBER).withHeader("Sec-Purpose", "prefetch")))
                    .isInstanceOf(SpeculativeClickException.class);
            FaultSwitch down = FaultSwitch.on(jdbc.joining(connection));
            down.goDown();
            assertThatThrownBy(() -> attribution.on(down).postback("gk_click_id=" + redirect.clickId()))
                    .isInstanceOf(StorageException.class);
            connection.rollback();
            connection.setAutoCommit(true);
        }

        assertThat(rules).as("needs no commit").containsExactly("sec-purpose");
        assertThat(faults).as("needs no commit").hasSize(1);
        assertThat(settled).isEmpty();
        assertThat(clicks).hasSize(1);
        assertThat(attribution.trace(redirect.clickId()).history()).isEmpty();
    }
}
