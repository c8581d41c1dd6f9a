package dev.attribution.reconcile;

import static dev.attribution.reconcile.TwoSides.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.attribution.click.ClickId;
import dev.attribution.internal.PercentCode;
import dev.attribution.internal.SpreadsheetIds;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Transaction ids that a spreadsheet rewrote never make a credited conversion look missing. */
class RewrittenIdsTest {
    private static final List<UnaryOperator<String>> DRESSINGS = List.of(
            id -> id,
            id -> id.replaceFirst("^0+(?=.)", ""),
            id -> "=\"" + id + "\"",
            id -> "\"" + id + "\"",
            id -> "'" + id,
            id -> id + "  ",
            id -> "\u00A0" + id + "\uFEFF",
            id -> number(id, value -> value.toPlainString() + ".0"),
            id -> number(id, value -> value.toPlainString() + ",00"),
            id -> number(id, value -> String.format(Locale.ROOT, "%,d", value.toBigInteger())),
            id -> number(
                    id,
                    value -> String.format(Locale.ROOT, "%,d", value.toBigInteger())
                            .replace(',', '\u00A0')),
            id -> exponent(id, 3),
            id -> exponent(id, 6),
            id -> exponent(id, 3).replace('.', ','),
            id -> number(id, value -> rounded(value, RoundingMode.HALF_UP)),
            id -> number(id, value -> rounded(value, RoundingMode.DOWN)),
            id -> number(id, value -> new BigDecimal(value.doubleValue()).toPlainString()),
            id -> number(id, value -> new BigDecimal(Double.toString(value.doubleValue())).toPlainString()),
            id -> number(
                    id,
                    value -> value.toPlainString()
                            .chars()
                            .collect(StringBuilder::new, (text, c) -> text.append((char) (c + 0xFEE0)), (a, b) -> {})
                            .toString()));

    private final TwoSides sides = new TwoSides();

    private static String number(String id, Function<BigDecimal, String> form) {
        return id.chars().allMatch(Character::isDigit) ? form.apply(new BigDecimal(id)) : id;
    }

    private static String rounded(BigDecimal id, RoundingMode mode) {
        return id.round(new MathContext(15, mode)).toPlainString();
    }

    private static String exponent(String id, int digits) {
        return number(id, value -> String.format(Locale.ROOT, "%." + (digits - 1) + "E", value));
    }

    private void ours(ClickId click, Instant time, String id) {
        assertThat(sides.ours(click, time, "event_id=buy&transaction_id=" + PercentCode.encode(id))
                        .kind()
                        .name())
                .isEqualTo("ATTRIBUTED");
    }

    private void theirs(ClickId click, Instant time, String id) {
        sides.theirs(click.value(), time, row -> row.transactionId(id));
    }

