package dev.attribution.console;

import dev.attribution.Attribution;
import dev.attribution.Reports;
import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.console.view.JteevidenceGenerated;
import dev.attribution.console.view.JtematchesGenerated;
import dev.attribution.console.view.JtemessageGenerated;
import dev.attribution.console.view.JtestoryGenerated;
import dev.attribution.console.view.Matches;
import dev.attribution.console.view.Matches.Scanned;
import dev.attribution.console.view.Show;
import dev.attribution.console.view.Story;
import dev.attribution.conversion.Conversion;
import dev.attribution.history.HistoryEntry;
import dev.attribution.history.HistoryEntry.Origin;
import dev.attribution.offer.Offer;
import dev.attribution.postback.PostbackValues;
import dev.attribution.report.CsvWriter;
import dev.attribution.report.Cursor;
import dev.attribution.report.Page;
import dev.attribution.report.ReportFilter;
import dev.attribution.report.Trace;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Search, the story of a click id, and the evidence of a conversion. */
final class StoryPages {
    private static final int SHOWN = 20;
    private static final int SHOWN_IN_STORY = 500;
    private static final int MAX_TEXT = 200_000;
    private static final int SCAN = 20_000;
    private static final int SCAN_PAGE = 1_000;
    private static final Comparator<Cursor> OLDEST_FIRST = Cursor.NEWEST_FIRST.reversed();
    private static final Pattern COUNT = Pattern.compile("[0-9]{1,15}");

    private StoryPages() {}

    /**
     * Finds what has an id, and goes to its story where only one click is meant. A message that names an id as that of a click
     * proves nothing, since anybody can send it: it is listed with what else has the id, and leads nowhere by itself.
     */
    static ConsoleResponse search(Exchange exchange) {
        String text = exchange.query().word("q");
        if (text.isEmpty()) {
            throw new Refused(
                    400, "Enter an id: of a click, a conversion, an attempt, a transaction, a member or an offer.");
        }
        Attribution attribution = exchange.attribution();
        Optional<UUID> uuid = ClickId.tryParse(text).map(ClickId::uuid);
        Optional<ClickId> clickId = PostbackValues.clickId(text);
        if (clickId.isPresent()
                && !attribution.findClicks(List.of(clickId.get())).isEmpty()) {
            return ConsoleResponse.seeOther(exchange.frame().link("/story", "click", clickId.get()));
        }
        Optional<Conversion> conversion = uuid.flatMap(attribution::findConversion);
        if (conversion.isPresent()) {
            return ConsoleResponse.seeOther(
                    exchange.frame().link("/story", "click", conversion.get().clickId()) + "#c-"
                            + conversion.get().conversionId());
        }
        Optional<HistoryEntry> attempt = uuid.flatMap(id -> entry(attribution, id));
        if (attempt.isPresent()) {
            return ConsoleResponse.seeOther(linkOf(exchange, attempt.get()));
        }
        Matches matches = matches(exchange, text);
        String title = matches.isNothing()
                ? "Nothing found"
                : matches.isEmpty()
                        ? "Not found in the newest "
                                + Show.count(matches.scanned().read()) + " messages"
                        : "Found";
        return Exchange.page(
                matches.isNothing() ? 404 : 200,
                out -> JtematchesGenerated.render(out, null, exchange.frame().titled(title), matches));
    }

    private static Matches matches(Exchange exchange, String text) {
        Attribution attribution = exchange.attribution();
        Reports reports = attribution.reports();
        ReportFilter ofMember = ReportFilter.builder().memberId(text).build();
        ReportFilter ofOffer = ReportFilter.builder().offerId(text).build();
        List<HistoryEntry> received = reports.history(
                        ReportFilter.builder().clickId(text).build(), SHOWN)
                .rows();
        Optional<Offer> offer = attribution.offers().find(text);
        List<Click> offerClicks = reports.clicks(ofOffer, SHOWN).rows();
        List<Click> memberClicks = reports.clicks(ofMember, SHOWN).rows();
        List<Conversion> memberConversions =
                reports.conversions(ofMember, SHOWN).rows();
        List<HistoryEntry> transactions = new ArrayList<>();
        Scanned scanned = scan(reports, text, exchange.query(), transactions);
        return new Matches(
                text,
                Optional.empty(),
                Optional.empty(),
                received,
                offer,
                offerClicks,
                memberClicks,
                memberConversions,
                transactions,
                scanned);
    }

