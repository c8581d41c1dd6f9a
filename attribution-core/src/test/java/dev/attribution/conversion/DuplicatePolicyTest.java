package dev.attribution.conversion;

import static dev.attribution.conversion.Claims.CLICK;
import static dev.attribution.conversion.Claims.claim;
import static dev.attribution.conversion.Claims.conversion;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attribution.conversion.Verdict.RepeatCause;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DuplicatePolicyTest {
    private static final Conversion FIRST = conversion(1, "other", null);
    private static final Conversion SAME_EVENT = conversion(2, "level_5", null);

    /** What the policy makes of so many conversions, one of them perhaps with the same event or transaction id. */
    @ParameterizedTest
    @CsvSource({
        "one-per-click-and-member,  0, -,           slot 1",
        "one-per-click-and-member,  1, -,           repeats first",
        "one-per-click-and-member,  1, event,       repeats first",
        "one-per-click-and-member,  9, -,           repeats first",
        "at-most-2,                 0, -,           slot 1",
        "at-most-2,                 1, -,           slot 2",
        "at-most-2,                 1, event,       slot 2",
        "at-most-2,                 2, -,           repeats first",
        "at-most-2,                 7, -,           repeats first",
        "at-most-999999999, 999999998, -,           slot 999999999",
        "at-most-999999999, 999999999, -,           repeats first",
        "one-per-event,             0, -,           slot 1",
        "one-per-event,             1, -,           slot 2",
        "one-per-event,             1, event,       repeats same event",
        "one-per-event,             5, -,           slot 6",
        "one-per-event,             5, event,       repeats same event",
        "one-per-member-and-offer,  0, -,           slot 1 and sole",
        "one-per-member-and-offer,  1, -,           repeats first",
        "one-per-member-and-offer,  1, event,       repeats first",
        "one-per-member-and-offer,  3, -,           repeats first",
        "allow-repeat-conversions,  0, -,           slot 1",
        "allow-repeat-conversions,  1, -,           own slot",
        "allow-repeat-conversions,  1, event,       own slot",
        "allow-repeat-conversions, 99, -,           own slot",
    })
    void decidesOnTheFactsOfItsScope(String policy, long count, String same, String decision) {
        Claim claim = claim().build();
        Facts facts = new Facts(
                count,
                count > 0 ? Optional.of(FIRST) : Optional.empty(),
                same.equals("-") ? Optional.empty() : Optional.of(SAME_EVENT),
                Optional.empty(),
                false);

        Verdict verdict = DuplicatePolicy.parse(policy).decide(CLICK, claim.attemptId(), facts);

        assertThat(verdict).isEqualTo(verdict(decision, claim));
    }

    private static Verdict verdict(String decision, Claim claim) {
        return switch (decision) {
            case "repeats first" -> new Verdict.Repeat(FIRST, RepeatCause.CREDITED);
            case "repeats same event" -> new Verdict.Repeat(SAME_EVENT, RepeatCause.CREDITED);
            case "own slot" ->
                new Verdict.Permitted(
                        (claim.attemptId().getLeastSignificantBits() & ((1L << 62) - 1)) | 1L << 62, Optional.empty());
            case "slot 1 and sole" ->
                new Verdict.Permitted(1, Optional.of(new Scope.OfMember(CLICK.offerId(), CLICK.memberId())));
            default -> new Verdict.Permitted(Long.parseLong(decision.substring("slot ".length())), Optional.empty());
        };
    }

    @Test
    void unlimitedCreditsNeverTakeTheOrdinalOfALimitedOne() {
        Facts one = new Facts(1, Optional.of(FIRST), Optional.empty(), Optional.empty(), false);
        for (long bits : new long[] {0, 1, 2, -1, Long.MAX_VALUE, Long.MIN_VALUE}) {
            Claim claim = claim().attemptId(new UUID(0, bits)).build();
            Verdict verdict = DuplicatePolicy.allowRepeatConversions().decide(CLICK, claim.attemptId(), one);

            assertThat(verdict)
                    .isInstanceOfSatisfying(
                            Verdict.Permitted.class,
                            credit -> assertThat(credit.slot()).isGreaterThanOrEqualTo(1L << 62));
        }
    }

    @Test
    void theDefaultScopeIsTheClickAndOnlyOnePolicyCountsOverTheMember() {
        Scope click = new Scope.OfClick(CLICK.clickId());

        assertThat(DuplicatePolicy.onePerClickAndMember().scopeOf(CLICK)).isEqualTo(click);
        assertThat(DuplicatePolicy.allowRepeatConversions().scopeOf(CLICK)).isEqualTo(click);
        assertThat(DuplicatePolicy.onePerEvent().scopeOf(CLICK)).isEqualTo(click);
        assertThat(DuplicatePolicy.atMost(3).scopeOf(CLICK)).isEqualTo(click);
        assertThat(DuplicatePolicy.onePerMemberAndOffer().scopeOf(CLICK))
                .isEqualTo(new Scope.OfMember(CLICK.offerId(), CLICK.memberId()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "one-per-click-and-member",
                "allow-repeat-conversions",
                "one-per-event",
                "one-per-member-and-offer",
                "at-most-2",
                "at-most-10",
                "at-most-999999999"
            })
    void itsNameIsReadBack(String name) {
        DuplicatePolicy policy = DuplicatePolicy.parse(name);

        assertThat(policy)
                .hasToString(name)
                .isEqualTo(DuplicatePolicy.parse(name))
                .hasSameHashCodeAs(DuplicatePolicy.parse(name));
    }

    @Test
    void hasANameForEveryPolicy() {
        assertThat(DuplicatePolicy.onePerClickAndMember()).hasToString("one-per-click-and-member");
        assertThat(DuplicatePolicy.allowRepeatConversions()).hasToString("allow-repeat-conversions");
        assertThat(DuplicatePolicy.onePerEvent()).hasToString("one-per-event");
        assertThat(DuplicatePolicy.onePerMemberAndOffer()).hasToString("one-per-member-and-offer");
        assertThat(DuplicatePolicy.atMost(2)).hasToString("at-most-2").isNotEqualTo(DuplicatePolicy.atMost(3));
        assertThat(DuplicatePolicy.atMost(1)).isEqualTo(DuplicatePolicy.onePerClickAndMember());
        assertThat(DuplicatePolicy.parse("at-most-1")).isEqualTo(DuplicatePolicy.onePerClickAndMember());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "ONE-PER-EVENT",
                "one-per-event ",
                "one_per_event",
                "at-most-",
                "at-most-0",
                "at-most--1",
                "at-most-+2",
                "at-most-02",
                "at-most-1000000000",
                "at-most-99999999999999999999",
                "at-most-2x",
                "at-most-\u0662",
                "null"
            })
    void refusesAnyOtherName(String name) {
        assertThatThrownBy(() -> DuplicatePolicy.parse(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at-most-N");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE, 1_000_000_000, Integer.MAX_VALUE})
    void refusesALimitThatIsNone(int limit) {
        assertThatThrownBy(() -> DuplicatePolicy.atMost(limit))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(String.valueOf(limit));
    }
}
