package dev.attribution.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.attribution.Attribution;
import dev.attribution.click.Click;
import dev.attribution.click.ClickRequest;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.offer.Offer;
import dev.attribution.spi.AppendResult.Appended;
import dev.attribution.spi.AppendResult.Stale;
import dev.attribution.spi.Settlement;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a call costs when nobody races; {@link JdbcAttributionStore} documents it. */
class StatementsTest extends DatabaseTest {
    private final Recorder recorder = new Recorder();
    private Attribution attribution;

    @BeforeEach
    void open() {
        attribution = Attribution.builder(JdbcAttributionStore.builder(recorder.over(store.dataSource()))
                        .build())
                .build();
        offer("https://example.com?c={gk_click_id}");
    }

    private void offer(String link) {
        attribution.offers().put(Offer.builder("sale").trackingLink(link).build());
    }

    @Test
    void aClickTakesTwoAndFromTheSecondOnOneOnPostgres() {
        assertThat(told(this::click)).containsExactly("select offer", "insert click");
        assertThat(told(this::click))
                .containsExactlyElementsOf(
                        isAtOnce() ? List.of("insert click") : List.of("select offer", "insert click"));
    }

    @Test
    void aClickWhoseLinkHasChangedTakesThreeMore() {
        click();
        offer("https://example.com/changed?c={gk_click_id}");
        assertThat(told(this::click))
                .containsExactlyElementsOf(
                        isAtOnce()
                                ? List.of("insert click", "select click", "select offer", "insert click")
                                : List.of("select offer", "select offer", "select offer", "insert click"));
    }

    private boolean isAtOnce() {
        return database == TestDatabase.POSTGRESQL;
    }

    private List<String> lookUp() {
        return List.of("look up");
    }

    @Test
    void aPostbackThatWinsTakesOneOrOneLookUpAndOneUnitToWrite() {
        String postback = click();
        List<String> told = told(() -> attribution.postback(postback));
        List<String> read = isAtOnce() ? List.of() : lookUp();
        assertThat(told.subList(0, read.size())).isEqualTo(read);
        assertThat(told.subList(read.size(), told.size()))
                .containsExactlyElementsOf(
                        switch (database) {
                            case POSTGRESQL -> List.of("settle");
                            case MARIADB -> List.of("transaction of inserts");
                            case H2_FILE, H2_MEMORY -> List.of("insert history", "insert conversion", "commit");
                        });
    }

    @Test
    void aPostbackThatClaimsAScopeTakesAsMany() {
        assumeTrue(isAtOnce(), "the others write in a transaction in any case");
        offer("once", DuplicatePolicy.onePerMemberAndOffer());
        attribution.postback("gk_click_id="
                + attribution.click(ClickRequest.of("once", "another")).clickId()); // meets the policy
        for (String expected : List.of("ATTRIBUTED", "DUPLICATE")) {
            String postback = clickOf("once");
            List<String> told = told(() ->
                    assertThat(attribution.postback(postback).kind().name()).isEqualTo(expected));
            assertThat(told)
                    .containsExactly(
                            "settle", // which leaves a scope to the write
                            expected.equals("ATTRIBUTED") ? "insert scope, conversion and history" : "insert history");
        }
    }

    @Test
    void aHandlerTakesTwoThatWatchOverIt() {
        String postback = click();
        Attribution crediting = attribution.on(JdbcAttributionStore.builder(recorder.over(store.dataSource()))
                .onCredit((conversion, connection) -> recorder.told.add("the handler's"))
                .build());
        List<String> told = told(() -> crediting.postback(postback));
        assertThat(told.subList(lookUp().size(), told.size()))
                .containsExactlyElementsOf(
                        switch (database) {
                            case POSTGRESQL ->
                                List.of(
                                        "set transaction",
                                        "insert conversion and history",
                                        "select txid_current()",
                                        "the handler's",
                                        "select txid_current()",
                                        "commit");
                            case MARIADB ->
                                List.of(
                                        "set transaction",
                                        "setSavepoint",
                                        "insert history",
                                        "insert conversion",
                                        "releaseSavepoint",
                                        "setSavepoint",
                                        "the handler's",
                                        "releaseSavepoint",
                                        "commit");
                            case H2_FILE, H2_MEMORY ->
                                List.of(
                                        "setSavepoint",
                                        "insert history",
                                        "insert conversion",
                                        "releaseSavepoint",
                                        "select transaction_id()",
                                        "the handler's",
                                        "select transaction_id()",
                                        "commit");
                        });
    }

