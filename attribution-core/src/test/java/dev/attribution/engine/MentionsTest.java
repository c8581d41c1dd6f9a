package dev.attribution.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.conversion.ConversionStatus;
import dev.attribution.history.HistoryEntry;
import dev.attribution.postback.Caller;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.PostbackParameter;
import dev.attribution.postback.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A postback of another member is erased if it names the forgotten one, and stays if it only looks like it. */
class MentionsTest {
    private static final Caller SHOP = Caller.named("shop")
            .parameter(PostbackParameter.CLICK_ID, "sub1")
            .parameter(PostbackParameter.PAYOUT, "sum")
            .parameter(PostbackParameter.STATUS, "state")
            .status("cleared", ConversionStatus.APPROVED)
            .build();

    private static HistoryEntry.Builder entry() {
        return HistoryEntry.builder(UUID.randomUUID())
                .receivedAt(Instant.parse("2026-03-01T12:00:00Z"))
                .outcome(Kind.UNATTRIBUTED, Reason.MISSING_CLICK_ID);
    }

    private static boolean isInQuery(String memberId, String query) {
        return isIn(memberId, entry().query(query, false).build());
    }

    private static boolean isInBody(String memberId, String body) {
        return isIn(memberId, entry().query("", false).body(body, "text/plain").build());
    }

    private static boolean isIn(String memberId, HistoryEntry entry) {
        return new Mentions(memberId).isIn(entry, Optional.of(Caller.standard()));
    }

    @ParameterizedTest
    @CsvSource({
        "ann@example.com, x=ann%40example.com",
        "ann@example.com, x=ann%2540example.com",
        "ann@example.com, x=(ann%40example.com)",
        "ann@example.com, x=to+ann%40example.com.",
        "ann@example.com, ann%40example.com",
        "ann@example.com, ann%40example.com=1",
        "user-1, x=user-1",
        "user-1, x=%2Fu%2Fuser-1%3Fa",
        "user-1, member_id=user-1",
        "alexandra, x=alexandra",
        "4711, x=4711",
        "ann, x=ann",
    })
    void findsAMember(String memberId, String query) {
        assertThat(isInQuery(memberId, query)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "payout, payout=1.50",
        "payout, x=payout",
        "approved, status=approved",
        "approved, x=approved",
        "ann@example.com, x=mary.ann%40example.com",
        "ann@example.com, x=mary%2Bann%40example.com",
        "ann@example.com, x=mary.ann%2540example.com",
        "ann@example.com, x=ann%40example.com.au",
        "ann@example.com, x=ann%40example.com%252Eau",
        "user-1, x=user-1-b",
        "user-1, x=user-1%2Db",
        "user-1, x=user-12",
        "member-, x=member-7",
        "user-1, user-1=x",
        "spring-sale, offer_id=spring-sale",
        "level_2, event_id=level_2",
        "alexandra, x=dear+alexandra",
        "4711, payout=4711",
        "4711, x=14711",
        "4711, transaction_id=4711",
    })
    void leavesWhatOnlyLooksLikeAMember(String memberId, String query) {
        assertThat(isInQuery(memberId, query)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "4711 | {\"user\":4711,\"payout\":1}",
                "4711 | {\"user\": \"4711\"}",
                "4711 | [{\"users\":[12, 4711]}]",
                "ann@example.com | {\"mail\":\"ann\\u0040example.com\"}",
                "ann@example.com | {\"ann@example.com\":1}",
                "ann@example.com | {\"text\":\"Dear ann@example.com, hello\"}",
                "ann@example.com | {\"mail\":\"ann@example.com",
                "ann@example.com | {mail; ann@example.com}",
                "ann@example.com | Dear ann@example.com.",
                "ann@example.com | <mail>ann@example.com</mail>",
                "user-1 | a=1&b=user-1",
            })
    void findsAMemberInABody(String memberId, String body) {
        assertThat(isInBody(memberId, body)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "4711 | {\"payout\":4711}",
                "4711 | {\"payout\":\"4711\",\"4711\":1}",
                "4711 | {\"x\":4711.5}",
                "user-1 | {\"user-1\":\"x\"}",
                "user-1 | {\"x\":\"user-1-b\"}",
                "payout | {\"payout\":1}",
                "payout | {\"x\":\"payout\"}",
                "ann@example.com | Dear mary.ann@example.com, hello",
                "user-1 | a=1&user-1=b",
            })
    void leavesABodyThatOnlyLooksLikeAMember(String memberId, String body) {
        assertThat(isInBody(memberId, body)).isFalse();
    }

    @Test
    void readsTheLanguageOfTheCaller() {
        for (String query : List.of("sum=4711", "x=cleared", "state=cleared")) {
            String memberId = query.contains("4711") ? "4711" : "cleared";
            assertThat(new Mentions(memberId).isIn(entry().query(query, false).build(), Optional.of(SHOP)))
                    .as(query)
                    .isFalse();
        }
        assertThat(isInQuery("4711", "sum=4711")).isTrue();
        assertThat(isInQuery("cleared", "x=cleared")).isTrue();
    }

    @Test
    void findsAMemberInNotesAndReceivedClickIds() {
        assertThat(isIn(
                        "user-1",
                        entry().query("", false)
                                .notes(List.of("unread: user-1"))
                                .build()))
                .isTrue();
        assertThat(isIn("ann", entry().query("", false).clickId("ann", null).build()))
                .isTrue();
    }
}
