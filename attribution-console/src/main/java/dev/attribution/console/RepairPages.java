package dev.attribution.console;

import dev.attribution.Repair;
import dev.attribution.console.view.JterepairGenerated;
import dev.attribution.console.view.Listing;
import dev.attribution.console.view.Steps;
import dev.attribution.history.HistoryEntry.Origin;
import dev.attribution.repair.RepairStep;
import dev.attribution.repair.RepairSummary;
import dev.attribution.report.ReportFilter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Replays messages that were not credited: first as a dry run, then, confirmed, for good. */
final class RepairPages {
    private static final int SHOWN = 200;

    private RepairPages() {}

    static ConsoleResponse repair(Exchange exchange) {
        Form form = exchange.isPost() ? exchange.form() : exchange.query();
        Map<String, String> values = new LinkedHashMap<>();
        Listing.NAMES.forEach(name -> values.put(name, form.text(name)));
        values.put("attempts", form.text("attempts"));
        Listing filter = new Listing("/repair", values, false, "", "", 0);
        if (!exchange.isPost()) {
            return page(exchange, filter, Optional.empty(), false);
        }
        boolean isRun = form.word("run").equals("yes");
        boolean isUnconfirmed = isRun && !form.isSet("confirm");
        Repair repair = repair(exchange, form);
        Steps steps = steps(!isRun || isUnconfirmed, repair);
        return page(exchange, filter, Optional.of(steps), isUnconfirmed);
    }

    private static ConsoleResponse page(
            Exchange exchange, Listing filter, Optional<Steps> steps, boolean isUnconfirmed) {
        return Exchange.page(
                isUnconfirmed ? 422 : 200,
                out -> JterepairGenerated.render(out, null, exchange.frame(), filter, steps, isUnconfirmed));
    }

    private static Repair repair(Exchange exchange, Form form) {
        List<String> lines = form.lines("attempts");
        if (lines.isEmpty()) {
            ReportFilter filter = ReportPages.filter(form, exchange.zone());
            if (filter.origin().filter(origin -> origin != Origin.RECEIVED).isPresent()) {
                throw new Refused(400, "Only messages that were received are replayed.");
            }
            return exchange.attribution().replay(filter);
        }
        Set<UUID> ids = new LinkedHashSet<>();
        for (String line : lines) {
            try {
                ids.add(UUID.fromString(line.strip()));
            } catch (IllegalArgumentException e) {
                throw new Refused(400, "An attempt id is a UUID, one a line.");
            }
        }
        return exchange.attribution().replay(ids);
    }

    /** Runs a repair and keeps the first steps, those that do something before those that do not. */
    static Steps steps(boolean isDryRun, Repair repair) {
        List<RepairStep> effects = new ArrayList<>();
        List<RepairStep> others = new ArrayList<>();
        RepairSummary summary = isDryRun
                ? repair.dryRun(step -> keep(step, effects, others))
                : repair.run(step -> keep(step, effects, others));
        List<RepairStep> shown = new ArrayList<>(effects);
        shown.addAll(others.subList(0, Math.min(others.size(), SHOWN - effects.size())));
        return new Steps(isDryRun, summary, shown);
    }

    private static void keep(RepairStep step, List<RepairStep> effects, List<RepairStep> others) {
        boolean isEffect = switch (step.result()) {
            case CREDITED, HELD, ADJUSTED -> true;
            case CREDITED_BEFORE, NOT_CREDITED, SKIPPED -> false;
        };
        List<RepairStep> list = isEffect ? effects : others;
        if (list.size() < SHOWN) {
            list.add(step);
        }
    }
}