    @Test
    void aPostbackThatJoinsTakesOneLookUpAndTheSavepointsOfItsWrite() throws SQLException {
        String postback = click();
        try (Connection host = store.dataSource().getConnection()) {
            host.setAutoCommit(false);
            Attribution joined = attribution.on(store.joining(recorder.over(host)));
            List<String> told = told(() -> joined.postback(postback));
            host.commit();
            assertThat(told).first().isEqualTo("look up");
            assertThat(told.subList(1, told.size()))
                    .containsExactlyElementsOf(
                            isAtOnce()
                                    ? List.of("setSavepoint", "insert conversion and history", "releaseSavepoint")
                                    : List.of(
                                            "setSavepoint",
                                            "setSavepoint",
                                            "insert history",
                                            "insert conversion",
                                            "releaseSavepoint",
                                            "releaseSavepoint"));
        }
    }

    @Test
    void aDuplicateTakesOneOrTwoToReadAndOneToWrite() {
        String postback = click();
        attribution.postback(postback + "&event_id=a&transaction_id=b");
        for (String more : List.of("&event_id=a&transaction_id=b", "&event_id=c", "")) {
            assertThat(told(() -> attribution.postback(postback + more)))
                    .containsExactlyElementsOf(
                            isAtOnce() ? List.of("settle") : List.of("look up", "select conversion", "insert history"));
        }
    }

    @Test
    void aListInWhichAKeyIsTakenIsTriedAsAWholeOnce() {
        assumeTrue(!isAtOnce(), "PostgreSQL leaves out what is taken");
        JdbcAttributionStore own =
                JdbcAttributionStore.builder(recorder.over(store.dataSource())).build();
        List<Settlement> list = Stream.generate(() -> Given.click("sale", "m", Given.NOON))
                .limit(4)
                .map(click -> Given.credit(click, 1))
                .toList();
        Settlement taken = list.get(3);
        Click click = Given.withId(Given.conversionOf(taken).clickId(), Given.click("sale", "m", Given.NOON));
        store.conversions().append(List.of(Given.credit(click, 1)));
        boolean isMariaDb = database == TestDatabase.MARIADB;
        List<String> refused = isMariaDb
                ? List.of("transaction of inserts", "rollback and no chain no release")
                : List.of("insert history", "insert conversion", "rollback");

        List<String> alone =
                told(() -> assertThat(own.conversions().append(List.of(taken))).hasOnlyElementsOfType(Stale.class));
        List<String> together = told(() -> assertThat(own.conversions().append(list))
                .filteredOn(Appended.class::isInstance)
                .hasSize(3));

        assertThat(alone.subList(0, refused.size())).isEqualTo(refused);
        assertThat(alone.subList(refused.size(), alone.size())).containsExactly("select history");
        assertThat(together.subList(0, refused.size())).isEqualTo(refused);
        assertThat(together).filteredOn("setSavepoint"::equals).hasSize(4); // two halves, and those of the second
    }

    @Test
    void aClickThatMayConvertAgainTakesOneLookUpOrOneMore() {
        offer("sale", DuplicatePolicy.onePerEvent());
        String met = clickOf("sale"); // meets the policy
        attribution.postback(met + "&event_id=e0");
        attribution.postback(met + "&event_id=e1");
        String postback = click();
        for (int i = 0; i < 24; i++) {
            String another = postback + "&event_id=e" + i + "&transaction_id=t" + i;
            assertThat(told(() -> attribution.postback(another)))
                    .filteredOn(sql -> sql.startsWith("select") || isLookUp(sql))
                    .hasSize(isAtOnce() || i == 0 ? 1 : i <= 20 ? 3 : 5);
        }
    }

