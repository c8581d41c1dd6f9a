package dev.attribution.trackers;

import dev.attribution.AttributionException;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.postback.PostbackValues;
import dev.attribution.reconcile.TrackerRow;
import dev.attribution.reconcile.TrackerRow.Standing;
import dev.attribution.trackers.Cells.BadCellException;
import dev.attribution.trackers.ColumnStyles.Column;
import dev.attribution.trackers.ColumnStyles.Decision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a record of an export as a row of the tracker. Not thread-safe. */
final class RowReader {
    /** The characters of a URL in which a click id is looked for: twice the longest link that is filled. */
    static final int MAX_URL = 16_384;

    private static final Set<String> YES = Set.of("true", "1", "yes", "y");
    private static final Set<String> NO = Set.of("false", "0", "no", "n", "");
    private static final Set<Field> DECIDING = EnumSet.of(Field.STATUS, Field.STATUS_CODE, Field.PRIMARY);
    private static final Pattern WHOLE_NUMBER = Pattern.compile("(\\d{1,9})(?:[.,]0{1,9})?");
    private static final Set<String> ABOUT_ROW = Set.of("duplicate", "duplicated", "test", "adjustment");
    private static final Pattern HTTP_STATUS = Pattern.compile("([1-9]\\d{2})(?:[.,]0{1,9})?");

    private final String source;
    private final ExportFormat format;
    private final List<String> headers;
    private final Map<Field, int[]> columns;
    private final Cells cells;

    /** A cell without what is invisible around its text; column −1 if no column of its field is filled. */
    private record Cell(int column, String text, String original) {
        static final Cell NONE = new Cell(-1, "", "");

        boolean isAbsent() {
            return text.isEmpty();
        }

        @Nullable
        String textOrNull() {
            return isAbsent() ? null : text;
        }

        boolean hasInvisible() {
            return !text.equals(original.strip());
        }
    }

    /** What is to be said about a row. */
    private static final class Remarks {
        private final List<String> notes = new ArrayList<>(0);
        private boolean inDoubt;

        void note(String note) {
            notes.add(note);
        }

        void doubt(String doubt) {
            notes.add(doubt);
            inDoubt = true;
        }

        void addTo(TrackerRow.Builder row) {
            row.note(String.join("; ", notes)).inDoubt(inDoubt);
        }
    }

    RowReader(String source, ExportFormat format, List<String> headers, Cells cells) {
        this.source = source;
        this.format = format;
        this.headers = headers;
        this.columns = format.find(headers, source);
        this.cells = cells;
    }

    /** Shows the cells whose style is a matter of their column. */
    void survey(Records.Row record, ColumnStyles.Cells receiver) {
        if (problem(record) != null) {
            return;
        }
        Cell time = first(record.cells(), Field.TIME);
        if (!time.isAbsent()) {
            receiver.accept(column(time, Field.TIME), record.line(), time.text(), Cells.styles(time.text()));
        }
        Cell amount = first(record.cells(), Field.AMOUNT);
        if (!amount.isAbsent()) {
            try {
                Set<Style> styles = Amount.of(amount.text()).styles();
                receiver.accept(column(amount, Field.AMOUNT), record.line(), amount.text(), styles);
            } catch (BadCellException e) {
                return; // its row says so
            }
        }
    }

    private Column column(Cell cell, Field field) {
        String form = field == Field.TIME ? Cells.form(cell.text()) : "";
        return new Column(cell.column(), headers.get(cell.column()), field, form);
    }

    TrackerRow read(Records.Row record, ColumnStyles styles) {
        String problem = problem(record);
        if (problem != null) {
            return TrackerRow.unreadable(source, record.line(), problem);
        }
        try {
            return row(record, styles);
        } catch (BadCellException e) {
            return TrackerRow.unreadable(source, record.line(), String.valueOf(e.getMessage()));
        } catch (AttributionException e) {
            throw new AttributionException(source + ", line " + record.line() + ": " + e.getMessage(), e);
        }
    }

    private @Nullable String problem(Records.Row record) {
        List<String> values = record.cells();
        int width = headers.size();
        if (record.problem() != null) {
            return record.problem();
        }
        if (values.size() > width
                && values.subList(width, values.size()).stream().anyMatch(cell -> !cell.isBlank())) {
            return "the row has " + values.size() + " columns, the header " + width
                    + ": a separator inside a cell is not quoted";
        }
        if (values.size() < width && values.size() <= columns.getOrDefault(Field.TIME, new int[] {0})[0]) {
            return "the row has " + values.size() + " columns, the header " + width;
        }
        return null;
    }

