package dev.attribution.postback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.click.Click;
import dev.attribution.click.ClickContext;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.postback.PostbackOutcome.Kind;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ReasonTest {
    private static final ClickId CLICK_ID = ClickId.parse("efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32");
    private static final Click CLICK = new Click(CLICK_ID, "o", "m", Instant.EPOCH, ClickContext.empty());
    private static final Conversion CONVERSION = Conversion.builder(new UUID(1, 2))
            .attemptId(new UUID(3, 4))
            .credits(CLICK_ID, "o", "m")
            .convertedAt(Instant.EPOCH)
            .build();

    @ParameterizedTest
    @CsvSource({
        "MALFORMED_POSTBACK, UNATTRIBUTED, 400",
        "NOT_AUTHENTIC, UNATTRIBUTED, 403",
        "TEST_CALL, REJECTED, 200",
        "MISSING_CLICK_ID, UNATTRIBUTED, 400",
        "UNEXPANDED_MACRO, UNATTRIBUTED, 400",
        "MALFORMED_CLICK_ID, UNATTRIBUTED, 400",
        "UNKNOWN_CLICK_ID, UNATTRIBUTED, 404",
        "CALLER_NOT_ACCEPTED, REJECTED, 403",
        "OFFER_MISMATCH, REJECTED, 422",
        "MEMBER_MISMATCH, REJECTED, 422",
        "UNKNOWN_STATUS, REJECTED, 422",
        "TRANSACTION_ALREADY_COUNTED, DUPLICATE, 200",
        "ALREADY_CREDITED, DUPLICATE, 200",
        "PLACE_HELD, DUPLICATE, 200",
        "CONVERSION_REVERSED, DUPLICATE, 200",
        "CONVERSION_REINSTATED, DUPLICATE, 200",
        "AMBIGUOUS_REVERSAL, REJECTED, 200",
        "NOTHING_TO_REVERSE, REJECTED, 200",
        "TRANSACTION_ID_REQUIRED, REJECTED, 422",
        "EVENT_NOT_ACCEPTED, REJECTED, 422",
        "TOO_EARLY, REJECTED, 422",
        "OUTSIDE_WINDOW, REJECTED, 422",
        "CLICK_NOT_CREDITABLE, REJECTED, 422",
    })
    void hasItsKindAndItsHttpStatus(Reason reason, Kind kind, int status) {
        assertThat(reason.kind()).isEqualTo(kind);
        assertThat(reason.httpStatus()).isEqualTo(status);
    }

    @Test
    void isDeclaredInTheOrderOfPrecedence() {
        assertThat(Reason.values())
                .extracting(Reason::name)
                .containsExactly(
                        "MALFORMED_POSTBACK",
                        "NOT_AUTHENTIC",
                        "TEST_CALL",
                        "MISSING_CLICK_ID",
                        "UNEXPANDED_MACRO",
                        "MALFORMED_CLICK_ID",
                        "UNKNOWN_CLICK_ID",
                        "CALLER_NOT_ACCEPTED",
                        "OFFER_MISMATCH",
                        "MEMBER_MISMATCH",
                        "UNKNOWN_STATUS",
                        "TRANSACTION_ALREADY_COUNTED",
                        "ALREADY_CREDITED",
                        "PLACE_HELD",
                        "CONVERSION_REVERSED",
                        "CONVERSION_REINSTATED",
                        "AMBIGUOUS_REVERSAL",
                        "NOTHING_TO_REVERSE",
                        "TRANSACTION_ID_REQUIRED",
                        "EVENT_NOT_ACCEPTED",
                        "TOO_EARLY",
                        "OUTSIDE_WINDOW",
                        "CLICK_NOT_CREDITABLE");
    }

    @ParameterizedTest
    @EnumSource
    void tellsAnOperatorCauseAndMendInSentences(Reason reason) {
        assertThat(reason.explanation()).matches("[A-Z].{40,}\\.").contains(". ");
    }

    @ParameterizedTest
    @EnumSource
    void answersTheTrackerInPlainAscii(Reason reason) {
        HttpAnswer answer = outcome(reason).httpAnswer();

        assertThat(answer.status()).isEqualTo(reason.httpStatus());
        assertThat(answer.body()).isEqualTo(reason.kind() + " " + reason).matches("[A-Z_ ]+");
        assertThat(outcome(reason).kind()).isEqualTo(reason.kind());
        assertThat(outcome(reason).reason()).contains(reason);
    }

    @Test
    void aCreditIsAnsweredWith200() {
        PostbackOutcome credit = new PostbackOutcome.Attributed(CONVERSION);

        assertThat(credit.httpAnswer()).isEqualTo(new HttpAnswer(200, "ATTRIBUTED"));
        assertThat(credit.kind()).isEqualTo(Kind.ATTRIBUTED);
        assertThat(credit.reason()).isEmpty();
        assertThat(credit.conversionId()).contains(CONVERSION.conversionId());
    }

    @Test
    void onlyADuplicateNamesAConversionBesideACredit() {
        assertThat(outcome(Reason.ALREADY_CREDITED).conversionId()).contains(CONVERSION.conversionId());
        assertThat(outcome(Reason.TOO_EARLY).conversionId()).isEmpty();
        assertThat(outcome(Reason.MISSING_CLICK_ID).conversionId()).isEmpty();
    }

    private static PostbackOutcome outcome(Reason reason) {
        return switch (reason.kind()) {
            case DUPLICATE -> new PostbackOutcome.Duplicate(CONVERSION, reason);
            case REJECTED -> new PostbackOutcome.Rejected(CLICK, reason);
            default -> new PostbackOutcome.Unattributed(reason);
        };
    }
}