    @Test
    void pairsIdsThatLostTheirLeadingZeros() {
        ClickId click = sides.click();
        ours(click, NOON, "00123");
        ours(click, NOON, "00124");
        theirs(click, NOON, "124");
        theirs(click, NOON, "123");

        sides.run();

        assertThat(sides.causes()).containsExactly(Cause.TRANSACTION_DIFFERS, Cause.TRANSACTION_DIFFERS);
        assertThat(sides.findings)
                .allSatisfy(finding -> assertThat(
                                finding.ours().orElseThrow().transactionId().orElseThrow())
                        .isEqualTo("00"
                                + finding.theirs().orElseThrow().transactionId().orElseThrow()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "00123|123",
                "00123|=\"00123\"",
                "00123|'00123",
                "00123|00123.0",
                "00123|1.23E+02",
                "123456|1.23E+05",
                "123456|1,23E+05",
                "1234567890123456789|1.23457E+18",
                "1234567890123456789|1234567890123460000",
                "1234567890123456789|1234567890123450000",
                "1234567890123456789|1234567890123456768",
                "1234567890123456789|1234567890123456800",
                "1234567|1,234,567",
                "1234567|1.234.567",
                "1234567|12,34,567",
                "12e45|1.2E+46",
                "true|TRUE",
                "T-1|T–1",
                "00|0",
            })
    void takesWhatASpreadsheetMakesOfAnIdForTheSameConversion(String ours, String theirs) {
        ClickId click = sides.click();
        ours(click, NOON, ours);
        ours(click, NOON, "another");
        theirs(click, NOON.minus(Duration.ofHours(2)), theirs);

        sides.run();

        assertThat(SpreadsheetIds.maybeSame(ours, theirs)).isTrue();
        assertThat(sides.causes()).containsExactlyInAnyOrder(Cause.TRANSACTION_DIFFERS, Cause.NOT_REPORTED);
    }

    @Test
    void pairsDifferentIdsThatAgreeOneToOneInEventAndTime() {
        ClickId click = sides.click();
        ours(click, NOON, "1-2");
        ours(click, NOON.plus(Duration.ofHours(1)), "3-4");
        theirs(click, NOON.minusSeconds(5), "02-Jan");
        theirs(click, NOON.plus(Duration.ofHours(1)).minusSeconds(5), "04-Mar");

        sides.run();

        assertThat(sides.causes()).containsExactly(Cause.TRANSACTION_DIFFERS, Cause.TRANSACTION_DIFFERS);
    }

    @Test
    void leavesDifferentIdsInDoubtThatAgreeInTimeSeveralToSeveral() {
        ClickId click = sides.click();
        ours(click, NOON, "1-2");
        ours(click, NOON.plusSeconds(60), "3-4");
        theirs(click, NOON.minusSeconds(5), "02-Jan");
        theirs(click, NOON.plusSeconds(55), "04-Mar");

        sides.run();

        assertThat(sides.causes())
                .containsExactlyInAnyOrder(
                        Cause.POSSIBLY_CREDITED, Cause.POSSIBLY_CREDITED, Cause.NOT_REPORTED, Cause.NOT_REPORTED);
    }

    @Test
    void leavesARowInDoubtNextToAConversionOfItsClickThatHasNoRow() {
        ClickId click = sides.click();
        ours(click, NOON, "A");
        theirs(click, NOON.minus(Duration.ofHours(3)), "B");

        sides.run();

        assertThat(sides.causes()).containsExactlyInAnyOrder(Cause.POSSIBLY_CREDITED, Cause.NOT_REPORTED);
        assertThat(sides.findings.get(0).evidence()).contains("'A'", "has no row");
    }

    @Test
    void leavesBothFormsOfAnIdInDoubtIfTwoReportsListThem() {
        ClickId click = sides.click();
        theirs(click, NOON, "00123");
        theirs(click, NOON, "123");

        sides.run();

        assertThat(sides.causes()).containsExactly(Cause.POSSIBLY_CREDITED, Cause.POSSIBLY_CREDITED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.23E+05", "=\"00123\"", "'00123", "00123 ", "1,234,567", "123.0", "1234567890123460000"})
    void leavesAnIdInDoubtThatWasVisiblyRewritten(String id) {
        theirs(sides.click(), NOON, id);

        sides.run();

        assertThat(sides.causes()).containsExactly(Cause.POSSIBLY_CREDITED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"123", "00123", "102abc", "12e45", "T-1", "1234567890123456789", "a b", "1.2.3", "x=1"})
    void takesAPlainIdOfAClickWithoutConversionsForMissing(String id) {
        theirs(sides.click(), NOON, id);

        sides.run();

        assertThat(sides.causes()).containsExactly(Cause.NO_POSTBACK);
    }

    @Test
    void seesTheConversionOfARewrittenIdFarBeyondThePeriod() {
        ClickId click = sides.click();
        ours(click, NOON.plus(Duration.ofDays(5)), "00123");
        theirs(click, NOON, "123");

        sides.run();

        assertThat(sides.causes()).containsExactly(Cause.TIME_DIFFERS);
    }

    @Test
    void neverTakesACreditedConversionForMissingHoweverItsIdWasDressed() {
        Random random = new Random(20260310);
        for (int trial = 0; trial < 400; trial++) {
            TwoSides trialSides = new TwoSides();
            ClickId click = trialSides.click();
            Map<String, Instant> credited = new TreeMap<>();
            int conversions = 1 + random.nextInt(4);
            while (credited.size() < conversions) {
                Instant time = NOON.plus(Duration.ofMinutes(random.nextInt(3) * 120L));
                credited.put(id(random), time);
            }
            credited.forEach((id, time) ->
                    trialSides.ours(click, time, "event_id=buy&transaction_id=" + PercentCode.encode(id)));
            List<String> shown = new ArrayList<>();
            credited.forEach((id, time) -> {
                for (int copy = random.nextInt(3); copy >= 0; copy--) {
                    String dressed =
                            DRESSINGS.get(random.nextInt(DRESSINGS.size())).apply(id);
                    shown.add(dressed);
                    trialSides.theirs(
                            click.value(),
                            time.minus(Duration.ofMinutes(random.nextInt(2) * 90L)),
                            row -> row.transactionId(dressed));
                }
            });
            trialSides.shuffle();

            trialSides.run();

            assertThat(trialSides.causes())
                    .as("ours %s, theirs %s", credited.keySet(), shown)
                    .doesNotContain(Cause.NO_POSTBACK, Cause.ANSWERED_WITH_ERROR);
        }
    }

    private static String id(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> String.format(Locale.ROOT, "%05d", random.nextInt(1_000));
            case 1 -> "7" + (random.nextLong() & Long.MAX_VALUE);
            case 2 -> String.format(Locale.ROOT, "%016d", Math.abs(random.nextLong() % 10_000_000_000_000_000L));
            case 3 -> Integer.toHexString(random.nextInt());
            default -> String.valueOf(100_000 + random.nextInt(10_000_000));
        };
    }
}
