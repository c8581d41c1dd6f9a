package dev.attribution.trackers;

import dev.attribution.reconcile.TrackerRow;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides how the cells of a column are written: the order of day and month, and the decimal mark. What one cell leaves open
 * is decided by the whole column, which is read a second time for the first such cell. Not thread-safe.
 */
final class ColumnStyles {
    /** Reads the file from its start. */
    @FunctionalInterface
    interface Survey {
        /**
         * Reads the file.
         *
         * @param cells receives the cells of dates and amounts
         * @return whether the file could be read again
         */
        boolean read(Cells cells);
    }

    /** Receives cells. */
    @FunctionalInterface
    interface Cells {
        void accept(Column column, long line, String cell, Set<Style> styles);
    }

    /**
     * A column.
     *
     * @param number its number, from 0
     * @param header its header
     * @param field whether it has times or amounts
     * @param form what else its cells look like: a program that rewrites some dates of a column leaves others as they are, so
     *     that one form proves nothing about another
     */
    record Column(int number, String header, Field field, String form) {}

    /**
     * How a cell is to be read.
     *
     * @param style the style of the column, or the most likely one
     * @param doubt why it is in doubt, or {@code null}
     * @param isLikely whether the style is likely though in doubt
     */
    record Decision(Style style, @Nullable String doubt, boolean isLikely) {
        static Decision clear(Style style) {
            return new Decision(style, null, true);
        }
    }

    private record Example(String cell, long line) {
        @Override
        public String toString() {
            return "'" + TrackerRow.quoted(cell) + "' in line " + line;
        }
    }

    /** What the cells of a column show. */
    private static final class Evidence {
        private final Map<Style, Example> proofs = new EnumMap<>(Style.class);
        private @Nullable Example open;

        void add(long line, String cell, Set<Style> styles) {
            if (styles.size() == 1) {
                proofs.computeIfAbsent(styles.iterator().next(), style -> new Example(cell, line));
            } else if (styles.size() > 1 && open == null) {
                open = new Example(cell, line);
            }
        }
    }

    private final String source;
    private final Set<Style> declared;
    private final Style likelyDecimal;
    private final Survey survey;
    private final Map<Column, Set<Style>> seen = new HashMap<>();
    private final Map<Column, Decision> decisions = new HashMap<>();
    private final Deque<TrackerRow> doubts = new ArrayDeque<>();
    private boolean isSurveyed;

    /**
     * Creates the styles of a file.
     *
     * @param declared what the host says of the file
     * @param likelyDecimal the decimal mark of files with this separator
     * @param survey reads the file again
     */
    ColumnStyles(String source, Set<Style> declared, Style likelyDecimal, Survey survey) {
        this.source = source;
        this.declared = declared;
        this.likelyDecimal = likelyDecimal;
        this.survey = survey;
    }

    /** Returns how a cell is to be read that may be written in the given styles. */
    Decision of(Column column, Set<Style> styles) {
        Style said = declared(column.field());
        if (said != null) {
            return Decision.clear(said);
        }
        if (styles.isEmpty()) {
            return Decision.clear(likely(column.field()));
        }
        Set<Style> soFar = seen.computeIfAbsent(column, first -> EnumSet.noneOf(Style.class));
        if (styles.size() == 1) {
            soFar.addAll(styles);
        }
        if (!isSurveyed && (styles.size() > 1 || soFar.size() > 1)) {
            isSurveyed = true;
            survey();
        }
        return styles.size() == 1
                ? Decision.clear(styles.iterator().next())
                : decisions.computeIfAbsent(column, unread -> unproven(unread, new Evidence()));
    }

    /** Removes what is to be said about the file as a whole, and returns it. */
    List<TrackerRow> takeDoubts() {
        List<TrackerRow> taken = List.copyOf(doubts);
        doubts.clear();
        return taken;
    }

    private @Nullable Style declared(Field field) {
        return declared.stream().filter(style -> isOf(style, field)).findFirst().orElse(null);
    }

    private static boolean isOf(Style style, Field field) {
        return (field == Field.TIME) == (style == Style.DAY_FIRST || style == Style.MONTH_FIRST);
    }

    private Style likely(Field field) {
        return field == Field.TIME ? Style.MONTH_FIRST : likelyDecimal;
    }

    private void survey() {
        Map<Column, Evidence> columns = new HashMap<>();
        boolean isRead = survey.read((column, line, cell, styles) -> {
            if (!styles.isEmpty() && declared(column.field()) == null) {
                columns.computeIfAbsent(column, first -> new Evidence()).add(line, cell, styles);
            }
        });
        if (!isRead) {
            say("it cannot be read a second time, which shows the order of day and month and the decimal mark: let each"
                    + " call open a new stream, or say dayFirst(), monthFirst(), decimalPoint() or decimalComma()");
        }
        columns.forEach((column, evidence) -> decisions.put(column, decide(column, evidence)));
    }

    private Decision decide(Column column, Evidence evidence) {
        if (evidence.proofs.size() == 1) {
            return Decision.clear(evidence.proofs.keySet().iterator().next());
        }
        if (evidence.proofs.isEmpty()) {
            return unproven(column, evidence);
        }
        List<String> proofs = new ArrayList<>();
        evidence.proofs.forEach((style, example) -> proofs.add("with " + style.words() + " (" + example + ")"));
        String contradiction =
                "the column '" + TrackerRow.quoted(column.header()) + "' is written " + String.join(" and ", proofs);
        say(contradiction
                + (evidence.open == null
                        ? ""
                        : ": cells that can be read in both ways are in doubt, such as " + evidence.open)
                + "; export it again in one form, or say " + remedy(column.field()));
        return new Decision(likely(column.field()), contradiction, false);
    }

    private Decision unproven(Column column, Evidence evidence) {
        String what = column.field() == Field.TIME ? "whether the day or the month comes first" : "its decimal mark";
        String unproven = "the column '" + TrackerRow.quoted(column.header()) + "' does not prove " + what;
        if (evidence.open != null) {
            say(unproven + ": cells such as " + evidence.open + " are in doubt; say " + remedy(column.field()));
        }
        return new Decision(likely(column.field()), unproven, true);
    }

    private static String remedy(Field field) {
        return field == Field.TIME ? "dayFirst() or monthFirst()" : "decimalPoint() or decimalComma()";
    }

    private void say(String doubt) {
        doubts.add(TrackerRow.ofSource(source, doubt));
    }
}