    private TrackerRow row(Records.Row record, ColumnStyles styles) throws BadCellException {
        List<String> values = record.cells();
        Remarks remarks = new Remarks();
        Cells.Time time = time(first(values, Field.TIME), styles, remarks);
        TrackerRow.Builder row = TrackerRow.builder(source, record.line(), time.instant())
                .otherTime(time.other())
                .clickId(clickId(values, remarks))
                .transactionId(id(values, Field.TRANSACTION_ID, "transaction id", remarks))
                .eventId(id(values, Field.EVENT, "event", remarks))
                .rowId(id(values, Field.ROW_ID, "id of the row", remarks));
        if (time.note() != null) {
            remarks.note(time.note());
        }
        width(record, remarks);
        amount(values, row, styles, remarks);
        standing(values, row, remarks);
        answer(values, row);
        remarks.addTo(row);
        return row.build();
    }

    private Cells.Time time(Cell cell, ColumnStyles styles, Remarks remarks) throws BadCellException {
        if (cell.isAbsent()) {
            return cells.time("", Style.MONTH_FIRST);
        }
        Set<Style> possible = Cells.styles(cell.text());
        Decision order = possible.isEmpty()
                ? Decision.clear(Style.MONTH_FIRST) // nearly every time: no order matters
                : styles.of(column(cell, Field.TIME), possible);
        if (order.doubt() != null) {
            String doubt = "the time '" + TrackerRow.quoted(cell.text()) + "' is in doubt: " + order.doubt();
            if (!order.isLikely()) {
                throw new BadCellException(doubt);
            }
            remarks.doubt(doubt + "; it was read with " + order.style().words());
        }
        return cells.time(cell.text(), order.style());
    }

    private Cell first(List<String> values, Field field) {
        for (int column : columns.getOrDefault(field, new int[0])) {
            if (column < values.size() && !PostbackValues.isNothing(values.get(column))) {
                return new Cell(column, Text.trimmed(values.get(column)), values.get(column));
            }
        }
        return Cell.NONE;
    }

    private @Nullable String id(List<String> values, Field field, String name, Remarks remarks) {
        Cell cell = first(values, field);
        if (cell.hasInvisible()) {
            remarks.note("the " + name + " was read from '" + TrackerRow.quoted(cell.original())
                    + "', with invisible characters");
        }
        return cell.textOrNull();
    }

    /** The first text that is a click id, else the first text at all. */
    private @Nullable String clickId(List<String> values, Remarks remarks) {
        List<String> texts = new ArrayList<>(1);
        for (int column : columns.getOrDefault(Field.CLICK_ID, new int[0])) {
            texts.add(column < values.size() ? values.get(column) : "");
        }
        Optional<String> found = clickIdAmong(texts, remarks);
        if (found.isPresent()) {
            return found.get();
        }
        for (int column : columns.getOrDefault(Field.CLICK_ID_URL, new int[0])) {
            texts.addAll(clickIdTexts(column < values.size() ? values.get(column) : "", remarks));
        }
        return clickIdAmong(texts, remarks)
                .or(() -> texts.stream()
                        .filter(text -> !PostbackValues.isNothing(text))
                        .map(Text::trimmed)
                        .findFirst())
                .orElse(null);
    }

    private static Optional<String> clickIdAmong(List<String> texts, Remarks remarks) {
        for (String text : texts) {
            if (ClickId.tryParse(text.strip()).isPresent()) {
                return Optional.of(text);
            }
            Optional<ClickId> dressed = PostbackValues.clickId(text);
            if (dressed.isPresent()) {
                remarks.note("the click id was read from '" + TrackerRow.quoted(text) + "'");
                return Optional.of(dressed.get().value());
            }
        }
        return Optional.empty();
    }

    private List<String> clickIdTexts(String url, Remarks remarks) {
        boolean isCut = url.length() > MAX_URL;
        if (isCut) {
            remarks.note("of the URL, " + MAX_URL + " of " + url.length() + " characters were read");
        }
        return LinkValues.of(isCut ? url.substring(0, MAX_URL) : url).values().stream()
                .filter(value -> isClickIdParameter(value.name().toLowerCase(Locale.ROOT)))
                .map(LinkValues.LinkValue::value)
                .toList();
    }

    private boolean isClickIdParameter(String name) {
        return format.clickIdParameters().contains(name.startsWith("amp;") ? name.substring(4) : name);
    }

