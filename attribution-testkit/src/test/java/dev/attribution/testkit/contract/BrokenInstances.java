package dev.attribution.testkit.contract;

import java.util.List;

/** Stores that break what holds for several instances, for all time, and between two calls: some of the generated ones. */
final class BrokenInstances {
    static final List<Mutant> ALL = List.of(
            generated("every 9", "slots: kept by each instance"),
            generated("every 9", "transactions: kept by each instance"),
            generated("every 9", "scopes: kept by each instance"),
            generated("every 9", "attempts: kept by each instance"),
            generated("every 9", "clicks: kept by each instance"),
            generated("every 9", "offers: cached by each instance"),
            generated("every 9", "facts conversions: cached by each instance"),
            generated("every 10", "clock: forgets slots"),
            generated("every 10", "clock: forgets attempts"),
            generated("every 10", "transactions: kept for the last 1000 credits"),
            generated("every 11", "clicks.find result: empty for an interrupted caller"),
            generated("every 11", "insert list: lost for an interrupted caller"),
            generated("put 2", "after put: forgets facts"),
            generated("put 3", "atomic put: looks, then writes"),
            generated("append 7", "transactions: kept for the first credit of a click"),
            generated("append 8", "scope place: joined with ':'"),
            generated("append 9", "slot place: as a double"),
            generated("append 18", "slot place: per month"),
            generated("append 18", "transaction place: per day"),
            generated("append 18", "scope place: per year"),
            generated("append 2", "append conversion: currency always EUR"),
            generated("every 4", "append entry: query stripped at the end"),
            generated("every 5", "transaction place: with ids read as a number"),
            generated("every 8", "offers.find ids: cut after 999"),
            generated("facts 2", "facts count: of 100 at most"),
            generated("facts 2", "facts transaction conversions: of the first alone"),
            generated("insert 4", "atomic click: looks, then writes"),
            generated("reports 1", "reports.clicks order: by milliseconds"),
            generated("reports 2", "reports.history rows: cut after 999"),
            generated("summary 2", "summary days: cut after 366"));

    private BrokenInstances() {}

    private static Mutant generated(String sentence, String name) {
        Fault fault = StoreGenerator.faults().stream()
                .filter(one -> one.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no fault '" + name + "'"));
        return Mutant.of(sentence, name, () -> new PlainStore(fault));
    }
}
