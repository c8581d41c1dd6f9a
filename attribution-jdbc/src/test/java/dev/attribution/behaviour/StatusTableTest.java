package dev.attribution.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.Attribution;
import dev.attribution.click.Click;
import dev.attribution.click.ClickContext;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickIdGenerator;
import dev.attribution.click.ClickRequest;
import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.conversion.OperatorResult;
import dev.attribution.history.HistoryEntry.Origin;
import dev.attribution.offer.Offer;
import dev.attribution.postback.Caller;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackOutcome.Adjusted;
import dev.attribution.postback.PostbackOutcome.Attributed;
import dev.attribution.postback.PostbackOutcome.Held;
import dev.attribution.postback.PostbackOutcome.Kind;
import dev.attribution.postback.PostbackParameter;
import dev.attribution.report.ReportFilter;
import dev.attribution.spi.CallerRepository;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Which message does what to which conversion: the table of statuses, on every store. */
class StatusTableTest extends BehaviourTest {
    private static final Map<String, DuplicatePolicy> POLICIES = Map.of(
            "once", DuplicatePolicy.onePerClickAndMember(),
            "repeats", DuplicatePolicy.allowRepeatConversions(),
            "event", DuplicatePolicy.onePerEvent(),
            "member", DuplicatePolicy.onePerMemberAndOffer(),
            "two", DuplicatePolicy.atMost(2));

