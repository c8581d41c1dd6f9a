package dev.attribution.testkit;

import dev.attribution.Attribution;
import dev.attribution.AttributionException;
import dev.attribution.click.ClickFlag;
import dev.attribution.click.ClickId;
import dev.attribution.conversion.Conversion;
import dev.attribution.history.HistoryEntry;
import dev.attribution.history.HistoryEntry.Origin;
import dev.attribution.report.ReportFilter;
import dev.attribution.report.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The trace of a click, as lines for the message of a failed assertion. */
final class TraceText {
    private static final ThreadLocal<Attribution> OF_THIS_THREAD = new ThreadLocal<>();
    private static final Set<Attribution> OF_ALL_THREADS = ConcurrentHashMap.newKeySet();

    private static final int NEWEST = 10;

    private TraceText() {}

    static void begin(Attribution attribution) {
        OF_THIS_THREAD.set(attribution);
        OF_ALL_THREADS.add(attribution);
    }

    static void end(Attribution attribution) {
        OF_THIS_THREAD.remove();
        OF_ALL_THREADS.remove(attribution);
    }

    /** The attribution of the test on this thread; on any other thread, of the running test if there is only one. */
    static @Nullable Attribution attribution() {
        Attribution own = OF_THIS_THREAD.get();
        if (own != null) {
            return own;
        }
        List<Attribution> running = List.copyOf(OF_ALL_THREADS);
        return running.size() == 1 ? running.get(0) : null;
    }

    /** The trace of a click, or the newest history if no click is known. */
    static String describe(Attribution attribution, Optional<ClickId> clickId) {
        try {
            return clickId.map(id -> trace(attribution.trace(id))).orElseGet(() -> newest(attribution));
        } catch (AttributionException e) {
            return "No trace: " + e.getMessage();
        }
    }

    private static String trace(Trace trace) {
        List<String> lines = new ArrayList<>();
        lines.add("Trace of " + trace.clickId() + ":");
        lines.add(trace.click()
                .map(click -> "  click      " + click.clickedAt() + " on " + click.offerId() + " by " + click.memberId()
                        + click.flag().map(TraceText::text).orElse(""))
                .orElse("  no such click"));
        if (!trace.isComplete()) {
            lines.add("  older postbacks or conversions are not shown");
        }
        trace.history().forEach(entry -> lines.add(line(entry)));
        trace.conversions().forEach(conversion -> lines.add(line(conversion)));
        return String.join("\n", lines);
    }

    private static String text(ClickFlag flag) {
        return ", flagged by " + flag.rule()
                + flag.clearedAt().map(time -> ", cleared at " + time).orElse("");
    }

    private static String newest(Attribution attribution) {
        List<String> lines = new ArrayList<>();
        lines.add("The newest history:");
        attribution.reports().history(ReportFilter.all(), NEWEST).rows().forEach(entry -> lines.add(line(entry)));
        return String.join("\n", lines);
    }

    private static String line(HistoryEntry entry) {
        return "  postback   " + entry.receivedAt() + " " + entry.kind()
                + entry.reason().map(reason -> " " + reason).orElse("")
                + entry.change()
                        .map(change -> " " + change.before().status() + " to "
                                + change.after().status())
                        .orElse("")
                + (entry.origin() == Origin.OPERATOR ? " by an operator" : " " + entry.query())
                + (entry.notes().isEmpty() ? "" : " " + entry.notes());
    }

    private static String line(Conversion conversion) {
        return "  conversion " + conversion.convertedAt() + " " + conversion.status() + " " + conversion.conversionId()
                + " to "
                + conversion.memberId()
                + conversion.eventId().map(event -> " for " + event).orElse("")
                + conversion.transactionId().map(id -> " in transaction " + id).orElse("")
                + conversion
                        .payout()
                        .map(payout -> " with " + payout.toPlainString())
                        .orElse("")
                + conversion.currency().map(currency -> " " + currency).orElse("");
    }
}
