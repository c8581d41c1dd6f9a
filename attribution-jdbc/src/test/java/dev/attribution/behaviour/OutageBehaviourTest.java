package dev.attribution.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.Attribution;
import dev.attribution.StorageException;
import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickRequest;
import dev.attribution.click.Redirect;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.report.ReportFilter;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.LookUpQuery;
import dev.attribution.spi.LookUpResult;
import dev.attribution.spi.Settlement;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A store that fails, or whose answer is lost, in front of each real one. */
class OutageBehaviourTest extends BehaviourTest {
    private enum Fault {
        NONE,
        ON_READ,
        BEFORE_WRITE,
        AFTER_WRITE,
        ALWAYS_STALE,
        WRITES_TWICE
    }

    private Fault fault = Fault.NONE;

    private final class Faulty extends TwoStepStore {
        Faulty() {
            super(store);
        }

        @Override
        public void insert(List<Click> clicks) {
            failOn(Fault.BEFORE_WRITE);
            super.insert(clicks);
            failOn(Fault.AFTER_WRITE);
        }

        @Override
        public Map<ClickId, Click> find(Collection<ClickId> clickIds) {
            failOn(Fault.ON_READ);
            return super.find(clickIds);
        }

        @Override
        public Set<Offer> insertIfUnchanged(Map<Offer, List<Click>> clicks) {
            failOn(Fault.BEFORE_WRITE);
            Set<Offer> changed = super.insertIfUnchanged(clicks);
            failOn(Fault.AFTER_WRITE);
            return changed;
        }

        @Override
        public List<Optional<LookUpResult>> lookUp(List<LookUpQuery> queries, DuplicatePolicy defaultPolicy) {
            failOn(Fault.ON_READ);
            return super.lookUp(queries, defaultPolicy);
        }

        @Override
        public List<AppendResult> append(List<Settlement> settlements) {
            failOn(Fault.BEFORE_WRITE);
            if (fault == Fault.ALWAYS_STALE) {
                return settlements.stream()
                        .<AppendResult>map(any -> new AppendResult.Stale())
                        .toList();
            }
            List<AppendResult> results = super.append(settlements);
            failOn(Fault.AFTER_WRITE);
            return fault == Fault.WRITES_TWICE ? super.append(settlements) : results;
        }

        private void failOn(Fault moment) {
            if (fault == moment) {
                throw new StorageException("the database is down", true, null);
            }
        }
    }

    private Attribution failing;

    @BeforeEach
    void buildOnTheFailingStore() {
        failing = Attribution.builder(new Faulty()).clock(clock).build();
        putOffer();
    }

    @Test
    void givesNoRedirectForAClickThatIsNotStored() {
        fault = Fault.BEFORE_WRITE;

        assertThatThrownBy(() -> failing.click(ClickRequest.of(OFFER, MEMBER))).isInstanceOf(StorageException.class);
        assertThat(attribution.reports().clicks(ReportFilter.all(), 10).rows()).isEmpty();
    }

    @Test
    void neverCallsAPostbackUnattributedBecauseTheStoreIsDown() {
        Redirect redirect = click();
        for (Fault outage : List.of(Fault.ON_READ, Fault.BEFORE_WRITE)) {
            fault = outage;
            assertThatThrownBy(() -> failing.postback(postback(redirect)))
                    .isInstanceOfSatisfying(
                            StorageException.class,
                            e -> assertThat(e.isTransient()).isTrue());
        }
        assertThat(history()).isEmpty();

        fault = Fault.NONE;
        assertThat(failing.postback(postback(redirect)).kind()).isEqualTo(Kind.ATTRIBUTED);
    }

    @Test
    void creditsOnceWhenAnAnswerIsLostAndTheTrackerCallsAgain() {
        Redirect redirect = click();
        fault = Fault.AFTER_WRITE;
        assertThatThrownBy(() -> failing.postback(postback(redirect))).isInstanceOf(StorageException.class);
        fault = Fault.NONE;

        PostbackOutcome again = failing.postback(postback(redirect));

        assertThat(again.kind()).isEqualTo(Kind.DUPLICATE);
        assertThat(again.httpAnswer().status()).isEqualTo(200);
        assertThat(credits()).isOne();
        assertThat(history()).hasSize(2);
    }

    @Test
    void answersWhatIsStoredWhenAnAppendIsRepeatedUnderItsAttemptId() {
        Redirect redirect = click();
        fault = Fault.WRITES_TWICE;

        List<PostbackOutcome> outcomes = failing.postbacks(
                List.of(postback(redirect), postback(redirect), query(click(), "offer_id=other"), "gk_click_id=none"));

        assertThat(outcomes)
                .extracting(PostbackOutcome::kind)
                .containsExactly(Kind.ATTRIBUTED, Kind.DUPLICATE, Kind.REJECTED, Kind.UNATTRIBUTED);
        assertThat(outcomes.get(1).conversionId()).isEqualTo(outcomes.get(0).conversionId());
        assertThat(credits()).isOne();
        assertThat(history()).hasSize(4);
    }

    @Test
    void givesUpWithATransientFaultWhereWhatOvertakesItNeverShows() {
        Redirect redirect = click();
        fault = Fault.ALWAYS_STALE;

        assertThatThrownBy(() -> failing.postback(postback(redirect)))
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.isTransient()).isTrue());
        assertThat(history()).isEmpty();
    }
}