    /**
     * Reads history, newest first, for a transaction id. No index serves it, so it is read in bounded parts, and the address of a
     * part says what the parts before it came to.
     */
    private static Scanned scan(Reports reports, String transactionId, Form query, List<HistoryEntry> found) {
        Cursor after = query.isSet("after") ? Cursor.parse(query.word("after")) : null;
        long before = after == null ? 0 : count(query, "read");
        long read = 0;
        Instant oldest = null;
        do {
            Page<HistoryEntry> page = reports.history(ReportFilter.all(), SCAN_PAGE, after);
            after = page.next().orElse(null);
            Iterator<HistoryEntry> rows = page.rows().iterator();
            while (rows.hasNext() && found.size() < SHOWN) {
                HistoryEntry entry = rows.next();
                if (entry.transactionId().filter(transactionId::equals).isPresent()) {
                    found.add(entry);
                }
                oldest = entry.receivedAt();
                read++;
                if (found.size() == SHOWN && rows.hasNext()) {
                    after = Cursor.of(entry);
                }
            }
        } while (after != null && read < SCAN && found.size() < SHOWN);
        return new Scanned(
                before + read,
                Optional.ofNullable(oldest),
                after == null ? "" : after.toString(),
                query.isSet("after") ? count(query, "found") : 0);
    }

    private static long count(Form query, String name) {
        String digits = query.word(name);
        if (!COUNT.matcher(digits).matches()) {
            throw new Refused(400, "The address of a further part of a search has the numbers of the parts before it.");
        }
        return Long.parseLong(digits);
    }

    private static Optional<HistoryEntry> entry(Attribution attribution, UUID attemptId) {
        return attribution
                .reports()
                .history(ReportFilter.builder().attemptId(attemptId).build(), 1)
                .rows()
                .stream()
                .findFirst();
    }

    private static String linkOf(Exchange exchange, HistoryEntry entry) {
        return entry.clickId()
                .map(clickId -> exchange.frame().link("/story", "click", clickId) + "#m-" + entry.attemptId())
                .orElseGet(() -> exchange.frame().link("/message", "attempt", entry.attemptId()));
    }

    private static boolean isKnown(Trace trace) {
        return trace.click().isPresent() || !trace.history().isEmpty();
    }

    /** The newest messages and conversions of a click, or those before a place that the address names. */
    static ConsoleResponse story(Exchange exchange) {
        ClickId clickId = ClickId.of(Exchange.uuid(exchange.query(), "click"));
        Trace trace = exchange.attribution().trace(clickId);
        if (!isKnown(trace)) {
            throw Refused.notFound("No click has the id " + clickId + ", and no message named it.");
        }
        Story story = story(exchange, trace);
        return Exchange.page(out -> JtestoryGenerated.render(out, null, exchange.frame(), story));
    }

    private static Story story(Exchange exchange, Trace trace) {
        Attribution attribution = exchange.attribution();
        ReportFilter filter = ReportFilter.builder().clickId(trace.clickId()).build();
        Optional<Cursor> after = cursor(exchange, "after");
        Optional<Cursor> conversionsAfter = cursor(exchange, "conversions");
        Page<HistoryEntry> messages = newest(
                after.map(cursor -> attribution.reports().history(filter, SHOWN_IN_STORY, cursor))
                        .orElseGet(() -> newestFirst(trace.history(), trace.olderHistory())),
                Cursor::of);
        Page<Conversion> all = conversionsAfter
                .map(cursor -> attribution.reports().conversions(filter, SHOWN_IN_STORY, cursor))
                .orElseGet(() -> newestFirst(trace.conversions(), trace.olderConversions()));
        Page<Conversion> shown = newest(all, Cursor::of);
        return new Story(
                trace.clickId(),
                trace.click(),
                oldestFirst(messages.rows()),
                messages.next().map(Cursor::toString).orElse(""),
                cut(messages.rows()),
                withNamed(attribution, oldestFirst(shown.rows()), messages.rows()),
                shown.next().map(Cursor::toString).orElse(""),
                Show.balance(all.rows()),
                conversionsAfter.isEmpty() && all.next().isEmpty(),
                after.isPresent() || conversionsAfter.isPresent());
    }

    private static Optional<Cursor> cursor(Exchange exchange, String name) {
        return Optional.of(exchange.query().word(name))
                .filter(text -> !text.isEmpty())
                .map(Cursor::parse);
    }

    private static <T> Page<T> newestFirst(List<T> oldestFirst, Optional<Cursor> older) {
        return new Page<>(oldestFirst(oldestFirst), older);
    }

    private static <T> List<T> oldestFirst(List<T> rows) {
        List<T> reversed = new ArrayList<>(rows);
        Collections.reverse(reversed);
        return reversed;
    }

    /** {@return as many rows of a page as a story shows} */
    private static <T> Page<T> newest(Page<T> page, Function<T, Cursor> cursorOf) {
        if (page.rows().size() <= SHOWN_IN_STORY) {
            return page;
        }
        List<T> newest = page.rows().subList(0, SHOWN_IN_STORY);
        return new Page<>(newest, Optional.of(cursorOf.apply(newest.get(newest.size() - 1))));
    }