    /**
     * A policy, then messages and what each becomes. A message says a status, a transaction id or -, and perhaps an event
     * and an amount; 'other' before it means another click of the member. What operators do begins with '!'.
     */
    private static final String TABLE = """
            # nothing is addressed, and a place is free
            once:    pending 1 => HELD #1
            once:    approved 1 => ATTRIBUTED #1
            once:    says-nothing 1 => ATTRIBUTED #1
            once:    reversed 1 => REJECTED NOTHING_TO_REVERSE #1
            once:    reversed - => REJECTED NOTHING_TO_REVERSE
            repeats: approved 1 => ATTRIBUTED #1; approved 2 => ATTRIBUTED #2; reversed - => REJECTED AMBIGUOUS_REVERSAL

            # nothing is addressed, and the place is held
            once:    pending 1 => HELD #1; pending 2 => DUPLICATE PLACE_HELD #1; approved 2 => DUPLICATE PLACE_HELD #1; says-nothing 3 => DUPLICATE PLACE_HELD #1; reversed 2 => REJECTED NOTHING_TO_REVERSE #2
            once:    approved 1 => ATTRIBUTED #1; pending 2 => DUPLICATE ALREADY_CREDITED #1; approved 2 => DUPLICATE ALREADY_CREDITED #1; says-nothing - => DUPLICATE ALREADY_CREDITED #1; reversed 2 => REJECTED NOTHING_TO_REVERSE #2
            once:    approved 1 => ATTRIBUTED #1; reversed 1 => ADJUSTED REVERSED #1; pending 2 => DUPLICATE CONVERSION_REVERSED #1; approved 2 => DUPLICATE CONVERSION_REVERSED #1; says-nothing - => DUPLICATE CONVERSION_REVERSED #1
            once:    approved 1 => ATTRIBUTED #1; reversed 1 => ADJUSTED REVERSED #1; !reinstate #1 => done APPROVED; pending 2 => DUPLICATE ALREADY_CREDITED #1; approved 2 => DUPLICATE ALREADY_CREDITED #1
            once:    pending 1 => HELD #1; reversed 1 => ADJUSTED REVERSED #1; approved 2 => DUPLICATE CONVERSION_REVERSED #1
            event:   approved 1 a => ATTRIBUTED a #1; pending 2 b => HELD b #2; approved 3 b => DUPLICATE PLACE_HELD #2; approved 4 a => DUPLICATE ALREADY_CREDITED #1; approved 5 c => ATTRIBUTED c #3
            two:     pending 1 => HELD #1; approved 2 => ATTRIBUTED #2; approved 3 => DUPLICATE PLACE_HELD #1
            two:     approved 1 => ATTRIBUTED #1; reversed 1 => ADJUSTED REVERSED #1; approved 2 => ATTRIBUTED #2; approved 3 => DUPLICATE CONVERSION_REVERSED #1
            member:  pending 1 => HELD #1; other approved 2 => DUPLICATE PLACE_HELD #1; other pending 3 => DUPLICATE PLACE_HELD #1; approved 1 => ADJUSTED APPROVED #1; other approved 2 => DUPLICATE ALREADY_CREDITED #1
            member:  approved 1 => ATTRIBUTED #1; reversed 1 => ADJUSTED REVERSED #1; other approved 2 => DUPLICATE CONVERSION_REVERSED #1; other reversed 1 => REJECTED NOTHING_TO_REVERSE #2

            # a reservation
            once:    reversed 1 => REJECTED NOTHING_TO_REVERSE #1; pending 1 => DUPLICATE CONVERSION_REVERSED #1; approved 1 => DUPLICATE CONVERSION_REVERSED #1; says-nothing 1 => DUPLICATE CONVERSION_REVERSED #1; reversed 1 => DUPLICATE CONVERSION_REVERSED #1
            once:    reversed 1 => REJECTED NOTHING_TO_REVERSE #1; approved 2 => ATTRIBUTED #2; approved 1 => DUPLICATE CONVERSION_REVERSED #1; !reinstate #1 => nothing REVERSED
            event:   reversed 1 a => REJECTED NOTHING_TO_REVERSE #1; approved 2 a => ATTRIBUTED a #2; reversed - a => ADJUSTED REVERSED a #2
            member:  reversed 1 => REJECTED NOTHING_TO_REVERSE #1; other approved 2 => ATTRIBUTED #2; approved 3 => DUPLICATE ALREADY_CREDITED #2
            once:    reversed 1 => REJECTED NOTHING_TO_REVERSE #1; !reinstate #1 => nothing REVERSED; !approve #1 => nothing REVERSED; !reverse #1 => nothing REVERSED
            once:    reversed 1 => REJECTED NOTHING_TO_REVERSE #1; pending 1 a 2.00 => DUPLICATE CONVERSION_REVERSED #1; !reinstate #1 => nothing REVERSED
            once:    reversed 1 b 9.00 => REJECTED NOTHING_TO_REVERSE #1; pending 1 a 2.00 => DUPLICATE CONVERSION_REVERSED #1; approved 1 a 4.50 => DUPLICATE CONVERSION_REVERSED #1; approved 1 b 5.00 => DUPLICATE CONVERSION_REVERSED #1; !reinstate #1 => done APPROVED a 4.50; approved 1 => DUPLICATE CONVERSION_REINSTATED #1; approved 2 => DUPLICATE ALREADY_CREDITED #1
            member:  reversed 1 => REJECTED NOTHING_TO_REVERSE #1; says-nothing 1 => DUPLICATE CONVERSION_REVERSED #1; !reinstate #1 => done APPROVED; other approved 2 => DUPLICATE ALREADY_CREDITED #1
            two:     reversed 1 => REJECTED NOTHING_TO_REVERSE #1; approved 1 => DUPLICATE CONVERSION_REVERSED #1; !reinstate #1 => done APPROVED; approved 2 => ATTRIBUTED #2; approved 3 => DUPLICATE ALREADY_CREDITED #1

            # pending
            once:    pending 1 => HELD #1; pending 1 => DUPLICATE PLACE_HELD #1; approved 1 => ADJUSTED APPROVED #1
            once:    pending 1 => HELD #1; says-nothing 1 => ADJUSTED APPROVED #1
            once:    pending 1 => HELD #1; reversed 1 => ADJUSTED REVERSED #1
            once:    pending 1 a 3.00 => HELD a 3.00 #1; approved 1 a 4.50 => ADJUSTED APPROVED a 4.50 #1
            once:    pending 1 a 3.00 => HELD a 3.00 #1; approved 1 b => ADJUSTED APPROVED a 3.00 #1
            once:    pending 1 => HELD #1; !approve #1 => done APPROVED; pending 1 => DUPLICATE TRANSACTION_ALREADY_COUNTED #1
            once:    pending 1 => HELD #1; !reverse #1 => done REVERSED; approved 1 => DUPLICATE CONVERSION_REVERSED #1
            once:    pending 1 => HELD #1; !reinstate #1 => nothing PENDING

            # approved
            once:    approved 1 => ATTRIBUTED #1; pending 1 => DUPLICATE TRANSACTION_ALREADY_COUNTED #1; approved 1 => DUPLICATE TRANSACTION_ALREADY_COUNTED #1; says-nothing 1 => DUPLICATE TRANSACTION_ALREADY_COUNTED #1
            once:    approved - => ATTRIBUTED #1; pending - => DUPLICATE ALREADY_CREDITED #1; approved - => DUPLICATE ALREADY_CREDITED #1; says-nothing - => DUPLICATE ALREADY_CREDITED #1
            once:    approved 1 a 4.50 => ATTRIBUTED a 4.50 #1; approved 1 a 9.00 => DUPLICATE TRANSACTION_ALREADY_COUNTED #1; reversed 1 a 2.00 => ADJUSTED REVERSED a 4.50 #1
            once:    approved 1 => ATTRIBUTED #1; !approve #1 => nothing APPROVED; !reinstate #1 => nothing APPROVED; !reverse #1 => done REVERSED

            # reversed
            once:    approved 1 => ATTRIBUTED #1; reversed 1 => ADJUSTED REVERSED #1; pending 1 => DUPLICATE CONVERSION_REVERSED #1; approved 1 => DUPLICATE CONVERSION_REVERSED #1; says-nothing 1 => DUPLICATE CONVERSION_REVERSED #1; reversed 1 => DUPLICATE CONVERSION_REVERSED #1; !approve #1 => nothing REVERSED; !reverse #1 => nothing REVERSED
            once:    pending 1 a 3.00 => HELD a 3.00 #1; reversed 1 => ADJUSTED REVERSED a 3.00 #1; !reinstate #1 => done APPROVED a 3.00

            # reinstated
            once:    approved 1 => ATTRIBUTED #1; reversed 1 => ADJUSTED REVERSED #1; !reinstate #1 => done APPROVED; pending 1 => DUPLICATE CONVERSION_REINSTATED #1; approved 1 => DUPLICATE CONVERSION_REINSTATED #1; says-nothing 1 => DUPLICATE CONVERSION_REINSTATED #1; reversed 1 => DUPLICATE CONVERSION_REINSTATED #1; !reinstate #1 => nothing APPROVED
            once:    approved 1 => ATTRIBUTED #1; reversed 1 => ADJUSTED REVERSED #1; !reinstate #1 => done APPROVED; !reverse #1 => done REVERSED; reversed 1 => DUPLICATE CONVERSION_REVERSED #1; !reinstate #1 => done APPROVED

            # what a message without a transaction id addresses
            once:    pending - => HELD #1; approved - => ADJUSTED APPROVED #1; reversed - => ADJUSTED REVERSED #1; reversed - => DUPLICATE CONVERSION_REVERSED #1; pending - => DUPLICATE CONVERSION_REVERSED #1
            once:    pending - a => HELD a #1; approved - => DUPLICATE PLACE_HELD #1; approved - a => ADJUSTED APPROVED a #1
            once:    pending 1 => HELD #1; approved - => DUPLICATE PLACE_HELD #1; reversed - => ADJUSTED REVERSED #1
            once:    approved - => ATTRIBUTED #1; reversed 1 => REJECTED NOTHING_TO_REVERSE #2; reversed - => ADJUSTED REVERSED #1
            once:    approved 1 a => ATTRIBUTED a #1; reversed - b => REJECTED NOTHING_TO_REVERSE; reversed - a => ADJUSTED REVERSED a #1
            event:   pending - a => HELD a #1; pending - b => HELD b #2; approved - b => ADJUSTED APPROVED b #2; reversed - => REJECTED AMBIGUOUS_REVERSAL; reversed - b => ADJUSTED REVERSED b #2; reversed - b => DUPLICATE CONVERSION_REVERSED #2; reversed - => REJECTED AMBIGUOUS_REVERSAL
            repeats: approved - => ATTRIBUTED #1; approved - => ATTRIBUTED #2
            repeats: pending - => REJECTED TRANSACTION_ID_REQUIRED; pending 1 => HELD #1
            two:     pending - => REJECTED TRANSACTION_ID_REQUIRED; approved - => ATTRIBUTED #1; pending - => DUPLICATE ALREADY_CREDITED #1
            """;

