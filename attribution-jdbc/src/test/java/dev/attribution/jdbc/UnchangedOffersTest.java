package dev.attribution.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.AttributionException;
import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.offer.Offer;
import dev.attribution.testkit.contract.ExactIds;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clicks that are stored only while their offers are unchanged. */
class UnchangedOffersTest extends DatabaseTest {
    private static final String LINK = "https://example.com?c={gk_click_id}";

    @Test
    void areStoredAndTheOffersThatHaveChangedReturned() {
        Offer same = put(offer("same").build());
        Offer sets = put(offer("sets")
                .allowScheme("a")
                .allowScheme("b")
                .literal("(x)")
                .literal("(y)")
                .build());
        Offer policy = put(offer("policy").build());
        put(offer("policy").duplicatePolicy(DuplicatePolicy.onePerEvent()).build());
        Offer link = put(offer("link").build());
        put(offer("link").trackingLink(LINK + "&more").build());
        Offer literal = put(offer("literal").build());
        put(offer("literal").literal("(x)").build());
        Offer scheme = put(offer("scheme").allowScheme("a").build());
        put(offer("scheme").build());
        Offer missing = offer("missing").build();
        List<Offer> offers = List.of(same, sets, policy, link, literal, scheme, missing);

        Map<Offer, List<Click>> clicks = new LinkedHashMap<>();
        offers.forEach(offer -> clicks.put(offer, clicks(offer, 3)));
        assertThat(store.insertIfUnchanged(clicks)).containsExactlyInAnyOrder(link, literal, scheme, missing);
        for (Offer offer : offers) {
            boolean isStored = Set.of(same, sets, policy).contains(offer);
            assertThat(stored(clicks.getOrDefault(offer, List.of()))).hasSize(isStored ? 3 : 0);
            Click alone = click(offer);
            assertThat(store.insertIfUnchanged(Map.of(offer, List.of(alone))).isEmpty())
                    .isEqualTo(isStored);
            assertThat(stored(List.of(alone)).isEmpty()).isNotEqualTo(isStored);
        }
    }

    @Test
    void areToldApartByWhichOfTwoLinksOfOneOfferTheyWereFilledFrom() {
        Offer before = put(offer("offer").build());
        Offer after = put(offer("offer").trackingLink(LINK + "&more").build());
        List<Click> late = clicks(before, 2);
        List<Click> right = clicks(after, 2);
        assertThat(store.insertIfUnchanged(Map.of(before, late, after, right))).containsExactly(before);
        assertThat(stored(late)).isEmpty();
        assertThat(stored(right)).containsExactlyInAnyOrderElementsOf(right);
    }

    @Test
    void seeALinkThatWasChangedByHand() throws Exception {
        Offer offer = put(offer("offer").build());
        store.insertIfUnchanged(Map.of(offer, clicks(offer, 1)));
        try (Connection connection = DriverManager.getConnection(database.url(directory));
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("update attribution_offer set tracking_link = '" + LINK + "&more'");
        }
        assertThat(store.insertIfUnchanged(Map.of(offer, clicks(offer, 1)))).containsExactly(offer);
        assertThat(store.insertIfUnchanged(Map.of(offer, clicks(offer, 5)))).containsExactly(offer);
    }