    @Test
    void aPolicyOfAnotherKindTakesOneMoreLookUpOnce() {
        assumeTrue(isAtOnce(), "Elsewhere each fact has a statement of its own");
        for (DuplicatePolicy policy : List.of(
                DuplicatePolicy.onePerMemberAndOffer(), DuplicatePolicy.atMost(2), DuplicatePolicy.onePerEvent())) {
            offer(policy.toString(), policy);
            for (int expected : new int[] {2, 1, 1}) {
                String postback = clickOf(policy.toString());
                if (!policy.equals(DuplicatePolicy.onePerMemberAndOffer())) { // the first of a click needs no facts
                    assertThat(told(() -> attribution.postback(postback))).containsExactly("settle");
                }
                assertThat(told(() -> attribution.postback(postback + "&event_id=e")))
                        .filteredOn(StatementsTest::isLookUp)
                        .hasSize(expected);
            }
        }
        offer("allow", DuplicatePolicy.allowRepeatConversions());
        String postback = clickOf("allow");
        assertThat(told(() -> attribution.postback(postback)))
                .filteredOn(StatementsTest::isLookUp)
                .hasSize(1);
    }

    @Test
    void listsOfAnyLengthTakeAsManyOnPostgres() {
        assumeTrue(database == TestDatabase.POSTGRESQL, "Elsewhere a list takes more, the longer it is");
        for (int length : new int[] {2, 50, 700}) {
            List<Click> clicks = Stream.generate(
                            () -> Given.click("sale", "m", Instant.now().truncatedTo(ChronoUnit.MICROS)))
                    .limit(length)
                    .toList();
            JdbcAttributionStore store = JdbcAttributionStore.builder(recorder.over(this.store.dataSource()))
                    .build();
            assertThat(told(() -> store.clicks().insert(clicks)))
                    .containsExactly(length < 64 ? "insert click" : "copy click");
            List<String> postbacks = new ArrayList<>(List.of("gk_click_id=nonsense"));
            clicks.forEach(click -> postbacks.add("gk_click_id=" + click.clickId()));
            assertThat(told(() -> attribution.postbacks(postbacks)))
                    .containsExactly("look up", "insert conversion and history");
            assertThat(told(() -> attribution.postbacks(postbacks)))
                    .containsExactly("look up", "insert conversion and history");
        }
    }

    @Test
    void aPostbackThatNamesNoClickTakesOneToWrite() {
        assertThat(told(() -> attribution.postback("gk_click_id=" + UUID.randomUUID())))
                .containsExactly(isAtOnce() ? "settle" : "look up", "insert history");
        assertThat(told(() -> attribution.postback("gk_click_id=nonsense"))).containsExactly("insert history");
    }

    private static boolean isLookUp(String told) {
        return told.equals("look up") || told.equals("settle");
    }

    private void offer(String offerId, DuplicatePolicy policy) {
        attribution
                .offers()
                .put(Offer.builder(offerId)
                        .trackingLink("https://example.com?c={gk_click_id}")
                        .duplicatePolicy(policy)
                        .build());
    }

    private String click() {
        return clickOf("sale");
    }

    private String clickOf(String offerId) {
        return "gk_click_id=" + attribution.click(ClickRequest.of(offerId, "m")).clickId();
    }

    /** Returns what the database is told in the meantime, as verb and table. */
    private List<String> told(Runnable call) {
        recorder.told.clear();
        call.run();
        return recorder.told.stream().map(StatementsTest::inShort).toList();
    }

    private static String inShort(String sql) {
        if (sql.startsWith("with added") || sql.startsWith("with given")) {
            return "insert conversion and history";
        }
        if (sql.startsWith("with claimed")) {
            return "insert scope, conversion and history";
        }
        if (sql.startsWith("with found")) {
            return "settle";
        }
        if (sql.startsWith("select q.n") || sql.startsWith("select k.")) {
            return "look up";
        }
        if (sql.startsWith("/*client prepare*/begin not atomic")) {
            return "transaction of inserts";
        }
        Matcher table = Pattern.compile("(?:from|into|copy) (?:\"\\w+\"\\.)?attribution_(\\w+)")
                .matcher(sql);
        return table.find()
                ? sql.substring(0, sql.indexOf(' ')) + " " + table.group(1)
                : sql.startsWith("set transaction") ? "set transaction" : sql;
    }
}