    /** A row of the table while it is played. */
    private static final class Row {
        final String text;
        final String policy;
        final List<String[]> steps = new ArrayList<>();
        final List<UUID> conversions = new ArrayList<>();
        final List<ClickId> clicks = new ArrayList<>();
        final List<String> played = new ArrayList<>();
        int balance;

        Row(String text) {
            this.text = text.replaceAll(" +", " ");
            policy = text.substring(0, text.indexOf(':'));
            for (String step : this.text.substring(policy.length() + 1).split(";", -1)) {
                steps.add(step.trim().split(" => ", -1));
            }
        }

        List<String> expected() {
            return steps.stream().map(step -> step[0] + " => " + step[1]).toList();
        }

        String query(String message) {
            boolean isOther = message.startsWith("other ");
            String[] words = (isOther ? message.substring("other ".length()) : message).split(" ", -1);
            return "sub1=" + clicks.get(isOther ? 1 : 0)
                    + (words[0].equals("says-nothing") ? "" : "&state=" + words[0].charAt(0))
                    + (words[1].equals("-") ? "" : "&tx=" + words[1])
                    + (words.length > 2 ? "&goal=" + words[2] : "")
                    + (words.length > 3 ? "&amount=" + words[3] + "&cur=EUR" : "");
        }

        String number(UUID conversionId) {
            if (!conversions.contains(conversionId)) {
                conversions.add(conversionId);
            }
            return "#" + (conversions.indexOf(conversionId) + 1);
        }

