package dev.attribution.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.attribution.Attribution;
import dev.attribution.click.Click;
import dev.attribution.click.ClickFlag;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.conversion.Facts;
import dev.attribution.history.HistoryEntry;
import dev.attribution.jdbc.internal.row.ClickTable;
import dev.attribution.jdbc.internal.row.OfferTable;
import dev.attribution.memory.InMemoryAttributionStore;
import dev.attribution.offer.Offer;
import dev.attribution.postback.Caller;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackParameter;
import dev.attribution.report.ReportFilter;
import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.LookUpResult;
import dev.attribution.spi.SettleQuery;
import dev.attribution.spi.Settlement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Postbacks that PostgreSQL settles while it looks them up. The contract of a store tests each sentence about them. */
class SettleTest extends DatabaseTest {
    private static final DuplicatePolicy PER_CLICK = DuplicatePolicy.onePerClickAndMember();
    private static final String LINK = "https://example.com?c={gk_click_id}";

    @BeforeEach
    void needsPostgres() {
        assumeTrue(database == TestDatabase.POSTGRESQL, "Elsewhere a postback is looked up, then written");
    }

    private static SettleQuery query(Click click, String transactionId) {
        Settlement credit =
                Given.credit(click, 1, won -> won.transactionId(transactionId).eventId("win"));
        Settlement duplicate = Given.duplicate(click, Given.conversionOf(credit));
        return new SettleQuery(
                Given.lookUp(click.clickId(), "win", transactionId),
                credit.entry().receivedAt(),
                "standard",
                null,
                null,
                found -> found.facts().count() == 0 ? of(credit, found) : duplicate);
    }

    /** The credit for the click that was looked up, which may be a placeholder. */
    private static Settlement of(Settlement credit, LookUpResult found) {
        Click click = found.click();
        return Given.credit(
                click,
                1,
                won -> Given.conversionOf(credit).toBuilder()
                        .credits(click.clickId(), click.offerId(), click.memberId()));
    }

    private Click stored(String offerId) {
        Click click = Given.click(offerId, "member-" + UUID.randomUUID(), Given.NOON);
        store.clicks().insert(List.of(click));
        return click;
    }

    /** Whatever column is added to a table: it is not forgotten, nor filled from a placeholder. */
    @Test
    void writesTheRowsThatAnAppendWrites() throws SQLException {
        store.offers().put(Offer.builder("sale").trackingLink(LINK).build());
        Attribution attribution = Attribution.builder(store).build();
        Click click = Given.click("sale", "member", Instant.now().truncatedTo(ChronoUnit.MICROS));
        store.clicks().insert(List.of(click));
        String postback = "gk_click_id=" + click.clickId()
                + "&event_id=win&transaction_id=t&payout=1.50&currency=EUR&member_id=member&x=%20";
        for (String again : List.of("", "")) {
            attribution.postback(postback + again);
        }
        List<Map<String, String>> settled = rows();
        List<HistoryEntry> entries = store.reports().orElseThrow().history(ReportFilter.all(), null, 10);
        List<Settlement> settlements = new ArrayList<>();
        Facts facts = store.lookUp(List.of(Given.lookUp(click.clickId(), "win", "t")), PER_CLICK)
                .get(0)
                .orElseThrow()
                .facts();
        for (HistoryEntry entry : entries) {
            settlements.add(
                    0,
                    new Settlement(
                            entry,
                            facts.first()
                                    .filter(won -> won.attemptId().equals(entry.attemptId()))
                                    .map(won -> new Settlement.Credit(won, 1, Optional.empty()))));
        }
        execute("delete from attribution_conversion", "delete from attribution_history");

        store.conversions().append(settlements);

        assertThat(settled).hasSize(3);
        assertThat(rows()).containsExactlyInAnyOrderElementsOf(settled);
    }

