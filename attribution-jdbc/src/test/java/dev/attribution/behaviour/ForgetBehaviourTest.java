package dev.attribution.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.attribution.Attribution;
import dev.attribution.CsvReports;
import dev.attribution.StorageException;
import dev.attribution.click.Click;
import dev.attribution.click.ClickContext;
import dev.attribution.click.ClickRequest;
import dev.attribution.click.Redirect;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.history.HistoryEntry;
import dev.attribution.jdbc.JdbcAttributionStore;
import dev.attribution.offer.Offer;
import dev.attribution.postback.Caller;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.PostbackRequest;
import dev.attribution.postback.Reason;
import dev.attribution.privacy.ForgetResult;
import dev.attribution.repair.RepairStep;
import dev.attribution.report.ReportFilter;
import dev.attribution.testkit.FaultSwitch;
import dev.attribution.testkit.Race;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A member is forgotten, and every later message has the outcome that it has for a twin who was not. */
class ForgetBehaviourTest extends BehaviourTest {
    private static final String PERSON = "pl4nted";
    private static final String FORGOTTEN = PERSON + "@example.com";
    private static final String TWIN = "twin";
    private static final byte[] KEY = "a key of the application: 32 byt".getBytes(StandardCharsets.UTF_8);
    private static final Map<String, DuplicatePolicy> OFFERS = new LinkedHashMap<>();

    static {
        OFFERS.put("per-click", DuplicatePolicy.onePerClickAndMember());
        OFFERS.put("per-event", DuplicatePolicy.onePerEvent());
        OFFERS.put("per-member", DuplicatePolicy.onePerMemberAndOffer());
        OFFERS.put("at-most-two", DuplicatePolicy.atMost(2));
        OFFERS.put("repeats", DuplicatePolicy.allowRepeatConversions());
    }

    @BeforeEach
    void putOffers() {
        attribution = Attribution.builder(store).clock(clock).memberKey(KEY).build();
        OFFERS.forEach((offerId, policy) -> attribution
                .offers()
                .put(Offer.builder(offerId)
                        .trackingLink(LINK)
                        .duplicatePolicy(policy)
                        .attributionWindow(Duration.ofDays(30))
                        .build()));
    }

    private Redirect click(String offerId, String member, String person) {
        return attribution.click(new ClickRequest(
                offerId,
                member,
                ClickContext.builder()
                        .ip(person + "-ip")
                        .userAgent(person + "-agent")
                        .referrer("https://example.com/" + person)
                        .extra("session", person)
                        .build()));
    }

    /** All messages that are sent about a click, by the name of its member. */
    private static List<String> messages(String clickId, String member) {
        String id = "gk_click_id=" + clickId;
        String encoded = member.replace("@", "%40");
        return List.of(
                id + "&member_id=" + encoded + "&transaction_id=t1&event_id=e1&payout=1.50&ip=" + encoded,
                id + "&member_id=" + encoded + "&transaction_id=t2&event_id=e2&status=pending",
                id + "&member_id=someone-else&transaction_id=t3",
                id + "&offer_id=other&member_id=" + encoded,
                id + "&transaction_id=t4&status=reversed&note=" + encoded,
                id + "&status=" + encoded + "&transaction_id=t5",
                id + "&transaction_id=t6&event_id=e1&payout=" + encoded);
    }

    private static List<String> later(String clickId, String member) {
        String id = "gk_click_id=" + clickId;
        List<String> more = new ArrayList<>(messages(clickId, member));
        more.addAll(List.of(
                id + "&transaction_id=t2&event_id=e2&status=approved&payout=2",
                id + "&transaction_id=t4",
                id + "&transaction_id=t1&status=reversed",
                id + "&transaction_id=t1",
                id + "&event_id=e3&transaction_id=t9",
                id));
        return more;
    }

    private static List<String> kinds(List<PostbackOutcome> outcomes) {
        return outcomes.stream()
                .map(outcome -> outcome.kind() + " "
                        + outcome.reason().map(Reason::name).orElse(""))
                .toList();
    }