    /** {@return the messages that are too long for a page which shows those before them as a whole} */
    private static Set<UUID> cut(List<HistoryEntry> newestFirst) {
        Set<UUID> cut = new HashSet<>();
        long left = MAX_TEXT;
        for (HistoryEntry entry : newestFirst) {
            long length = (long) entry.query().length() + entry.body().length();
            if (length <= left) {
                left -= length;
            } else {
                cut.add(entry.attemptId());
            }
        }
        return cut;
    }

    /** {@return conversions, and the conversions and reservations that messages name in addition} */
    private static List<Conversion> withNamed(
            Attribution attribution, List<Conversion> some, List<HistoryEntry> messages) {
        Map<UUID, Conversion> conversions = new LinkedHashMap<>();
        some.forEach(conversion -> conversions.put(conversion.conversionId(), conversion));
        for (HistoryEntry entry : oldestFirst(messages)) {
            entry.conversionId()
                    .filter(id -> !conversions.containsKey(id))
                    .flatMap(attribution::findConversion)
                    .ifPresent(conversion -> conversions.put(conversion.conversionId(), conversion));
        }
        return conversions.values().stream()
                .sorted(Comparator.comparing((Conversion conversion) -> Cursor.of(conversion), OLDEST_FIRST))
                .toList();
    }

    /** A message as a whole, also one that names no click. */
    static ConsoleResponse message(Exchange exchange) {
        UUID attemptId = Exchange.uuid(exchange.query(), "attempt");
        HistoryEntry entry = entry(exchange.attribution(), attemptId)
                .orElseThrow(() -> Refused.notFound("No message has the attempt id " + attemptId + "."));
        return Exchange.page(out -> JtemessageGenerated.render(out, null, exchange.frame(), entry));
    }

    /** A ZIP for the other side: what it sent about a conversion, when, and what was decided. */
    static ConsoleResponse evidence(Exchange exchange) {
        UUID id = Exchange.uuid(exchange.query(), "conversion");
        Conversion conversion = exchange.attribution()
                .findConversion(id)
                .orElseThrow(() -> Refused.notFound("No conversion has the id " + id + "."));
        Trace trace = exchange.attribution().trace(conversion.clickId());
        String caller = entry(exchange.attribution(), conversion.attemptId())
                .map(HistoryEntry::caller)
                .orElse("");
        List<HistoryEntry> messages = trace.history().stream()
                .filter(entry -> isEvidence(entry, conversion, caller))
                .toList();
        byte[] page = Exchange.html(out -> JteevidenceGenerated.render(
                out, null, exchange.zone(), exchange.settings().clock().instant(), conversion, trace, messages));
        return ConsoleResponse.of(200, "application/zip", out -> zip(page, messages, out))
                .header("Content-Disposition", "attachment; filename=\"evidence-" + id + ".zip\"");
    }

    /** The messages of the same caller, and the operator's acts on the conversion: nobody is shown what another caller sent. */
    private static boolean isEvidence(HistoryEntry entry, Conversion conversion, String caller) {
        boolean isAbout = entry.conversionId().equals(Optional.of(conversion.conversionId()));
        return entry.origin() == Origin.OPERATOR ? isAbout : entry.caller().equals(caller);
    }

    private static void zip(byte[] page, List<HistoryEntry> messages, OutputStream out) throws IOException {
        ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8);
        zip.putNextEntry(new ZipEntry("evidence.html"));
        zip.write(page);
        zip.closeEntry();
        zip.putNextEntry(new ZipEntry("messages.csv"));
        StringBuilder csv = new StringBuilder();
        CsvWriter writer = new CsvWriter(csv);
        writer.line(
                "received_at",
                "outcome",
                "reason",
                "transaction_id",
                "event_id",
                "conversion_id",
                "status_before",
                "status_after",
                "origin",
                "caller",
                "content_type",
                "query",
                "body");
        for (HistoryEntry entry : messages) {
            writer.line(
                    entry.receivedAt(),
                    entry.kind(),
                    entry.reason(),
                    entry.transactionId(),
                    entry.eventId(),
                    entry.conversionId(),
                    entry.change().map(change -> change.before().status()),
                    entry.change().map(change -> change.after().status()),
                    entry.origin(),
                    entry.caller(),
                    entry.contentType(),
                    entry.query(),
                    entry.body());
        }
        zip.write(csv.toString().getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
        zip.finish();
    }

    /** {@return the conversion that a form names} */
    static Conversion conversion(Exchange exchange, Form form) {
        UUID id = Exchange.uuid(form, "conversion");
        return exchange.attribution()
                .findConversion(id)
                .orElseThrow(() -> Refused.notFound("No conversion has the id " + id + "."));
    }
}
