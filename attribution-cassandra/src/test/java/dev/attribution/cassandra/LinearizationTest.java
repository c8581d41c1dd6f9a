package dev.attribution.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.Attribution;
import dev.attribution.cassandra.Said.What;
import dev.attribution.click.ClickId;
import dev.attribution.click.ClickIdGenerator;
import dev.attribution.click.ClickRequest;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.memory.InMemoryAttributionStore;
import dev.attribution.offer.Offer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The checker of the races accepts what a correct store can answer, and nothing else. */
class LinearizationTest {
    private static final ClickId CLICK = ClickIdGenerator.random().next();
    private static final List<What> WHATS = List.of(What.values());
    private static final Said CREDIT = Said.credit(CLICK);
    private static final Said REVERSAL = new Said(CLICK, What.REVERSAL, "", false);
    private static final Said LOOK = new Said(CLICK, What.LOOK, "", false);
    private static final Outcome WON = new Outcome("ATTRIBUTED - c1");
    private static final Outcome WON_TOO = new Outcome("ATTRIBUTED - c2");
    private static final Outcome REPEATED = new Outcome("DUPLICATE ALREADY_CREDITED c1");
    private static final Outcome REVERSED = new Outcome("ADJUSTED - c1");
    private static final Outcome NOTHING_TO_REVERSE = new Outcome("REJECTED NOTHING_TO_REVERSE -");
    private static final Outcome FOUND_NOTHING = new Outcome("FOUND ");
    private static final Outcome FOUND_CREDIT = new Outcome("FOUND c1:APPROVED");
    private static final Outcome FOUND_REVERSAL = new Outcome("FOUND c1:REVERSED");

    @Test
    void acceptsACreditAndItsDuplicateInEitherOrderOfTheirBeginnings() {
        assertThat(refute(FOUND_CREDIT, call(1, CREDIT, 0, 10, WON), call(2, CREDIT, 1, 9, REPEATED)))
                .isEmpty();
        assertThat(refute(FOUND_CREDIT, call(1, CREDIT, 1, 9, WON), call(2, CREDIT, 0, 10, REPEATED)))
                .isEmpty();
    }

    @Test
    void rejectsASecondCredit() {
        assertThat(refute(
                        new Outcome("FOUND c1:APPROVED,c2:APPROVED"),
                        call(1, CREDIT, 0, 10, WON),
                        call(2, CREDIT, 0, 10, WON_TOO)))
                .isPresent();
    }

    @Test
    void rejectsACreditThatIsNotStored() {
        assertThat(refute(FOUND_NOTHING, call(1, CREDIT, 0, 10, WON))).isPresent();
    }

    @Test
    void rejectsAnAnswerWithoutAnEntry() {
        assertThat(Linearization.refute(
                        SequentialModel.perClick(1),
                        List.of(call(1, CREDIT, 0, 10, WON)),
                        Map.of(),
                        Map.of(CLICK, FOUND_CREDIT)))
                .isPresent();
    }

    @Test
    void rejectsAnEntryThatDiffersFromItsAnswer() {
        assertThat(Linearization.refute(
                        SequentialModel.perClick(1),
                        List.of(call(1, CREDIT, 0, 10, WON)),
                        Map.of(1, List.of(WON_TOO)),
                        Map.of(CLICK, FOUND_CREDIT)))
                .isPresent();
    }

    @Test
    void rejectsASecondEntryOfAMessageThatWasSentOnce() {
        assertThat(Linearization.refute(
                        SequentialModel.perClick(1),
                        List.of(call(1, CREDIT, 0, 10, WON)),
                        Map.of(1, List.of(WON, REPEATED)),
                        Map.of(CLICK, FOUND_CREDIT)))
                .isPresent();
    }

    @Test
    void rejectsADuplicateThatWasAnsweredBeforeTheCreditBegan() {
        assertThat(refute(FOUND_CREDIT, call(1, CREDIT, 5, 10, WON), call(2, CREDIT, 0, 4, REPEATED)))
                .isPresent();
    }

    @Test
    void rejectsAReversalThatIsLost() {
        assertThat(refute(FOUND_CREDIT, call(1, CREDIT, 0, 1, WON), call(2, REVERSAL, 2, 3, REVERSED)))
                .isPresent();
        assertThat(refute(FOUND_REVERSAL, call(1, CREDIT, 0, 1, WON), call(2, REVERSAL, 2, 3, REVERSED)))
                .isEmpty();
    }

    @Test
    void rejectsAReversalThatDoesNotSeeTheCreditBeforeIt() {
        assertThat(refute(FOUND_CREDIT, call(1, CREDIT, 0, 1, WON), call(2, REVERSAL, 2, 3, NOTHING_TO_REVERSE)))
                .isPresent();
        assertThat(refute(FOUND_CREDIT, call(1, CREDIT, 0, 3, WON), call(2, REVERSAL, 2, 4, NOTHING_TO_REVERSE)))
                .isEmpty();
    }

    @Test
    void rejectsTwoReversalsOfOneCredit() {
        assertThat(refute(
                        FOUND_REVERSAL,
                        call(1, CREDIT, 0, 1, WON),
                        call(2, REVERSAL, 2, 5, REVERSED),
                        call(3, REVERSAL, 2, 5, REVERSED)))
                .isPresent();
    }

    @Test
    void rejectsACreditThatSeesTheReversalTooLate() {
        assertThat(refute(
                        FOUND_REVERSAL,
                        call(1, CREDIT, 0, 1, WON),
                        call(2, REVERSAL, 2, 3, REVERSED),
                        call(3, CREDIT, 4, 5, REPEATED)))
                .isPresent();
    }