        void play(String message, PostbackOutcome outcome) {
            StringBuilder said = new StringBuilder(outcome.kind().toString());
            outcome.reason().ifPresent(reason -> said.append(' ').append(reason));
            if (outcome instanceof Attributed attributed) {
                balance++;
                said.append(worth(attributed.conversion()));
            } else if (outcome instanceof Held held) {
                said.append(worth(held.conversion()));
            } else if (outcome instanceof Adjusted adjusted) {
                balance += money(adjusted.before(), adjusted.after());
                said.append(' ').append(adjusted.after().status()).append(worth(adjusted.after()));
            }
            outcome.conversionId().ifPresent(id -> said.append(' ').append(number(id)));
            played.add(message + " => " + said);
        }

        void play(String act, OperatorResult result) {
            balance += money(result.before(), result.after());
            played.add(act + " => " + (result.isChanged() ? "done " : "nothing ")
                    + result.after().status() + worth(result.after()));
        }

        private static int money(Conversion before, Conversion after) {
            return (after.status() == ConversionStatus.APPROVED ? 1 : 0)
                    - (before.status() == ConversionStatus.APPROVED ? 1 : 0);
        }

        private static String worth(Conversion conversion) {
            return conversion.eventId().map(event -> " " + event).orElse("")
                    + conversion
                            .payout()
                            .map(payout -> " " + payout.setScale(2).toPlainString())
                            .orElse("");
        }
    }

    @Test
    void everyMessageDoesToEveryConversionWhatTheTableSays() {
        attribution = Attribution.builder(store)
                .clock(clock)
                .callers(CallerRepository.of(words().build()))
                .build();
        POLICIES.forEach((name, policy) -> attribution
                .offers()
                .put(Offer.builder(name)
                        .trackingLink(LINK)
                        .duplicatePolicy(policy)
                        .build()));
        List<Row> rows = TABLE.lines()
                .filter(line -> line.contains(":") && !line.startsWith("#"))
                .map(Row::new)
                .toList();
        for (int i = 0; i < rows.size(); i++) {
            for (int click = 0; click < 2; click++) {
                rows.get(i)
                        .clicks
                        .add(attribution
                                .click(ClickRequest.of(rows.get(i).policy, "member-" + i))
                                .clickId());
            }
        }

        for (int step = 0; play(rows, step); step++) {
            clock.moveBy(Duration.ofSeconds(1));
        }

        assertThat(rows).allSatisfy(row -> assertThat(row.played).isEqualTo(row.expected()));
        Map<ClickId, Long> approved = approvedByClick();
        assertThat(rows)
                .allSatisfy(row -> assertThat((long) row.balance)
                        .as(row.text)
                        .isEqualTo(row.clicks.stream()
                                .mapToLong(click -> approved.getOrDefault(click, 0L))
                                .sum()));
        System.out.println("The table of statuses: " + rows.size() + " rows with "
                + rows.stream().mapToInt(row -> row.steps.size()).sum() + " messages and acts on " + kind);
    }

