package dev.attribution.trackers;

import dev.attribution.AttributionException;
import dev.attribution.click.ClickId;
import dev.attribution.reconcile.TrackerRow;
import dev.attribution.reconcile.TrackerRow.Standing;
import dev.attribution.trackers.Cells.BadCellException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads a record of an export as a row of the tracker. */
final class RowReader {
    private static final Set<String> YES = Set.of("true", "1", "yes", "y");

    private final String source;
    private final ExportFormat format;
    private final Map<Field, int[]> columns;
    private final int width;
    private final Cells cells;

    RowReader(String source, ExportFormat format, Map<Field, int[]> columns, int width, Cells cells) {
        this.source = source;
        this.format = format;
        this.columns = columns;
        this.width = width;
        this.cells = cells;
    }

    TrackerRow read(Records.Row record) {
        List<String> values = record.cells();
        if (record.problem() != null) {
            return TrackerRow.unreadable(source, record.line(), record.problem());
        }
        if (values.size() > width
                && values.subList(width, values.size()).stream().anyMatch(cell -> !cell.isBlank())) {
            return TrackerRow.unreadable(
                    source,
                    record.line(),
                    "the row has " + values.size() + " columns, the header " + width
                            + ": a separator inside a cell is not quoted");
        }
        if (values.size() < width && values.size() <= columns.getOrDefault(Field.TIME, new int[] {0})[0]) {
            return TrackerRow.unreadable(
                    source, record.line(), "the row has " + values.size() + " columns, the header " + width);
        }
        try {
            return row(record.line(), values, cells.time(first(values, Field.TIME)));
        } catch (BadCellException e) {
            return TrackerRow.unreadable(source, record.line(), String.valueOf(e.getMessage()));
        } catch (AttributionException e) {
            throw new AttributionException(source + ", line " + record.line() + ": " + e.getMessage(), e);
        }
    }

    private TrackerRow row(long line, List<String> values, Instant time) {
        TrackerRow.Builder row = TrackerRow.builder(source, line, time)
                .clickId(clickId(values))
                .transactionId(text(values, Field.TRANSACTION_ID))
                .eventId(text(values, Field.EVENT))
                .rowId(text(values, Field.ROW_ID));
        row.note(Stream.of(width(values), amount(values, row))
                .flatMap(Optional::stream)
                .collect(Collectors.joining("; ")));
        standing(values, row);
        answer(values, row);
        return row.build();
    }

    private String first(List<String> values, Field field) {
        for (int column : columns.getOrDefault(field, new int[0])) {
            if (column < values.size() && !Cells.isNothing(values.get(column))) {
                return values.get(column);
            }
        }
        return "";
    }

    private @Nullable String text(List<String> values, Field field) {
        String text = first(values, field);
        return text.isEmpty() ? null : text;
    }

    /** The first text that is a click id, else the first text at all. */
    private @Nullable String clickId(List<String> values) {
        String other = null;
        for (int column : columns.getOrDefault(Field.CLICK_ID, new int[0])) {
            String text = column < values.size() ? values.get(column) : "";
            if (!Cells.isNothing(text)) {
                if (ClickId.tryParse(text.strip()).isPresent()) {
                    return text;
                }
                other = other == null ? text : other;
            }
        }
        for (int column : columns.getOrDefault(Field.CLICK_ID_URL, new int[0])) {
            String url = column < values.size() ? values.get(column) : "";
            for (LinkValues.LinkValue value : LinkValues.of(url).values()) {
                if (format.clickIdParameters().contains(value.name().toLowerCase(Locale.ROOT))
                        && !Cells.isNothing(value.value())) {
                    if (ClickId.tryParse(value.value().strip()).isPresent()) {
                        return value.value();
                    }
                    other = other == null ? value.value() : other;
                }
            }
        }
        return other;
    }

    /** Some programs leave empty cells out at the end of a row; a file that was cut ends in such a row, too. */
    private Optional<String> width(List<String> values) {
        return values.size() < width
                ? Optional.of("the row has " + values.size() + " columns, the header " + width)
                : Optional.empty();
    }

    private Optional<String> amount(List<String> values, TrackerRow.Builder row) {
        String text = first(values, Field.AMOUNT);
        Amount amount = null;
        String problem = null;
        if (!text.isEmpty()) {
            try {
                amount = cells.amount(text);
            } catch (BadCellException e) {
                problem = e.getMessage();
            }
        }
        String currency = text(values, Field.CURRENCY);
        if (amount != null && amount.currency() != null) {
            if (currency == null) {
                currency = amount.currency();
            } else if (!currency.strip().equalsIgnoreCase(amount.currency())) {
                problem = "the amount is in " + amount.currency() + ", the currency column says " + currency;
                amount = null;
            }
        }
        row.amount(amount == null ? null : amount.value(), currency);
        return Optional.ofNullable(problem);
    }

    private void standing(List<String> values, TrackerRow.Builder row) {
        String status = first(values, Field.STATUS);
        String message = first(values, Field.STATUS_MESSAGE);
        String code = first(values, Field.STATUS_CODE).strip();
        String meaning = code.matches("\\d{1,9}") ? format.rejectedCodes().get(Integer.valueOf(code)) : null;
        boolean primary = !columns.containsKey(Field.PRIMARY)
                || YES.contains(first(values, Field.PRIMARY).strip().toLowerCase(Locale.ROOT));
        Standing standing = !primary
                ? Standing.NOT_PRIMARY
                : meaning != null || format.isRejected(status) ? Standing.REJECTED : Standing.COUNTED;
        String words = status
                + (meaning == null ? "" : " (" + code + ": " + meaning + ")")
                + (message.isEmpty() ? "" : ": " + message);
        row.standing(standing, words.strip());
    }

    private void answer(List<String> values, TrackerRow.Builder row) {
        String status = first(values, Field.ANSWER_STATUS).strip();
        String error = text(values, Field.ANSWER_ERROR);
        if (status.matches("[1-9]\\d{2}")) {
            row.answer(Integer.parseInt(status), error);
        } else {
            row.answer(0, status.isEmpty() ? error : status + (error == null ? "" : ": " + error));
        }
    }
}
