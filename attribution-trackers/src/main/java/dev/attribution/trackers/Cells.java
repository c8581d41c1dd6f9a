package dev.attribution.trackers;

import dev.attribution.AttributionException;
import dev.attribution.reconcile.TrackerRow;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the times of an export as trackers and spreadsheets write them. */
record Cells(@Nullable ZoneId zone) {
    private static final Pattern EPOCH = Pattern.compile("(\\d{9,13})(?:\\.(\\d{1,9})\\d*)?");
    private static final String CLOCK = "(?:,?[T ]+(\\d{1,2}):(\\d{2})(?::(\\d{2})(?:[.,](\\d{1,9})\\d*)?)?)?";
    private static final String OFFSET = " ?(Z|UTC|GMT|[+-]\\d{2}(?::?\\d{2})?)?";
    private static final Pattern YEAR_FIRST =
            Pattern.compile("(\\d{4})[-/.](\\d{1,2})[-/.](\\d{1,2})" + CLOCK + OFFSET, Pattern.CASE_INSENSITIVE);
    private static final Pattern YEAR_LAST = Pattern.compile(
            "(\\d{1,2})([-/.])(\\d{1,2})[-/.](\\d{4}|\\d{2})" + CLOCK + " ?([ap])?(?:\\.?m\\.?)?" + OFFSET,
            Pattern.CASE_INSENSITIVE);

    /** Without marks: no number of seconds or milliseconds of our days has these digits. */
    private static final Pattern DIGITS = Pattern.compile(
            "((?:19|20)\\d{2})(\\d{2})(\\d{2})(?:T?(\\d{2})(\\d{2})(?:(\\d{2})(?:[.,](\\d{1,9})\\d*)?)?)?" + OFFSET,
            Pattern.CASE_INSENSITIVE);

    private static final int MAX_LENGTH = 60;

    /** A cell that cannot be read. */
    static final class BadCellException extends Exception {
        private static final long serialVersionUID = 1L;

        BadCellException(String message) {
            super(message, null, false, false);
        }
    }

    /**
     * A time.
     *
     * @param other the later instant, if the clocks showed the time twice
     */
    record Time(
            Instant instant,
            @Nullable Instant other,
            @Nullable String note) {
        private static Time of(Instant instant) {
            return new Time(instant, null, null);
        }
    }

    /** Returns the orders of day and month that a date may be written in: one is a proof, none if it is clear. */
    static Set<Style> styles(String cell) {
        Matcher date = yearLast(cell);
        Set<Style> styles = EnumSet.noneOf(Style.class);
        if (date.matches() && !date.group(2).equals(".")) {
            int first = number(date.group(1), 0);
            int second = number(date.group(3), 0);
            if (first == second) {
                return styles;
            }
            if (isDay(first) && isMonth(second)) {
                styles.add(Style.DAY_FIRST);
            }
            if (isMonth(first) && isDay(second)) {
                styles.add(Style.MONTH_FIRST);
            }
        }
        return styles;
    }

    /** Returns what dates of one hand have in common: the digits of the year, and how exactly and by which clock they tell the time. */
    static String form(String cell) {
        Matcher date = yearLast(cell);
        return date.matches()
                ? date.group(4).length()
                        + (date.group(5) == null ? "" : date.group(7) == null ? " h:m" : " h:m:s")
                        + (date.group(9) == null ? "" : " am")
                : "";
    }

    private static Matcher yearLast(String cell) {
        String text = Text.plain(cell);
        return YEAR_LAST.matcher(text.length() > MAX_LENGTH ? "" : text);
    }

    private static boolean isDay(int number) {
        return number >= 1 && number <= 31;
    }

    private static boolean isMonth(int number) {
        return number >= 1 && number <= 12;
    }