    /** Some programs leave empty cells out at the end of a row; a file that was cut ends in such a row, too. */
    private void width(Records.Row record, Remarks remarks) {
        List<String> values = record.cells();
        if (values.size() >= headers.size()) {
            return;
        }
        String shorter = "the row has " + values.size() + " columns, the header " + headers.size();
        boolean decides = DECIDING.stream()
                .map(field -> columns.getOrDefault(field, new int[0]))
                .anyMatch(numbers -> numbers.length > 0 && numbers[0] >= values.size());
        if (decides || !record.isEnded()) {
            remarks.doubt(shorter);
        } else {
            remarks.note(shorter);
        }
    }

    private void amount(List<String> values, TrackerRow.Builder row, ColumnStyles styles, Remarks remarks) {
        Cell cell = first(values, Field.AMOUNT);
        String currency = first(values, Field.CURRENCY).textOrNull();
        try {
            if (!cell.isAbsent()) {
                Amount amount = Amount.of(cell.text());
                currency = currency(amount, currency);
                Decision decimal = styles.of(column(cell, Field.AMOUNT), amount.styles());
                if (decimal.doubt() != null && !decimal.isLikely()) {
                    throw amount.doubt(decimal.doubt());
                }
                row.amount(amount.value(decimal.style()), currency);
                if (decimal.doubt() != null) {
                    remarks.doubt(amount.doubt(decimal.doubt()).getMessage() + "; it was read with "
                            + decimal.style().words());
                }
                return;
            }
        } catch (BadCellException e) {
            remarks.doubt(String.valueOf(e.getMessage()));
        }
        row.amount(null, currency);
    }

    private static @Nullable String currency(Amount amount, @Nullable String currency) throws BadCellException {
        if (amount.currency() == null) {
            return currency;
        }
        if (currency != null && !currency.equalsIgnoreCase(amount.currency())) {
            throw amount.doubt("it is in " + amount.currency() + ", the currency column says '"
                    + TrackerRow.quoted(currency) + "'");
        }
        return amount.currency();
    }

    private void standing(List<String> values, TrackerRow.Builder row, Remarks remarks) {
        String status = first(values, Field.STATUS).text();
        String message = first(values, Field.STATUS_MESSAGE).text();
        String code = Text.plain(first(values, Field.STATUS_CODE).text());
        Matcher number = WHOLE_NUMBER.matcher(code);
        String meaning = null;
        if (number.matches()) {
            meaning = format.rejectedCodes().get(Integer.valueOf(number.group(1)));
        } else if (!code.isEmpty()) {
            remarks.doubt("the status code '" + TrackerRow.quoted(code) + "' is not a number");
        }
        Standing standing = !isPrimary(values, remarks)
                ? Standing.NOT_PRIMARY
                : meaning != null ? Standing.REJECTED : standing(status, message, remarks);
        String words = status
                + (meaning == null ? "" : " (" + code + ": " + meaning + ")")
                + (message.isEmpty() ? "" : ": " + message);
        row.standing(standing, words.strip());
    }

    private Standing standing(String status, String message, Remarks remarks) {
        if (!columns.containsKey(Field.STATUS)) {
            return Standing.COUNTED;
        }
        Optional<ConversionStatus> said = format.status(status);
        if (said.isEmpty()) {
            remarks.doubt("the status '" + TrackerRow.quoted(status)
                    + "' does not say whether the conversion counts: name its word in the format");
            return Standing.COUNTED;
        }
        return switch (said.get()) {
            case APPROVED -> Standing.APPROVED;
            case PENDING -> Standing.PENDING;
            case REVERSED -> isAboutRow(status + " " + message) ? Standing.REJECTED : Standing.REVERSED;
        };
    }

    /** Returns whether a rejection is about the row alone, which names a conversion that may count all the same. */
    private static boolean isAboutRow(String words) {
        return Arrays.stream(Text.words(words).split(" ")).anyMatch(ABOUT_ROW::contains);
    }

    private boolean isPrimary(List<String> values, Remarks remarks) {
        if (!columns.containsKey(Field.PRIMARY)) {
            return true;
        }
        String primary = Text.words(first(values, Field.PRIMARY).text());
        if (!YES.contains(primary) && !NO.contains(primary)) {
            remarks.doubt("'" + TrackerRow.quoted(primary) + "' does not say whether the row is the primary one");
        }
        return YES.contains(primary);
    }

    private void answer(List<String> values, TrackerRow.Builder row) {
        String status = Text.plain(first(values, Field.ANSWER_STATUS).text());
        String error = first(values, Field.ANSWER_ERROR).textOrNull();
        Matcher number = HTTP_STATUS.matcher(status);
        if (number.matches()) {
            row.answer(Integer.parseInt(number.group(1)), error);
        } else {
            row.answer(0, status.isEmpty() ? error : status + (error == null ? "" : ": " + error));
        }
    }
}