    @Test
    void areLeftAsTheyAreWhenAnInsertIsRepeated() {
        Offer offer = put(offer("offer").build());
        List<Click> clicks = clicks(offer, 9);
        store.insertIfUnchanged(Map.of(offer, clicks.subList(2, 4)));
        store.insertIfUnchanged(Map.of(offer, clicks.subList(7, 8)));
        assertThat(store.insertIfUnchanged(Map.of(offer, clicks))).isEmpty();
        assertThat(store.insertIfUnchanged(Map.of(offer, clicks.subList(0, 1)))).isEmpty();
        assertThat(stored(clicks)).containsExactlyInAnyOrderElementsOf(clicks);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void areStoredThoughTheAnswerWasLostAndTheirOfferChangedBeforeTheInsertIsRepeated(int count) {
        Offer offer = put(offer("offer").build());
        Recorder recorder = new Recorder();
        JdbcAttributionStore own =
                JdbcAttributionStore.builder(recorder.over(store.dataSource())).build();
        List<Click> clicks = clicks(offer, count);
        boolean isCommitted = count > 1 && database.name().startsWith("H2"); // others insert with one statement
        recorder.commits = sql -> !isCommitted && sql.startsWith("insert into ");
        recorder.insteadOfTheAnswer.set(new SQLException("connection reset", "08006"));
        AtomicBoolean isChanged = new AtomicBoolean();
        recorder.beforeEach = sql -> {
            if (recorder.insteadOfTheAnswer.get() == null && isChanged.compareAndSet(false, true)) {
                put(offer("offer").trackingLink(LINK + "&more").build());
            }
        };

        Set<Offer> changed = own.insertIfUnchanged(Map.of(offer, clicks));

        assertThat(isChanged).isTrue();
        assertThat(changed).isEmpty();
        assertThat(stored(clicks)).containsExactlyInAnyOrderElementsOf(clicks);
        List<Click> late = clicks(offer, count);
        assertThat(own.insertIfUnchanged(Map.of(offer, late))).containsExactly(offer);
        assertThat(stored(late)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void areNotStoredIfTheirOfferChangesBeforeAnInsertThatFailedIsRepeated(int count) {
        Offer offer = put(offer("offer").build());
        Recorder recorder = new Recorder();
        JdbcAttributionStore own =
                JdbcAttributionStore.builder(recorder.over(store.dataSource())).build();
        List<Click> clicks = clicks(offer, count);
        AtomicBoolean isChanged = new AtomicBoolean();
        recorder.beforeEach = sql -> {
            if (sql.startsWith("insert into ") && isChanged.compareAndSet(false, true)) {
                put(offer("offer").trackingLink(LINK + "&more").build());
                recorder.insteadOfExecuting.set(new SQLException("connection reset", "08006"));
            }
        };

        assertThat(own.insertIfUnchanged(Map.of(offer, clicks))).containsExactly(offer);
        assertThat(isChanged).isTrue();
        assertThat(stored(clicks)).isEmpty();
    }

    @Test
    void areNeverOverwrittenByAnotherUnderTheSameId() {
        Offer offer = put(offer("offer").build());
        Click stored = click(offer);
        Click other = Given.withId(stored.clickId(), Given.click("offer", "another", Given.NOON));
        store.insertIfUnchanged(Map.of(offer, List.of(stored)));
        for (List<Click> clicks : List.of(List.of(other), List.of(click(offer), other))) {
            assertThatThrownBy(() -> store.insertIfUnchanged(Map.of(offer, clicks)))
                    .isExactlyInstanceOf(AttributionException.class)
                    .hasMessageContaining(stored.clickId().value());
        }
        assertThat(stored(List.of(stored))).containsExactly(stored);
    }

    @Test
    void keepTheirIdsExactly() {
        for (String id : ExactIds.ALL) {
            Offer offer = put(offer(id).build());
            Click click = new Click(
                    ClickId.of(UUID.randomUUID()),
                    id,
                    id,
                    Given.NOON,
                    Given.click().context());
            assertThat(store.insertIfUnchanged(Map.of(offer, List.of(click)))).isEmpty();
            assertThat(stored(List.of(click))).containsExactly(click);
        }
    }

    @Test
    void liveOrDieWithTheHostsTransaction() throws Exception {
        Offer offer = put(offer("offer").build());
        List<Click> lost = clicks(offer, 2);
        List<Click> kept = clicks(offer, 2);
        try (Connection connection = DriverManager.getConnection(database.url(directory))) {
            connection.setAutoCommit(false);
            store.joining(connection).insertIfUnchanged(Map.of(offer, lost));
            connection.rollback();
            store.joining(connection).insertIfUnchanged(Map.of(offer, kept));
            connection.commit();
        }
        assertThat(stored(lost)).isEmpty();
        assertThat(stored(kept)).hasSize(2);
    }

    private static Offer.Builder offer(String id) {
        return Offer.builder(id).trackingLink(LINK);
    }

    private Offer put(Offer offer) {
        store.offers().put(offer);
        return offer;
    }

    private static Click click(Offer offer) {
        return Given.click(offer.offerId(), "member", Given.NOON);
    }

    private static List<Click> clicks(Offer offer, int count) {
        return Stream.generate(() -> click(offer)).limit(count).toList();
    }

    private Collection<Click> stored(List<Click> clicks) {
        return store.clicks().find(clicks.stream().map(Click::clickId).toList()).values();
    }
}