    @Test
    void leavesNothingOfTheMemberAndChangesNoOutcome() throws Exception {
        List<List<Redirect>> clicks = new ArrayList<>();
        for (String offerId : OFFERS.keySet()) {
            for (int i = 0; i < 2; i++) {
                Redirect mine = click(offerId, FORGOTTEN, PERSON);
                Redirect twins = click(offerId, TWIN, TWIN);
                clicks.add(List.of(mine, twins));
                assertThat(kinds(attribution.postbacks(messages(mine.clickId().value(), FORGOTTEN))))
                        .isEqualTo(kinds(
                                attribution.postbacks(messages(twins.clickId().value(), TWIN))));
            }
        }
        attribution.postback("gk_click_id=" + FORGOTTEN + "&member_id=" + FORGOTTEN);
        attribution.postback("member_id=" + FORGOTTEN);
        Redirect ofTwin = clicks.get(0).get(1);
        attribution.postback("gk_click_id=" + ofTwin.clickId() + "&member_id=" + FORGOTTEN);
        mention("gk_click_id=" + ofTwin.clickId() + "&transaction_id=t1");
        mention("gk_click_id=00000000-0000-7000-8000-000000000000");
        mention("nothing=else");
        List<String> before = credits(TWIN);

        ForgetResult result = attribution.forget(FORGOTTEN);

        assertThat(result.clicks()).isEqualTo(10);
        assertThat(result.conversions()).isPositive();
        assertThat(result.entries()).isGreaterThan(70);
        assertThat(everything()).doesNotContain(PERSON);
        assertThat(credits(TWIN)).isEqualTo(before);
        assertThat(attribution.forget(FORGOTTEN).isNothingFound()).isTrue();

        clock.moveBy(Duration.ofMinutes(5));
        for (List<Redirect> pair : clicks) {
            assertThat(kinds(later(pair.get(0).clickId().value(), FORGOTTEN).stream()
                            .map(attribution::postback)
                            .toList()))
                    .isEqualTo(kinds(later(pair.get(1).clickId().value(), TWIN).stream()
                            .map(attribution::postback)
                            .toList()));
        }
        assertThat(everything()).as("after the messages that name the member").doesNotContain(PERSON);
        Redirect again = click("per-member", FORGOTTEN, PERSON);
        Redirect twinAgain = click("per-member", TWIN, TWIN);
        for (Redirect redirect : List.of(again, twinAgain)) {
            assertThat(attribution
                            .postback("gk_click_id=" + redirect.clickId() + "&transaction_id=new")
                            .kind())
                    .isEqualTo(Kind.DUPLICATE);
        }
    }

    /** Sends postbacks that name the member where no parameter is read. */
    private void mention(String start) {
        String once = FORGOTTEN.replace("@", "%40");
        for (String text :
                List.of(FORGOTTEN, once, once.replace("%", "%25"), "(" + once + ")", "from%3A" + once + "%0A")) {
            attribution.postback(start + "&note=" + text);
            attribution.postback(start + "&" + text);
        }
        attribution.postback("gk_click_id=to%20" + once);
        for (String body : List.of(
                "{\"user\":{\"mail\":\"" + FORGOTTEN + "\"}}",
                "{\"" + FORGOTTEN + "\":1}",
                "{\"mail\":\"" + FORGOTTEN.replace("@", "\\u0040") + "\"}",
                "Dear " + FORGOTTEN + ", you have won")) {
            attribution
                    .from(Caller.standard())
                    .postback(PostbackRequest.post(
                                    "https://example.com/?" + start,
                                    "text/plain; from=" + FORGOTTEN,
                                    body.getBytes(StandardCharsets.UTF_8))
                            .build());
        }
    }

    @Test
    void leavesWhatNamesAnotherMemberOrAnAmount() {
        Redirect redirect = click("repeats", TWIN, TWIN);
        String id = "gk_click_id=" + redirect.clickId();
        List<String> kept = List.of(
                id + "&payout=12345678&transaction_id=12345678",
                id + "&offer_id=other&payout=12345678",
                id + "&note=x" + FORGOTTEN + "&transaction_id=2",
                id + "&member_id=1" + FORGOTTEN,
                id + "&note=mary." + FORGOTTEN + "&transaction_id=3",
                id + "&note=" + TWIN + "-2&transaction_id=4");
        attribution.postbacks(kept);
        attribution.postback(id + "&offer_id=other&user=12345678");

        for (String forgotten : List.of("12345678", FORGOTTEN, "payout", "transaction_id", "repeats")) {
            attribution.forget(forgotten);
        }

        assertThat(attribution.trace(redirect.clickId()).history())
                .extracting(HistoryEntry::query)
                .containsAll(kept)
                .filteredOn(query -> !kept.contains(query))
                .containsExactly("");
    }

    private List<String> credits(String member) {
        return attribution
                .reports()
                .conversions(ReportFilter.builder().memberId(member).build(), 1_000)
                .rows()
                .stream()
                .map(Conversion::toString)
                .toList();
    }

    /** Every value of every row, every report and every trace. */
    private String everything() throws Exception {
        StringBuilder all = new StringBuilder();
        if (store instanceof JdbcAttributionStore jdbc) {
            dump(jdbc, all);
        }
        CsvReports csv = attribution.reports().csv();
        csv.clicks(ReportFilter.all(), all);
        csv.conversions(ReportFilter.all(), all);
        csv.history(ReportFilter.all(), all);
        for (Click click :
                attribution.reports().clicks(ReportFilter.all(), 10_000).rows()) {
            all.append(click.memberId()).append(click.context().extras());
            for (HistoryEntry entry : attribution.trace(click.clickId()).history()) {
                all.append(entry.query()).append(entry.body()).append(entry.notes());
            }
        }
        assertThat(all).contains(TWIN);
        return all.toString();
    }

