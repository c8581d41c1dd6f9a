package dev.attribution.conversion;

import static dev.attribution.conversion.Claims.CLICK;
import static dev.attribution.conversion.Claims.CLICKED;
import static dev.attribution.conversion.Claims.claim;
import static dev.attribution.conversion.Claims.conversion;
import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.conversion.Verdict.Refusal;
import java.time.Duration;
import java.time.Instant;
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
    private static final Facts CREDITED = new Facts(1, Optional.of(EARLIER), Optional.of(EARLIER), Optional.empty());
    private static final Verdict CREDIT = new Verdict.Permitted(1, Optional.empty());

    @Test
    void creditsTheFirstClaim() {
        assertThat(ConversionMatcher.match(claim().build(), CLICK, EASY, Facts.NONE))
                .isEqualTo(CREDIT);
    }

    @Test
    void refusesASecondClaimForTheSameClick() {
        assertThat(ConversionMatcher.match(claim().build(), CLICK, EASY, CREDITED))
                .isEqualTo(new Verdict.Repeat(EARLIER, false));
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
                .isEqualTo(broken == null ? new Verdict.Repeat(EARLIER, false) : new Verdict.Refused(broken));
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
                .isEqualTo(new Verdict.Repeat(EARLIER, false));
    }

    @Test
    void theSameArgumentsGiveTheSameVerdict() {
        Claim claim = accepted().build();

        assertThat(ConversionMatcher.match(claim, CLICK, STRICT, CREDITED))
                .isEqualTo(ConversionMatcher.match(claim, CLICK, STRICT, CREDITED));
    }

    private static Claims accepted() {
        return claim().event("win_10_games").transaction("t");
    }
}