    private boolean play(List<Row> rows, int step) {
        Attribution from = attribution.from(words().build());
        List<Row> calling = new ArrayList<>();
        List<String> queries = new ArrayList<>();
        boolean isPlayed = false;
        for (Row row : rows) {
            if (step < row.steps.size()) {
                isPlayed = true;
                String says = row.steps.get(step)[0];
                if (says.startsWith("!")) {
                    row.play(says, act(row, says));
                } else {
                    calling.add(row);
                    queries.add(row.query(says));
                }
            }
        }
        List<PostbackOutcome> outcomes = from.postbacks(queries);
        for (int i = 0; i < outcomes.size(); i++) {
            calling.get(i).play(calling.get(i).steps.get(step)[0], outcomes.get(i));
        }
        return isPlayed;
    }

    private OperatorResult act(Row row, String act) {
        UUID conversionId = row.conversions.get(act.charAt(act.length() - 1) - '1');
        return switch (act.substring(1, act.indexOf(' '))) {
            case "approve" -> attribution.approve(conversionId);
            case "reverse" -> attribution.reverse(conversionId);
            default -> attribution.reinstate(conversionId);
        };
    }

    private Map<ClickId, Long> approvedByClick() {
        return attribution
                .reports()
                .conversions(
                        ReportFilter.builder().status(ConversionStatus.APPROVED).build(), 1_000)
                .rows()
                .stream()
                .collect(Collectors.groupingBy(Conversion::clickId, Collectors.counting()));
    }

    /** What a caller is, the signs of one call, and what the call becomes on a click of its own. The dash stands for nothing. */
    private static final String SIGNS = """
            words    | state=a                     | ATTRIBUTED
            words    | state=A                     | ATTRIBUTED
            words    | state=p                     | HELD
            words    |                             | ATTRIBUTED
            words    | amount=1.50                 | ATTRIBUTED
            words    | amount=nonsense             | ATTRIBUTED
            words    | amount=-0                   | ATTRIBUTED
            words    | amount=-0.00&state=a        | ATTRIBUTED
            words    | state=r                     | NOTHING_TO_REVERSE
            words    | amount=-1.50                | NOTHING_TO_REVERSE
            words    | amount=-1.50&state=a        | NOTHING_TO_REVERSE
            words    | amount=-1.50&state=unknown  | NOTHING_TO_REVERSE
            words    | state=r&amount=(1.50)       | NOTHING_TO_REVERSE
            words    | state=                      | UNKNOWN_STATUS
            words    | state=%20                   | UNKNOWN_STATUS
            words    | state                       | UNKNOWN_STATUS
            words    | state={status}              | UNKNOWN_STATUS
            words    | state=%7Bstatus%7D          | UNKNOWN_STATUS
            words    | state=unknown               | UNKNOWN_STATUS
            words    | state=approved              | UNKNOWN_STATUS
            words    | amount=-1,50                | UNKNOWN_STATUS
            words    | amount=%E2%88%921.50        | UNKNOWN_STATUS
            words    | amount=(1.50)               | UNKNOWN_STATUS
            words    | amount=-                    | ATTRIBUTED
            words    | state=a&amount=(1.50)       | UNKNOWN_STATUS
            words    | state=a&state=r             | MALFORMED_POSTBACK
            words    | state=a&state=              | MALFORMED_POSTBACK
            words    | state=a&state=a             | ATTRIBUTED
            words    | amount=1&amount=-1          | MALFORMED_POSTBACK
            reversal |                             | NOTHING_TO_REVERSE
            reversal | amount=4.50                 | NOTHING_TO_REVERSE
            other    | state=a                     | ATTRIBUTED
            other    | state=whatever              | NOTHING_TO_REVERSE
            other    | state=                      | UNKNOWN_STATUS
            other    | state={status}              | UNKNOWN_STATUS
            absent   |                             | HELD
            absent   | state=a                     | ATTRIBUTED
            absent   | state=                      | UNKNOWN_STATUS
            when     | goal=refund                 | NOTHING_TO_REVERSE
            when     | goal=sale                   | ATTRIBUTED
            when     | goal=other                  | UNKNOWN_STATUS
            when     | goal=                       | UNKNOWN_STATUS
            when     |                             | ATTRIBUTED
            when     | goal=sale&state=r           | NOTHING_TO_REVERSE
            when     | goal=sale&state=unknown     | UNKNOWN_STATUS
            minus    | amount=-1.50                | ATTRIBUTED
            minus    | amount=(1.50)               | ATTRIBUTED
            """;