    /** Reads a time whose order of day and month is known, if it matters. */
    Time time(String cell, Style order) throws BadCellException {
        String text = Text.plain(cell);
        if (text.length() > MAX_LENGTH) {
            throw new BadCellException("'" + TrackerRow.quoted(cell) + "' is not a time");
        }
        try {
            Matcher yearFirst = YEAR_FIRST.matcher(text);
            if (yearFirst.matches()) {
                return time(local(yearFirst, 1, 2, 3, 4, number(yearFirst.group(4), 0)), yearFirst.group(8), cell);
            }
            Matcher digits = DIGITS.matcher(text);
            if (digits.matches() && isCalendarTime(digits)) {
                return time(local(digits, 1, 2, 3, 4, number(digits.group(4), 0)), digits.group(8), cell);
            }
            Matcher epoch = EPOCH.matcher(text);
            if (epoch.matches()) {
                return Time.of(epoch(epoch));
            }
            Matcher yearLast = YEAR_LAST.matcher(text);
            if (yearLast.matches()) {
                return yearLast(yearLast, order, cell);
            }
        } catch (DateTimeException e) {
            throw new BadCellException("'" + TrackerRow.quoted(cell) + "' is not a time: " + e.getMessage());
        }
        throw new BadCellException(
                text.isEmpty() ? "there is no time" : "'" + TrackerRow.quoted(cell) + "' is not a time");
    }

    private static Instant epoch(Matcher epoch) {
        long number = Long.parseLong(epoch.group(1));
        boolean millis = epoch.group(1).length() > 11;
        return millis ? Instant.ofEpochMilli(number) : Instant.ofEpochSecond(number, nanos(epoch.group(2)));
    }

    /** Returns whether digits are a date, or a date with hours, minutes and, if given, seconds. */
    private static boolean isCalendarTime(Matcher digits) {
        try {
            local(digits, 1, 2, 3, 4, number(digits.group(4), 0));
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private Time yearLast(Matcher match, Style order, String cell) throws BadCellException {
        boolean dayFirst = order == Style.DAY_FIRST || match.group(2).equals(".");
        int hour = number(match.group(5), 0);
        if (match.group(9) != null) {
            if (hour < 1 || hour > 12) {
                throw new BadCellException(
                        "'" + TrackerRow.quoted(cell) + "' is not a time: no clock of 12 hours shows " + hour);
            }
            hour = hour % 12 + (match.group(9).equalsIgnoreCase("p") ? 12 : 0);
        }
        return time(local(match, 4, dayFirst ? 3 : 1, dayFirst ? 1 : 3, 5, hour), match.group(10), cell);
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

    private Time time(LocalDateTime local, @Nullable String offset, String cell) {
        if (offset != null) {
            boolean utc = Character.isLetter(offset.charAt(0));
            return Time.of(local.toInstant(utc ? ZoneOffset.UTC : ZoneOffset.of(offset)));
        }
        if (zone == null) {
            throw new AttributionException("'" + TrackerRow.quoted(cell)
                    + "' does not say its zone: give the zone in which the file was exported with zone(…)");
        }
        List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
        if (offsets.size() == 1) {
            return Time.of(local.toInstant(offsets.get(0)));
        }
        if (offsets.size() == 2) {
            return new Time(
                    local.toInstant(offsets.get(0)),
                    local.toInstant(offsets.get(1)),
                    "the clocks of " + zone + " showed the time '" + TrackerRow.quoted(cell) + "' twice");
        }
        ZoneOffsetTransition gap = zone.getRules().getTransition(local);
        Duration skipped = gap.getDuration();
        return new Time(
                local.plus(skipped).toInstant(gap.getOffsetAfter()),
                null,
                "the clocks of " + zone + " never showed the time '" + TrackerRow.quoted(cell)
                        + "': they were set from "
                        + gap.getDateTimeBefore().toLocalTime() + " to "
                        + gap.getDateTimeAfter().toLocalTime() + "; is it the zone of the file?");
    }

    private static int number(@Nullable String digits, int otherwise) {
        return digits == null ? otherwise : Integer.parseInt(digits);
    }

    private static int nanos(@Nullable String fraction) {
        return fraction == null ? 0 : Integer.parseInt((fraction + "00000000").substring(0, 9));
    }
}