    private List<Map<String, String>> rows() throws SQLException {
        List<Map<String, String>> rows = new ArrayList<>();
        try (Connection connection = store.dataSource().getConnection()) {
            for (String table : List.of("conversion", "history", "exclusive_scope")) {
                try (PreparedStatement statement = connection.prepareStatement("select * from attribution_" + table);
                        ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        Map<String, String> values = new TreeMap<>(Map.of("table", table));
                        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                            values.put(row.getMetaData().getColumnName(i), row.getString(i));
                        }
                        rows.add(values);
                    }
                }
            }
        }
        return rows;
    }

    private void execute(String... statements) throws SQLException {
        try (Connection connection = store.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** A new column of a click or an offer may be a new rule, which the conditions of the statement must ask, too. */
    @Test
    void knowsEveryColumnThatMayDecide() {
        assertThat(ClickTable.COLUMNS)
                .isEqualTo("click_id, offer_id, member_id, clicked_at, context, flag, flag_cleared_at, member_scope");
        assertThat(OfferTable.COLUMNS)
                .isEqualTo("offer_id, tracking_link, schemes, literals, duplicate_policy, minimum_delay_micros,"
                        + " window_micros, accepted_events, accepted_callers, transaction_id_required");
    }

    @Test
    void settlesTheFirstPostbackOfAClickAndItsRepeats() {
        store.offers().put(Offer.builder("sale").trackingLink(LINK).build());
        for (String transactionId : new String[] {"t", null}) {
            Click click = stored("sale");
            SettleQuery first = query(click, transactionId);
            assertThat(store.settle(first, PER_CLICK).isAppended()).isTrue();
            assertThat(store.settle(first, PER_CLICK).isAppended())
                    .as("the same attempt")
                    .isFalse();
        }
    }

    @Test
    void doesNotSettleInATransactionOfTheHostNorWhereAHandlerIsCalled() throws SQLException {
        store.offers().put(Offer.builder("sale").trackingLink(LINK).build());
        JdbcAttributionStore crediting = JdbcAttributionStore.builder(store.dataSource())
                .onCredit((conversion, connection) -> {})
                .build();
        assertThat(crediting.settle(query(stored("sale"), "t"), PER_CLICK).isAppended())
                .isFalse();
        try (Connection connection = store.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            AttributionStore joined = store.joining(connection);
            assertThat(joined.settle(query(stored("sale"), "t"), PER_CLICK).isAppended())
                    .isFalse();
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    /** The same messages, through the façade, on this store and on the one in memory, which has no statement for both. */
    @Test
    void endsEveryMessageAsTwoStepsDo() {
        AttributionStore reference = new InMemoryAttributionStore();
        List<Offer> offers = offers();
        offers.forEach(offer -> {
            store.offers().put(offer);
            reference.offers().put(offer);
        });
        Instant now = Instant.parse("2026-03-01T12:00:00.000001Z");
        Caller other = Caller.named("other")
                .parameter(PostbackParameter.CLICK_ID, "gk_click_id")
                .parameter(PostbackParameter.EVENT_ID, "event_id")
                .parameter(PostbackParameter.TRANSACTION_ID, "transaction_id")
                .parameter(PostbackParameter.PAYOUT, "payout")
                .build();
        Attribution settling = Attribution.builder(store).clock(() -> now).build();
        Attribution stepping = Attribution.builder(reference).clock(() -> now).build();
        Random random = new Random(5);
        List<Click> clicks = new ArrayList<>();
        for (int i = 0; i < 1_500; i++) {
            if (clicks.isEmpty() || random.nextInt(3) == 0) {
                String offerId = random.nextInt(12) == 0
                        ? "unknown"
                        : offers.get(random.nextInt(offers.size())).offerId();
                Click click = flagged(
                        Given.click(
                                offerId, "m" + random.nextInt(40), now.minusSeconds(random.nextInt(8) == 0 ? -1 : 60)),
                        random);
                clicks.add(click);
                store.clicks().insert(List.of(click));
                reference.clicks().insert(List.of(click));
            }
            Click click = clicks.get(clicks.size() - 1 - random.nextInt(Math.min(4, clicks.size())));
            String postback = postback(click, random);
            boolean isOther = random.nextInt(5) == 0;
            PostbackOutcome expected = isOther ? stepping.from(other).postback(postback) : stepping.postback(postback);
            PostbackOutcome found = isOther ? settling.from(other).postback(postback) : settling.postback(postback);
            assertThat(List.of(
                            found.kind(), found.reason(), found.conversionId().isPresent()))
                    .as("%s about a click of %s", postback, click.offerId())
                    .isEqualTo(List.of(
                            expected.kind(),
                            expected.reason(),
                            expected.conversionId().isPresent()));
        }
        assertThat(told(store)).isEqualTo(told(reference));
    }

    private static Click flagged(Click click, Random random) {
        Click flagged = click.with(new ClickFlag("crawler", Optional.empty()));
        return switch (random.nextInt(10)) {
            case 0 -> flagged;
            case 1 -> flagged.withFlagCleared(click.clickedAt());
            default -> click;
        };
    }

    private static List<String> told(AttributionStore store) {
        return store.reports().orElseThrow().history(ReportFilter.all(), null, 2_000).stream()
                .map(entry -> String.join(
                        " ",
                        entry.query(),
                        entry.kind().name(),
                        entry.reason().toString(),
                        entry.offerId().toString(),
                        entry.memberId().toString(),
                        entry.caller(),
                        entry.notes().toString()))
                .sorted()
                .toList();
    }

    private static List<Offer> offers() {
        List<Offer> offers = new ArrayList<>();
        for (DuplicatePolicy policy : List.of(
                PER_CLICK,
                DuplicatePolicy.allowRepeatConversions(),
                DuplicatePolicy.onePerEvent(),
                DuplicatePolicy.onePerMemberAndOffer(),
                DuplicatePolicy.atMost(3))) {
            offers.add(offer(policy.toString()).duplicatePolicy(policy).build());
        }
        offers.add(offer("default").build());
        offers.add(offer("default too").build());
        offers.add(offer("window").attributionWindow(Duration.ofSeconds(60)).build());
        offers.add(offer("short")
                .attributionWindow(Duration.ofSeconds(60).minusNanos(1_000))
                .build());
        offers.add(
                offer("long window").attributionWindow(Duration.ofDays(36_500)).build());
        offers.add(offer("delay").minimumDelay(Duration.ofSeconds(60)).build());
        offers.add(offer("longer")
                .minimumDelay(Duration.ofSeconds(60).plusNanos(1_000))
                .build());
        offers.add(offer("events").acceptedEvents("win", "w\"i\\n").build());
        offers.add(offer("callers").acceptedCallers("standard").build());
        offers.add(offer("required").requireTransactionId().build());
        return offers;
    }

    private static Offer.Builder offer(String id) {
        return Offer.builder(id).trackingLink(LINK);
    }

    private static String postback(Click click, Random random) {
        return "gk_click_id="
                + switch (random.nextInt(40)) {
                    case 0 -> UUID.randomUUID();
                    case 1 -> "nonsense";
                    case 2 -> "{click_id}";
                    case 3 -> click.clickId() + "&gk_click_id=" + UUID.randomUUID();
                    default -> click.clickId().value();
                }
                + one(random, "", "", "&event_id=win", "&event_id=WIN", "&event_id=w%22i%5Cn", "&event_id=")
                + one(random, "", "&transaction_id=t", "&transaction_id=t", "&transaction_id=T", "&transaction_id=")
                + one(
                        random,
                        "",
                        "",
                        "&payout=1.50&currency=EUR",
                        "&payout=1.5&currency=EUR",
                        "&payout=1.5",
                        "&payout=x")
                + one(random, "", "", "", "", "&status=approved", "&status=pending", "&status=reversed", "&status=odd")
                + one(random, "", "", "", "", "", "&payout=0.1234567890123456789")
                + one(random, "", "", "", "&offer_id=" + click.offerId().replace(" ", "+"), "&offer_id=no")
                + one(random, "", "", "", "&member_id=" + click.memberId(), "&member_id=no");
    }

    private static String one(Random random, String... some) {
        return some[random.nextInt(some.length)];
    }
}