    @Test
    void aStatusIsTheHighestOfItsSignsAndFailsClosed() {
        putOffer(DuplicatePolicy.onePerClickAndMember());
        Map<String, Attribution> callers = Map.of(
                "words", attribution.from(words().build()),
                "reversal",
                        attribution.from(named("reversal")
                                .everyCallIs(ConversionStatus.REVERSED)
                                .build()),
                "other",
                        attribution.from(
                                words().otherWords(ConversionStatus.REVERSED).build()),
                "absent",
                        attribution.from(
                                words().whenAbsent(ConversionStatus.PENDING).build()),
                "when",
                        attribution.from(words().statusWhen("goal", "refund", ConversionStatus.REVERSED)
                                .statusWhen("goal", "sale", ConversionStatus.APPROVED)
                                .build()),
                "minus", attribution.from(words().negativePayoutIsNoSign().build()));
        List<String> expected = SIGNS.lines().toList();
        Map<String, List<Integer>> byCaller = new LinkedHashMap<>();
        List<String> queries = new ArrayList<>();
        for (int i = 0; i < expected.size(); i++) {
            byCaller.computeIfAbsent(expected.get(i).split(" ", -1)[0], name -> new ArrayList<>())
                    .add(i);
            queries.add("sub1=" + click().clickId() + "&"
                    + expected.get(i).split("\\|", -1)[1].trim());
        }
        clock.moveBy(Duration.ofSeconds(1));

        String[] actual = new String[expected.size()];
        byCaller.forEach((name, indices) -> {
            List<PostbackOutcome> outcomes = callers.get(name)
                    .postbacks(indices.stream().map(queries::get).toList());
            for (int i = 0; i < outcomes.size(); i++) {
                PostbackOutcome outcome = outcomes.get(i);
                String line = expected.get(indices.get(i));
                actual[indices.get(i)] = line.substring(0, line.lastIndexOf('|') + 2)
                        + outcome.reason()
                                .map(Object::toString)
                                .orElse(outcome.kind().toString());
            }
        });

        assertThat(actual).containsExactlyElementsOf(expected);
    }

    @Test
    void anEventThatServesAsAStatusDoesNotAddress() {
        putOffer(DuplicatePolicy.onePerClickAndMember());
        Attribution from = attribution.from(words().statusWhen("goal", "refund", ConversionStatus.REVERSED)
                .statusWhen("goal", "sale", ConversionStatus.APPROVED)
                .build());
        String click = "sub1=" + click().clickId();
        clock.moveBy(Duration.ofSeconds(1));

        PostbackOutcome sale = from.postback(click + "&goal=sale");
        PostbackOutcome refund = from.postback(click + "&goal=refund");

        assertThat(((Attributed) sale).conversion().eventId()).isEmpty();
        assertThat(refund.kind()).isEqualTo(Kind.ADJUSTED);
        assertThat(refund.conversionId()).isEqualTo(sale.conversionId());
    }

    @Test
    void theRulesOfAnOfferJudgeWhatTakesAPlaceAndNoChange() {
        attribution
                .offers()
                .put(Offer.builder(OFFER)
                        .trackingLink(LINK)
                        .duplicatePolicy(DuplicatePolicy.allowRepeatConversions())
                        .attributionWindow(Duration.ofDays(7))
                        .acceptedEvents("sale")
                        .requireTransactionId()
                        .build());
        Attribution from = attribution.from(words().build());
        String click = "sub1=" + click().clickId();
        clock.moveBy(Duration.ofSeconds(1));

        assertThat(from.postbacks(List.of(
                        click + "&state=p&tx=1&goal=other",
                        click + "&state=p&goal=sale",
                        click + "&state=p&tx=1&goal=sale")))
                .extracting(StatusTableTest::told)
                .containsExactly("REJECTED EVENT_NOT_ACCEPTED", "REJECTED TRANSACTION_ID_REQUIRED", "HELD");
        clock.moveBy(Duration.ofDays(60));
        assertThat(from.postbacks(List.of(
                        click + "&state=a&tx=2&goal=sale",
                        click + "&state=a&tx=1&goal=other&user=somebody",
                        click + "&state=a&tx=1&goal=other",
                        click + "&state=r&tx=1&user=somebody",
                        click + "&state=r&tx=1",
                        click + "&state=r&tx=3&goal=other")))
                .extracting(StatusTableTest::told)
                .containsExactly(
                        "REJECTED OUTSIDE_WINDOW",
                        "REJECTED MEMBER_MISMATCH",
                        "ADJUSTED",
                        "REJECTED MEMBER_MISMATCH",
                        "ADJUSTED",
                        "REJECTED NOTHING_TO_REVERSE");
        assertThat(attribution.reports().conversions(ReportFilter.all(), 10).rows())
                .as("a reservation is in no list")
                .hasSize(1);
    }