    @Test
    void rejectsALookThatFindsLessThanAnEarlierOne() {
        RecordedCall credit = call(1, CREDIT, 0, 10, WON);

        assertThat(refute(FOUND_CREDIT, credit, call(2, LOOK, 1, 2, FOUND_CREDIT), call(3, LOOK, 3, 4, FOUND_NOTHING)))
                .isPresent();
        assertThat(refute(FOUND_CREDIT, credit, call(2, LOOK, 1, 2, FOUND_NOTHING), call(3, LOOK, 3, 4, FOUND_CREDIT)))
                .isEmpty();
        assertThat(refute(FOUND_CREDIT, credit, call(2, LOOK, 11, 12, FOUND_NOTHING)))
                .isPresent();
    }

    @Test
    void acceptsACallWithoutAnAnswerWithAndWithoutItsEntry() {
        RecordedCall lost = RecordedCall.unanswered(1, CREDIT, 0);

        assertThat(refute(Map.of(1, List.of(WON)), FOUND_CREDIT, lost)).isEmpty();
        assertThat(refute(Map.of(), FOUND_NOTHING, lost)).isEmpty();
        assertThat(refute(Map.of(1, List.of(WON)), FOUND_NOTHING, lost)).isPresent();
        assertThat(refute(Map.of(), FOUND_CREDIT, lost)).isPresent();
    }

    @Test
    void acceptsARepetitionThatFindsTheCreditOfTheCallBefore() {
        RecordedCall lost = RecordedCall.unanswered(1, CREDIT, 0);
        RecordedCall repeated = call(1, CREDIT, 20, 30, REPEATED);

        assertThat(refute(Map.of(1, List.of(REPEATED, WON)), FOUND_CREDIT, lost, repeated))
                .isEmpty();
        assertThat(refute(Map.of(1, List.of(REPEATED)), FOUND_CREDIT, lost, repeated))
                .isPresent();
    }

    @Test
    void rejectsAnEffectThatIsSeenBeforeItsCallBegan() {
        assertThat(refute(
                        Map.of(1, List.of(WON)),
                        FOUND_CREDIT,
                        RecordedCall.unanswered(1, CREDIT, 10),
                        call(2, LOOK, 1, 2, FOUND_CREDIT)))
                .isPresent();
    }

    @Test
    void findsTheOrderOfManyCallsThatOverlap() {
        List<RecordedCall> calls = new ArrayList<>();
        IntStream.range(0, 20).forEach(i -> calls.add(call(i, CREDIT, i, 100, i == 19 ? WON : REPEATED)));

        assertThat(refute(FOUND_CREDIT, calls.toArray(RecordedCall[]::new))).isEmpty();
        calls.add(call(20, LOOK, 1, 2, FOUND_CREDIT));
        assertThat(refute(FOUND_CREDIT, calls.toArray(RecordedCall[]::new))).isPresent();
    }

    /** The model is a second program of the same table; here each answers like the other. */
    @Test
    void theModelAnswersAsTheLibraryDoes() {
        Random random = new Random(7);
        for (int round = 0; round < 600; round++) {
            DuplicatePolicy policy = List.of(
                            DuplicatePolicy.onePerClickAndMember(),
                            DuplicatePolicy.atMost(2),
                            DuplicatePolicy.onePerMemberAndOffer())
                    .get(round % 3);
            SequentialModel model =
                    round % 3 == 2 ? SequentialModel.onePerMember() : SequentialModel.perClick(round % 3 == 1 ? 2 : 1);
            Attribution attribution =
                    Attribution.builder(new InMemoryAttributionStore()).build();
            attribution
                    .offers()
                    .put(Offer.builder("o")
                            .trackingLink("https://example.com?c={gk_click_id}")
                            .duplicatePolicy(policy)
                            .build());
            List<ClickId> clicks = IntStream.range(0, 2)
                    .mapToObj(i -> attribution.click(ClickRequest.of("o", "m")).clickId())
                    .toList();
            for (int message = 0; message < 12; message++) {
                Said said = said(clicks.get(random.nextInt(2)), random, round % 3 != 1);
                Outcome outcome = said.what() == What.LOOK
                        ? Outcome.found(attribution.trace(said.click()).conversions())
                        : Outcome.of(attribution.postback(said.query(message)));

                Optional<SequentialModel> next = model.after(said, outcome);

                assertThat(next)
                        .as("%s answered with %s after %s", said, outcome, model)
                        .isPresent();
                model = next.get();
            }
        }
    }

    private static Said said(ClickId click, Random random, boolean isSingle) {
        What what = WHATS.get(random.nextInt(WHATS.size()));
        String transaction = List.of("t1", "t2", isSingle ? "" : "t3").get(random.nextInt(3));
        return new Said(click, what, what == What.LOOK ? "" : transaction, false);
    }

    private static RecordedCall call(int message, Said said, long begun, long ended, Outcome outcome) {
        return RecordedCall.answered(message, said, begun, ended, outcome);
    }

    /** Refutes calls that each have one entry, as it was answered. */
    private static Optional<String> refute(Outcome stored, RecordedCall... calls) {
        Map<Integer, List<Outcome>> entries = new HashMap<>();
        for (RecordedCall call : calls) {
            if (call.said().what() != What.LOOK) {
                entries.put(call.message(), List.of(call.outcome().orElseThrow()));
            }
        }
        return refute(entries, stored, calls);
    }

    private static Optional<String> refute(Map<Integer, List<Outcome>> entries, Outcome stored, RecordedCall... calls) {
        return Linearization.refute(SequentialModel.perClick(1), List.of(calls), entries, Map.of(CLICK, stored));
    }
}
