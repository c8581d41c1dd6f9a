package dev.attribution.examples.fuzz;

import de.siegmar.fastcsv.reader.CsvReader;
import dev.attribution.Attribution;
import dev.attribution.click.ClickRequest;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.history.HistoryEntry;
import dev.attribution.memory.InMemoryAttributionStore;
import dev.attribution.offer.Offer;
import dev.attribution.postback.Caller;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackParameter;
import dev.attribution.postback.PostbackRequest;
import dev.attribution.postback.PostbackVerifier;
import dev.attribution.report.ReportFilter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** A few messages about two clicks: what is paid, what is kept, and what is not shown. */
final class Money {
    private static final String SECRET = "s3cret-of-the-caller";
    private static final Set<Integer> STATUSES = Set.of(200, 400, 403, 404, 405, 422);
    private static final Caller SIGNED = Caller.named("wall")
            .parameter(PostbackParameter.CLICK_ID, "gk_click_id")
            .parameter(PostbackParameter.TRANSACTION_ID, "transaction_id")
            .parameter(PostbackParameter.EVENT_ID, "event_id")
            .parameter(PostbackParameter.STATUS, "status")
            .parameter(PostbackParameter.PAYOUT, "payout")
            .testCalls("test", "1")
            .verifier(PostbackVerifier.sharedSecret("token", SECRET))
            .build();

    private Money() {}

    static void check(Choices choices) {
        Instant[] now = {Instant.parse("2026-03-02T10:00:00Z")};
        Attribution attribution = Attribution.builder(new InMemoryAttributionStore())
                .clock(() -> now[0])
                .build();
        int places = choices.below(3);
        attribution
                .offers()
                .put(Offer.builder("o")
                        .trackingLink("https://e.com/?s={gk_click_id}")
                        .duplicatePolicy(
                                switch (places) {
                                    case 0 -> DuplicatePolicy.onePerClickAndMember();
                                    case 1 -> DuplicatePolicy.atMost(2);
                                    default -> DuplicatePolicy.allowRepeatConversions();
                                })
                        .build());
        boolean isSigned = choices.oneIn(2);
        Attribution from = isSigned ? attribution.from(SIGNED) : attribution;
        String[] clicks = new String[2];
        for (int i = 0; i < 2; i++) {
            clicks[i] = attribution
                    .click(ClickRequest.of("o", "member-" + i))
                    .clickId()
                    .value();
        }
        List<PostbackOutcome> outcomes = new ArrayList<>();
        Map<UUID, Integer> paid = new HashMap<>();
        int calls = 2 + choices.below(5);
        PostbackRequest last = null;
        for (int i = 0; i < calls; i++) {
            now[0] = now[0].plusSeconds(30);
            boolean isRepeat = last != null && choices.oneIn(3);
            boolean isForged = choices.oneIn(4);
            PostbackRequest call = isRepeat ? last : call(choices, clicks[choices.below(2)], isSigned, isForged);
            PostbackOutcome outcome = from.postback(call);
            boolean moved = pay(paid, outcome);
            Holds.that(
                    places > 0
                            || !moved
                            || !isRepeat
                            || !outcomes.get(outcomes.size() - 1).kind().equals(outcome.kind()),
                    "a repeat moves no money");
            Holds.that(!moved || !isSigned || isRepeat || !isForged, "a forged call moves no money");
            Holds.that(STATUSES.contains(outcome.httpAnswer().status()), "an answer of the list");
            Holds.that(!outcome.toString().contains(SECRET), "no description has the secret");
            outcomes.add(outcome);
            last = call;
        }
        kept(attribution, outcomes, paid, places);
        if (choices.oneIn(3)) {
            shown(attribution);
        }
    }

    private static PostbackRequest call(Choices choices, String click, boolean isSigned, boolean isForged) {
        String query = Postbacks.query(choices, click);
        String token = isSigned ? "&token=" + (isForged ? "s3cret" : SECRET) : "";
        String text = choices.log("call", query + token);
        return choices.oneIn(3)
                ? PostbackRequest.post(
                                "https://h.com/pb?x=1" + token,
                                "application/x-www-form-urlencoded",
                                query.getBytes(StandardCharsets.UTF_8))
                        .build()
                : PostbackRequest.get(text).build();
    }

    /** Returns whether money moved, and counts it for its conversion: never twice in, never out before in. */
    private static boolean pay(Map<UUID, Integer> paid, PostbackOutcome outcome) {
        int change = 0;
        if (outcome instanceof PostbackOutcome.Attributed) {
            change = 1;
        } else if (outcome instanceof PostbackOutcome.Adjusted adjusted) {
            change = balance(adjusted.after()) - balance(adjusted.before());
        }
        if (change != 0) {
            int sum = paid.merge(outcome.conversionId().orElseThrow(), change, Integer::sum);
            Holds.that(sum == 0 || sum == 1, "a conversion is paid once");
        }
        return change != 0;
    }

    private static int balance(Conversion conversion) {
        return conversion.status() == ConversionStatus.APPROVED ? 1 : 0;
    }

    private static void kept(
            Attribution attribution, List<PostbackOutcome> outcomes, Map<UUID, Integer> paid, int places) {
        List<HistoryEntry> history =
                attribution.reports().history(ReportFilter.all(), 100).rows();
        Holds.same(history.size(), outcomes.size(), "each outcome has one entry");
        for (HistoryEntry entry : history) {
            Holds.that(
                    !(entry.query() + entry.body() + entry.notes() + entry).contains(SECRET),
                    "no entry has the secret");
        }
        Map<String, Integer> perClick = new HashMap<>();
        for (Conversion conversion :
                attribution.reports().conversions(ReportFilter.all(), 100).rows()) {
            perClick.merge(conversion.clickId().value(), 1, Integer::sum);
            Holds.same(
                    paid.getOrDefault(conversion.conversionId(), 0),
                    balance(conversion),
                    "what was paid is what is stored");
        }
        Holds.that(
                places == 2 || perClick.values().stream().allMatch(count -> count <= places + 1),
                "the policy's limit holds");
    }

    private static void shown(Attribution attribution) {
        StringBuilder history = new StringBuilder();
        attribution.reports().csv().history(ReportFilter.all(), history);
        isSafe(history.toString());
        StringBuilder conversions = new StringBuilder();
        attribution.reports().csv().conversions(ReportFilter.all(), conversions);
        isSafe(conversions.toString());
    }

    private static void isSafe(String csv) {
        Holds.that(!csv.contains(SECRET), "no file has the secret");
        CsvReader.builder()
                .ofCsvRecord(csv)
                .forEach(record -> record.getFields().forEach(Money::isNoFormula));
    }

    private static void isNoFormula(String cell) {
        String text = cell.strip();
        if (!text.isEmpty() && "=+-@".indexOf(text.charAt(0)) >= 0) {
            try {
                new BigDecimal(text);
            } catch (NumberFormatException e) {
                throw new AssertionError("does not hold: a cell is no formula: " + cell, e);
            }
        }
    }
}
