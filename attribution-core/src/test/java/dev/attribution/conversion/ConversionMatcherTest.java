package dev.attribution.conversion;

import static dev.attribution.conversion.Claims.CLICK;
import static dev.attribution.conversion.Claims.CLICKED;
import static dev.attribution.conversion.Claims.claim;
import static dev.attribution.conversion.Claims.conversion;
import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.click.Click;
import dev.attribution.click.ClickFlag;
import dev.attribution.conversion.Verdict.Refusal;
import dev.attribution.conversion.Verdict.RepeatCause;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConversionMatcherTest {
    private static final Terms EASY = Terms.of(DuplicatePolicy.onePerClickAndMember());
    private static final Terms STRICT = new Terms(
            DuplicatePolicy.onePerClickAndMember(),
            Duration.ofSeconds(10),
            Optional.of(Duration.ofDays(7)),
            Set.of("win_10_games", "purchase"),
            true);
    private static final Conversion EARLIER = conversion(1, "win_10_games", null);
    private static final Facts CREDITED =
            new Facts(1, Optional.of(EARLIER), Optional.of(EARLIER), Optional.empty(), false);
    private static final Verdict CREDIT = new Verdict.Permitted(1, Optional.empty());

    @Test
    void creditsTheFirstClaim() {
        assertThat(ConversionMatcher.match(claim().build(), CLICK, EASY, Facts.NONE))
                .isEqualTo(CREDIT);
    }

    @Test
    void refusesWhatTakesAPlaceOnAFlaggedClickByTheLastRule() {
        Click flagged = CLICK.with(ClickFlag.of("head"));
        Verdict refused = new Verdict.Refused(Refusal.CLICK_NOT_CREDITABLE);

        assertThat(ConversionMatcher.match(claim().build(), flagged, EASY, Facts.NONE))
                .isEqualTo(refused);
        assertThat(ConversionMatcher.match(accepted().build(), flagged, STRICT, Facts.NONE))
                .isEqualTo(refused);
        assertThat(ConversionMatcher.match(claim().build(), flagged, STRICT, Facts.NONE))
                .as("after the rules of the offer")
                .isEqualTo(new Verdict.Refused(Refusal.TRANSACTION_ID_REQUIRED));
        assertThat(ConversionMatcher.match(claim().build(), flagged, EASY, CREDITED))
                .as("after duplicates")
                .isEqualTo(new Verdict.Repeat(EARLIER, RepeatCause.CREDITED));
        Click cleared = flagged.withFlagCleared(CLICKED);
        assertThat(ConversionMatcher.match(claim().build(), cleared, EASY, Facts.NONE))
                .isEqualTo(CREDIT);
    }

    @Test
    void refusesASecondClaimForTheSameClick() {
        assertThat(ConversionMatcher.match(claim().build(), CLICK, EASY, CREDITED))
                .isEqualTo(new Verdict.Repeat(EARLIER, RepeatCause.CREDITED));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-,           -,        -",
                "spring-sale, member-7, -",
                "spring-sale, -,        -",
                "autumn,      -,        OFFER_MISMATCH",
                "Spring-sale, member-7, OFFER_MISMATCH",
                "' spring-sale', -,     OFFER_MISMATCH",
                "-,           member-8, MEMBER_MISMATCH",
                "-,           MEMBER-7, MEMBER_MISMATCH",
                "-,         'member-7 ', MEMBER_MISMATCH",
                "autumn,      member-8, OFFER_MISMATCH",
            })
    void aClaimMustNotNameAnotherOfferOrMember(String offer, String member, Refusal broken) {
        Claim claim = claim().offer(offer).member(member).build();

        assertThat(ConversionMatcher.match(claim, CLICK, EASY, Facts.NONE))
                .isEqualTo(broken == null ? CREDIT : new Verdict.Refused(broken));
        assertThat(ConversionMatcher.match(claim, CLICK, EASY, CREDITED))
                .as("before duplicates")
                .isEqualTo(
                        broken == null
                                ? new Verdict.Repeat(EARLIER, RepeatCause.CREDITED)
                                : new Verdict.Refused(broken));
    }

    /** The time since the click, in microseconds. */
    @ParameterizedTest
    @CsvSource({
        "              -1, TOO_EARLY",
        "               0, TOO_EARLY",
        "         9999999, TOO_EARLY",
        "        10000000,",
        "        10000001,",
        "    604799999999,",
        "    604800000000,",
        "    604800000001, OUTSIDE_WINDOW",
        "  99999999999999, OUTSIDE_WINDOW",
    })
    void aConversionComesWithinMinimumDelayAndWindow(long micros, Refusal broken) {
        Claim claim = accepted().at(CLICKED.plusNanos(micros * 1_000)).build();

        assertThat(ConversionMatcher.match(claim, CLICK, STRICT, Facts.NONE))
                .isEqualTo(broken == null ? CREDIT : new Verdict.Refused(broken));
    }

    @Test
    void withoutADelayOnlyAConversionBeforeItsClickIsTooEarly() {
        assertThat(ConversionMatcher.match(claim().at(CLICKED).build(), CLICK, EASY, Facts.NONE))
                .isEqualTo(CREDIT);
        assertThat(ConversionMatcher.match(claim().at(CLICKED.minusNanos(1_000)).build(), CLICK, EASY, Facts.NONE))
                .isEqualTo(new Verdict.Refused(Refusal.TOO_EARLY));
    }

    @Test
    void withoutAWindowNoConversionIsTooLate() {
        assertThat(ConversionMatcher.match(claim().at(Instant.MAX).build(), CLICK, EASY, Facts.NONE))
                .isEqualTo(CREDIT);
        assertThat(ConversionMatcher.match(claim().at(Instant.MIN).build(), CLICK, EASY, Facts.NONE))
                .isEqualTo(new Verdict.Refused(Refusal.TOO_EARLY));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "win_10_games, true",
                "purchase, true",
                "Purchase, false",
                "'purchase ', false",
                "purchas, false",
                "-, false"
            })
    void acceptsTheEventsOfTheOfferExactly(String event, boolean accepted) {
        Claim claim = accepted().event(event).build();

        assertThat(ConversionMatcher.match(claim, CLICK, STRICT, Facts.NONE))
                .isEqualTo(accepted ? CREDIT : new Verdict.Refused(Refusal.EVENT_NOT_ACCEPTED));
    }

    @ParameterizedTest
    @CsvSource({
        "1, OUTSIDE_WINDOW",
        "2, TOO_EARLY",
        "3, EVENT_NOT_ACCEPTED",
        "4, TRANSACTION_ID_REQUIRED",
        "5, MEMBER_MISMATCH",
        "6, OFFER_MISMATCH"
    })
    void theFirstRuleInTheOrderOfPrecedenceIsNamed(int broken, Refusal first) {
        Claims claim = accepted();
        claim.at(broken >= 2 ? CLICKED.minusSeconds(1) : CLICKED.plus(Duration.ofDays(8)));
        claim.event(broken >= 3 ? "other" : "purchase");
        claim.transaction(broken >= 4 ? null : "t");
        claim.member(broken >= 5 ? "other" : null);
        claim.offer(broken >= 6 ? "other" : null);

        assertThat(ConversionMatcher.match(claim.build(), CLICK, STRICT, Facts.NONE))
                .isEqualTo(new Verdict.Refused(first));
    }

    @Test
    void aReplayThatBreaksEveryRuleIsStillAnsweredAsADuplicate() {
        Claim late =
                claim().at(CLICKED.plus(Duration.ofDays(400))).event("other").build();

        assertThat(ConversionMatcher.match(late, CLICK, STRICT, CREDITED))
                .isEqualTo(new Verdict.Repeat(EARLIER, RepeatCause.CREDITED));
    }

    @Test
    void theSameArgumentsGiveTheSameVerdict() {
        Claim claim = accepted().build();

        assertThat(ConversionMatcher.match(claim, CLICK, STRICT, CREDITED))
                .isEqualTo(ConversionMatcher.match(claim, CLICK, STRICT, CREDITED));
    }

    /** The rows of the life cycle for a conversion that is addressed, with the id of its transaction or without. */
    @ParameterizedTest
    @CsvSource({
        "PENDING,     PENDING,  true,  PENDING",
        "PENDING,     PENDING,  false, PENDING",
        "PENDING,     APPROVED, true,  changed",
        "PENDING,     APPROVED, false, changed",
        "PENDING,     REVERSED, true,  changed",
        "APPROVED,    PENDING,  true,  TRANSACTION_COUNTED",
        "APPROVED,    PENDING,  false, CREDITED",
        "APPROVED,    APPROVED, true,  TRANSACTION_COUNTED",
        "APPROVED,    REVERSED, true,  changed",
        "APPROVED,    REVERSED, false, changed",
        "REVERSED,    PENDING,  true,  REVERSED",
        "REVERSED,    APPROVED, true,  REVERSED",
        "REVERSED,    REVERSED, true,  REVERSED",
        "REVERSED,    REVERSED, false, REVERSED",
        "RESERVATION, PENDING,  true,  REVERSED",
        "RESERVATION, APPROVED, true,  REVERSED",
        "RESERVATION, REVERSED, true,  REVERSED",
        "REINSTATED,  PENDING,  true,  REINSTATED",
        "REINSTATED,  APPROVED, true,  REINSTATED",
        "REINSTATED,  REVERSED, true,  REINSTATED",
        "REINSTATED,  REVERSED, false, REINSTATED",
    })
    void aMessageOnlyRaisesTheStatusOfTheConversionThatItAddresses(
            String state, ConversionStatus said, boolean byTransaction, String expected) {
        Conversion addressed = inState(state);
        Facts facts = new Facts(1, Optional.of(EARLIER), Optional.empty(), Optional.of(addressed), false);
        Claim late = claim().transaction(byTransaction ? "t" : null)
                .at(CLICKED.plus(Duration.ofDays(400)))
                .status(said)
                .build();

        assertThat(ConversionMatcher.match(late, CLICK, STRICT, facts))
                .isEqualTo(
                        expected.equals("changed")
                                ? new Verdict.Changed(addressed)
                                : new Verdict.Repeat(addressed, RepeatCause.valueOf(expected)));
    }

    /** The rows of the life cycle for a place that another conversion holds. */
    @ParameterizedTest
    @CsvSource({"PENDING, PENDING", "APPROVED, CREDITED", "REVERSED, REVERSED", "REINSTATED, CREDITED"})
    void aHolderOfThePlaceIsNamedInItsStatus(String state, RepeatCause cause) {
        Conversion holder = inState(state);
        Facts facts = new Facts(1, Optional.of(holder), Optional.empty(), Optional.empty(), false);

        for (ConversionStatus said : List.of(ConversionStatus.PENDING, ConversionStatus.APPROVED)) {
            assertThat(ConversionMatcher.match(claim().status(said).build(), CLICK, EASY, facts))
                    .isEqualTo(new Verdict.Repeat(holder, cause));
        }
    }

    @Test
    void aReversalThatAddressesNothingReservesItsTransactionIdIfItHasOne() {
        Claims reversal = claim().status(ConversionStatus.REVERSED).at(CLICKED.minusSeconds(9));
        Facts ambiguous = new Facts(2, Optional.of(EARLIER), Optional.empty(), Optional.empty(), true);

        assertThat(ConversionMatcher.match(reversal.build(), CLICK, STRICT, Facts.NONE))
                .isEqualTo(new Verdict.Refused(Refusal.NOTHING_TO_REVERSE));
        assertThat(ConversionMatcher.match(reversal.build(), CLICK, STRICT, ambiguous))
                .isEqualTo(new Verdict.Refused(Refusal.AMBIGUOUS_REVERSAL));
        assertThat(ConversionMatcher.match(reversal.transaction("t").build(), CLICK, STRICT, CREDITED))
                .as("whatever the rules of the offer say")
                .isEqualTo(new Verdict.Reserved());
    }

    @Test
    void aStatusThatIsNotUnderstoodIsRefusedAfterTheMismatchesAndBeforeTheDuplicates() {
        Claims claim = claim().status(null);

        assertThat(ConversionMatcher.match(claim.build(), CLICK, EASY, CREDITED))
                .isEqualTo(new Verdict.Refused(Refusal.UNKNOWN_STATUS));
        assertThat(ConversionMatcher.match(claim.member("other").build(), CLICK, EASY, CREDITED))
                .isEqualTo(new Verdict.Refused(Refusal.MEMBER_MISMATCH));
    }

    @ParameterizedTest
    @CsvSource({
        "one-per-click-and-member, false",
        "one-per-event, false",
        "one-per-member-and-offer, false",
        "at-most-2, true",
        "allow-repeat-conversions, true"
    })
    void whatIsPendingUnderAPolicyThatAllowsRepeatsNeedsATransactionId(DuplicatePolicy policy, boolean isNeeded) {
        Claims pending = claim().status(ConversionStatus.PENDING);

        assertThat(ConversionMatcher.match(pending.build(), CLICK, Terms.of(policy), Facts.NONE))
                .isInstanceOf(isNeeded ? Verdict.Refused.class : Verdict.Permitted.class);
        assertThat(ConversionMatcher.match(pending.transaction("t").build(), CLICK, Terms.of(policy), Facts.NONE))
                .isInstanceOf(Verdict.Permitted.class);
    }

    private static Conversion inState(String state) {
        Instant then = CLICKED.plusSeconds(9);
        Conversion.Builder conversion = conversion(7, null, "t").toBuilder();
        return switch (state) {
            case "PENDING" ->
                conversion
                        .status(ConversionStatus.PENDING, 1)
                        .changedAt(null, null, null)
                        .build();
            case "APPROVED" -> conversion.build();
            case "REVERSED" ->
                conversion
                        .status(ConversionStatus.REVERSED, 2)
                        .changedAt(then, then, null)
                        .build();
            case "RESERVATION" ->
                conversion
                        .reservation(true)
                        .status(ConversionStatus.REVERSED, 1)
                        .changedAt(null, then, null)
                        .build();
            default ->
                conversion
                        .status(ConversionStatus.APPROVED, 3)
                        .changedAt(then, then, then)
                        .build();
        };
    }

    private static Claims accepted() {
        return claim().event("win_10_games").transaction("t");
    }
}
