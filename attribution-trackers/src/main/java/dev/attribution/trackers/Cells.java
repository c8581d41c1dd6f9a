package dev.attribution.trackers;

import dev.attribution.AttributionException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the cells of an export: times as trackers and spreadsheets write them, amounts as people do. */
record Cells(@Nullable ZoneId zone, boolean dayFirst, char separator) {
    private static final Pattern EPOCH = Pattern.compile("(\\d{9,14})(?:\\.(\\d{1,9})\\d*)?");
    private static final String CLOCK = "(?:,?[T ]+(\\d{1,2}):(\\d{2})(?::(\\d{2})(?:[.,](\\d{1,9})\\d*)?)?)?";
    private static final String OFFSET = " ?(Z|UTC|GMT|[+-]\\d{2}(?::?\\d{2})?)?";
    private static final Pattern YEAR_FIRST =
            Pattern.compile("(\\d{4})[-/.](\\d{1,2})[-/.](\\d{1,2})" + CLOCK + OFFSET, Pattern.CASE_INSENSITIVE);
    private static final Pattern YEAR_LAST = Pattern.compile(
            "(\\d{1,2})([-/.])(\\d{1,2})[-/.](\\d{4}|\\d{2})" + CLOCK + " ?([ap])?(?:\\.?m\\.?)?" + OFFSET,
            Pattern.CASE_INSENSITIVE);
    private static final Set<String> NOTHING = Set.of("null", "n/a", "\\n", "-");

    /** A cell that cannot be read. */
    static final class BadCellException extends Exception {
        private static final long serialVersionUID = 1L;

        BadCellException(String message) {
            super(message, null, false, false);
        }
    }

    /** Returns whether a cell is empty in one of the ways that exports use. */
    static boolean isNothing(String cell) {
        return cell.isBlank()
                || (cell.length() <= 4 && NOTHING.contains(cell.strip().toLowerCase(Locale.ROOT)));
    }

    Instant time(String cell) throws BadCellException {
        String text = normalized(cell);
        try {
            Matcher epoch = EPOCH.matcher(text);
            if (epoch.matches()) {
                return epoch(epoch);
            }
            Matcher yearFirst = YEAR_FIRST.matcher(text);
            if (yearFirst.matches()) {
                return instant(local(yearFirst, 1, 2, 3, 4, number(yearFirst.group(4), 0)), yearFirst.group(8), cell);
            }
            Matcher yearLast = YEAR_LAST.matcher(text);
            if (yearLast.matches()) {
                return yearLast(yearLast, cell);
            }
        } catch (DateTimeException e) {
            throw new BadCellException("'" + cell + "' is not a time: " + e.getMessage());
        }
        throw new BadCellException(cell.isBlank() ? "there is no time" : "'" + cell + "' is not a time");
    }

    private static String normalized(String cell) {
        return cell.strip().replace('\u00A0', ' ').replace('\u202F', ' ');
    }

    private static Instant epoch(Matcher epoch) {
        long number = Long.parseLong(epoch.group(1));
        boolean millis = epoch.group(1).length() > 11;
        return millis ? Instant.ofEpochMilli(number) : Instant.ofEpochSecond(number, nanos(epoch.group(2)));
    }

    private Instant yearLast(Matcher match, String cell) throws BadCellException {
        boolean dayComesFirst = dayFirst || match.group(2).equals(".");
        if (!dayComesFirst && number(match.group(1), 0) > 12 && number(match.group(3), 0) <= 12) {
            throw new BadCellException("'" + cell + "' has no month " + match.group(1)
                    + ": the file seems to write the day first, say dayFirst()");
        }
        int hour = number(match.group(5), 0);
        if (match.group(9) != null) {
            if (hour < 1 || hour > 12) {
                throw new BadCellException("'" + cell + "' is not a time: no clock of 12 hours shows " + hour);
            }
            hour = hour % 12 + (match.group(9).equalsIgnoreCase("p") ? 12 : 0);
        }
        return instant(local(match, 4, dayComesFirst ? 3 : 1, dayComesFirst ? 1 : 3, 5, hour), match.group(10), cell);
    }

    private static LocalDateTime local(Matcher match, int year, int month, int day, int clock, int hour) {
        int fullYear = number(match.group(year), 0) + (match.group(year).length() == 2 ? 2000 : 0);
        return LocalDateTime.of(
                fullYear,
                number(match.group(month), 0),
                number(match.group(day), 0),
                hour,
                number(match.group(clock + 1), 0),
                number(match.group(clock + 2), 0),
                nanos(match.group(clock + 3)));
    }

    private Instant instant(LocalDateTime local, @Nullable String offset, String cell) {
        if (offset != null) {
            boolean utc = Character.isLetter(offset.charAt(0));
            return local.toInstant(utc ? ZoneOffset.UTC : ZoneOffset.of(offset));
        }
        if (zone == null) {
            throw new AttributionException(
                    "'" + cell + "' does not say its zone: give the zone in which the file was exported with zone(…)");
        }
        return local.atZone(zone).toInstant();
    }

    private static int number(@Nullable String digits, int otherwise) {
        return digits == null ? otherwise : Integer.parseInt(digits);
    }

    private static int nanos(@Nullable String fraction) {
        return fraction == null ? 0 : Integer.parseInt((fraction + "00000000").substring(0, 9));
    }

    /** Reads an amount: this number, or an exception where the cell leaves a doubt. */
    Amount amount(String cell) throws BadCellException {
        return Amount.read(cell, separator == ';' ? ',' : '.');
    }
}
