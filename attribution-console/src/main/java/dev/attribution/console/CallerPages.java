package dev.attribution.console;

import dev.attribution.Attribution;
import dev.attribution.console.view.CallerRow;
import dev.attribution.console.view.Excerpt;
import dev.attribution.console.view.JtecallersGenerated;
import dev.attribution.console.view.JtetesterGenerated;
import dev.attribution.console.view.Listing;
import dev.attribution.console.view.Test;
import dev.attribution.console.view.Test.Result;
import dev.attribution.console.view.Todo;
import dev.attribution.postback.Answers;
import dev.attribution.postback.Caller;
import dev.attribution.postback.HttpAnswer;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackRequest;
import dev.attribution.repair.PostbackDryRun;
import dev.attribution.report.CallerCounts;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The callers, their URLs and unmapped words, and the tester of postbacks. */
final class CallerPages {
    private static final int DAYS = 30;
    private static final int SUGGESTED = 50;
    private static final int SHOWN = 50;

    private CallerPages() {}

    static ConsoleResponse callers(Exchange exchange) {
        LocalDate today = exchange.today();
        NavigableMap<String, CallerCounts> messages = new TreeMap<>();
        List<ConsoleCaller> known = exchange.settings().callers().get();
        known.forEach(caller -> messages.put(caller.caller().name(), CallerCounts.NONE));
        exchange.attribution()
                .reports()
                .summary(today.minusDays(DAYS - 1L), today, exchange.zone())
                .forEach(row ->
                        row.callers().forEach((name, counts) -> messages.merge(name, counts, CallerCounts::plus)));
        NamePage<CallerCounts> page = NamePage.of(exchange, messages);
        List<CallerRow> rows = page.rows().stream()
                .map(entry -> new CallerRow(
                        entry.getKey(),
                        entry.getValue(),
                        UnknownWords.caller(exchange.attribution(), entry.getKey())
                                .isPresent()))
                .toList();
        Set<String> names = page.rows().stream().map(Map.Entry::getKey).collect(Collectors.toSet());
        List<CallerRow.Url> urls = known.stream()
                .filter(caller -> names.contains(caller.caller().name()))
                .map(caller -> new CallerRow.Url(
                        caller.caller().name(),
                        caller.system().orElse(""),
                        caller.postbackUrl().orElse(""),
                        caller.note().orElse("")))
                .toList();
        Todo todo = UnknownWords.find(exchange);
        Listing listing = page.listing(exchange, "/callers");
        return Exchange.page(
                out -> JtecallersGenerated.render(out, null, exchange.frame(), listing, rows, urls, todo, DAYS));
    }

    /** {@return the names that a field for a caller suggests} */
    static Excerpt<String> suggested(Exchange exchange) {
        List<String> names = exchange.settings().callers().get().stream()
                .map(caller -> caller.caller().name())
                .toList();
        return Excerpt.of(names, SUGGESTED);
    }

    /** Judges a request as it would be judged now, and stores nothing. */
    static ConsoleResponse tester(Exchange exchange) {
        Form form = exchange.isPost() ? exchange.form() : exchange.query();
        Test test = new Test(
                form.isSet("caller") ? form.text("caller") : Caller.STANDARD,
                form.word("method").equals("POST") ? "POST" : "GET",
                form.word("url"),
                form.word("type"),
                form.text("body"),
                form.text("headers"),
                form.word("address"));
        List<Result> results = exchange.isPost() ? results(exchange, test, form.lines("headers")) : List.of();
        return Exchange.page(out -> JtetesterGenerated.render(
                out, null, exchange.frame(), test, suggested(exchange), Excerpt.of(results, SHOWN), exchange.isPost()));
    }

    private static List<Result> results(Exchange exchange, Test test, List<String> headers) {
        Attribution attribution = exchange.attribution().from(test.caller());
        PostbackRequest.Builder request = PostbackRequest.of(
                test.method(),
                test.url(),
                test.contentType().isEmpty() ? null : test.contentType(),
                test.body().getBytes(StandardCharsets.UTF_8));
        for (String header : headers) {
            int colon = header.indexOf(':');
            if (colon < 1) {
                throw new Refused(400, "A header is a line such as X-Signature: 1f2e.");
            }
            request.header(
                    header.substring(0, colon).strip(),
                    header.substring(colon + 1).strip());
        }
        if (!test.address().isEmpty()) {
            request.remoteAddress(test.address());
        }
        PostbackRequest call = request.build();
        PostbackDryRun dryRun = attribution.dryRun(call);
        Answers answers = attribution.caller().answers();
        List<PostbackOutcome> outcomes = dryRun.outcomes();
        HttpAnswer answer = outcomes.size() == 1 ? answers.to(outcomes.get(0), call) : answers.to(outcomes, call);
        List<Result> results = new ArrayList<>();
        for (int i = 0; i < outcomes.size(); i++) {
            results.add(new Result(
                    outcomes.get(i),
                    i < dryRun.entries().size() ? Optional.of(dryRun.entries().get(i)) : Optional.empty(),
                    answer));
        }
        return results;
    }
}