    @Test
    void anAmountThatIsNotTakenOverIsNotedWithBothAmounts() {
        putOffer(DuplicatePolicy.onePerClickAndMember());
        Attribution from = attribution.from(words().build());
        String click = "sub1=" + click().clickId() + "&tx=1&cur=EUR";
        clock.moveBy(Duration.ofSeconds(1));
        for (String says : List.of("a&amount=4.50", "a&amount=4.5", "a&amount=9", "r&amount=-2.00", "a&amount=7")) {
            from.postback(click + "&state=" + says);
            clock.moveBy(Duration.ofSeconds(1));
        }

        List<String> notes =
                history().stream().map(entry -> String.join("", entry.notes())).toList();

        assertThat(notes)
                .containsExactly( // the newest first
                        "the postback says 7 EUR; the conversion keeps 4.5 EUR",
                        "the postback says 2 EUR; the conversion keeps 4.5 EUR",
                        "the postback says 9 EUR; the conversion keeps 4.5 EUR",
                        "",
                        "");
    }

    @Test
    void whatIsPendingForLongIsReversedInBatchesAndInHistory() {
        putOffer(DuplicatePolicy.onePerClickAndMember());
        Attribution from = attribution.from(words().build());
        List<Click> clicks = new ArrayList<>();
        ClickIdGenerator ids = ClickIdGenerator.timeOrdered();
        for (int i = 0; i < 1_003; i++) {
            clicks.add(new Click(ids.next(), OFFER, "member-" + i, clock.instant(), ClickContext.empty()));
        }
        attribution.importClicks(clicks);
        clock.moveBy(Duration.ofSeconds(1));
        from.postbacks(clicks.stream()
                .map(click -> "sub1=" + click.clickId() + "&tx=1&state=p")
                .toList());
        from.postbacks(List.of(
                "sub1=" + clicks.get(0).clickId() + "&tx=1&state=a",
                "sub1=" + clicks.get(1).clickId() + "&tx=1&state=r"));
        clock.moveBy(Duration.ofDays(30));
        from.postback("sub1=" + click().clickId() + "&tx=1&state=p");

        assertThat(attribution.reversePending(Duration.ofDays(31))).isZero();
        assertThat(attribution.reversePending(Duration.ofDays(29))).isEqualTo(1_001);
        assertThat(attribution.reversePending(Duration.ofDays(29))).isZero();

        assertThat(attribution.reports().conversions(ReportFilter.all(), 2_000).rows().stream()
                        .collect(Collectors.groupingBy(Conversion::status, Collectors.counting())))
                .isEqualTo(Map.of(
                        ConversionStatus.PENDING,
                        1L,
                        ConversionStatus.APPROVED,
                        1L,
                        ConversionStatus.REVERSED,
                        1_002L));
        assertThat(history())
                .filteredOn(entry -> entry.origin() == Origin.OPERATOR)
                .hasSize(1_001)
                .allMatch(
                        entry -> entry.kind() == Kind.ADJUSTED && entry.change().isPresent());
    }

    private static String told(PostbackOutcome outcome) {
        return outcome.kind() + outcome.reason().map(reason -> " " + reason).orElse("");
    }

    private static Caller.Builder words() {
        return named("wall")
                .parameter(PostbackParameter.STATUS, "state")
                .status("p", ConversionStatus.PENDING)
                .status("a", ConversionStatus.APPROVED)
                .status("r", ConversionStatus.REVERSED);
    }

    private static Caller.Builder named(String name) {
        return Caller.named(name)
                .parameter(PostbackParameter.CLICK_ID, "sub1")
                .parameter(PostbackParameter.TRANSACTION_ID, "tx")
                .parameter(PostbackParameter.EVENT_ID, "goal")
                .parameter(PostbackParameter.PAYOUT, "amount")
                .parameter(PostbackParameter.CURRENCY, "cur")
                .parameter(PostbackParameter.MEMBER_ID, "user");
    }
}