    /** The text of each row of each table of the database, and on H2 the script that restores it. */
    private static void dump(JdbcAttributionStore store, StringBuilder all) throws SQLException {
        try (Connection connection = store.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            String product = connection.getMetaData().getDatabaseProductName();
            List<String> tables = new ArrayList<>();
            try (ResultSet row = statement.executeQuery("select table_name from information_schema.tables where"
                    + " table_schema = " + (product.equals("MariaDB") ? "database()" : "current_schema"))) {
                while (row.next()) {
                    tables.add(row.getString(1));
                }
            }
            assertThat(tables).hasSizeGreaterThanOrEqualTo(5);
            for (String table : tables) {
                String quote = product.equals("MariaDB") ? "`" : "\"";
                text(
                        statement,
                        "select " + (product.equals("PostgreSQL") ? "cast(t as text)" : "*") + " from " + quote + table
                                + quote + " as t",
                        all);
            }
            if (product.equals("H2")) {
                text(statement, "script", all);
            }
        }
    }

    private static void text(Statement statement, String query, StringBuilder all) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            while (row.next()) {
                for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                    all.append(row.getString(i)).append('\n');
                }
            }
        }
    }

    @Test
    void findsNothingOfAnUnknownMember() {
        click("per-click", TWIN, TWIN);

        assertThat(attribution.forget("nobody")).isEqualTo(new ForgetResult(0, 0, 0));
    }

    @Test
    void replaysNoErasedPostback() {
        Redirect redirect = click("per-click", FORGOTTEN, PERSON);
        attribution.postback("gk_click_id=" + redirect.clickId() + "&status=unmapped");
        attribution.forget(FORGOTTEN);

        List<RepairStep> steps = new ArrayList<>();
        attribution.replay(ReportFilter.all()).run(steps::add);

        assertThat(steps)
                .singleElement()
                .satisfies(step -> assertThat(step.explanation()).contains("was forgotten"));
    }

    @Test
    void isCompletedByRunningAgainWhereverItFailed() throws Exception {
        FaultSwitch faults = FaultSwitch.on(store);
        attribution = Attribution.builder(faults).clock(clock).memberKey(KEY).build();
        for (int failing = 1; failing <= 6; failing++) {
            Redirect redirect = click("per-click", FORGOTTEN, PERSON);
            Redirect twins = click("per-click", TWIN, TWIN);
            for (Redirect one : List.of(redirect, twins)) {
                attribution.postback("gk_click_id=" + one.clickId() + "&t=" + (one.equals(twins) ? TWIN : PERSON));
            }
            attribution.postback("gk_click_id=x&member_id=" + FORGOTTEN);
            if (failing % 2 == 0) {
                faults.failAfterCommit(failing / 2);
            } else {
                faults.failBeforeCommit((failing + 1) / 2);
            }

            assertThat(catchThrowable(() -> attribution.forget(FORGOTTEN))).isInstanceOf(StorageException.class);
            attribution.forget(FORGOTTEN);

            assertThat(everything()).doesNotContain(PERSON);
            assertThat(attribution.postback(postback(redirect)).kind()).isEqualTo(Kind.DUPLICATE);
        }
    }

    @Test
    void creditsNothingTwiceWhileMembersAreForgottenAndPostbacksArrive() throws Exception {
        List<Redirect> clicks = new ArrayList<>();
        List<Callable<Object>> calls = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Redirect redirect = click(i % 2 == 0 ? "per-member" : "per-click", FORGOTTEN, PERSON);
            clicks.add(redirect);
            calls.add(() -> attribution.postback(postback(redirect) + "&transaction_id=a&member_id=" + FORGOTTEN));
            calls.add(() -> attribution.postback(postback(redirect) + "&transaction_id=b"));
        }
        calls.add(() -> attribution.forget(FORGOTTEN));
        calls.add(() -> attribution.forget(FORGOTTEN));

        Race.run(calls);
        attribution.forget(FORGOTTEN);
        click("per-click", TWIN, TWIN);

        assertThat(everything()).doesNotContain(PERSON);
        assertThat(attribution
                        .reports()
                        .conversions(
                                ReportFilter.builder().offerId("per-member").build(), 100)
                        .rows())
                .hasSize(1);
        assertThat(attribution
                        .reports()
                        .conversions(ReportFilter.builder().offerId("per-click").build(), 100)
                        .rows())
                .hasSize(4);
        for (Redirect redirect : clicks) {
            assertThat(attribution.postback(postback(redirect)).kind()).isEqualTo(Kind.DUPLICATE);
        }
    }

    @Test
    void importsAClickAgainWithoutTheMember() throws Exception {
        Redirect redirect = click("per-click", FORGOTTEN, PERSON);
        Click stored = store.clicks().find(List.of(redirect.clickId())).get(redirect.clickId());
        Click fromElsewhere =
                new Click(stored.clickId(), stored.offerId(), stored.memberId(), stored.clickedAt(), stored.context());
        attribution.forget(FORGOTTEN);
        click("per-click", TWIN, TWIN);

        assertThat(attribution.importClicks(List.of(fromElsewhere))).isOne();

        assertThat(everything()).doesNotContain(PERSON);
    }
}
