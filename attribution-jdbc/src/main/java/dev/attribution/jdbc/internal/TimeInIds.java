package dev.attribution.jdbc.internal;

import dev.attribution.AttributionException;
import dev.attribution.click.Click;
import dev.attribution.click.ClickId;
import dev.attribution.spi.SettleQuery;
import dev.attribution.spi.Settlement;
import java.util.Collection;
import java.util.List;

/** Refuses ids without a time, if the tables are partitioned by it: such an id would lie in a month that it has nothing to do with. */
final class TimeInIds {
    private TimeInIds() {}

    static void requireInClicks(Collection<Click> clicks) {
        clicks.forEach(click -> require("click id", click.clickId()));
    }

    static void requireInSettlements(List<Settlement> settlements) {
        for (Settlement settlement : settlements) {
            require("attempt id", ClickId.of(settlement.entry().attemptId()));
            settlement
                    .effect()
                    .ifPresent(effect -> require("click id", effect.conversion().clickId()));
        }
    }

    /** Returns whether the ids of a postback have a time. What is looked up may have none, and is not found then. */
    static boolean areIn(SettleQuery query) {
        return query.lookUp().clickId().hasTime()
                && ClickId.of(query.expected().entry().attemptId()).hasTime();
    }

    private static void require(String what, ClickId id) {
        if (!id.hasTime()) {
            throw new AttributionException("The " + what + " " + id
                    + " does not contain its time (version 7, RFC 9562), and the tables are partitioned by it."
                    + " Use ClickIdGenerator.timeOrdered(), or tables without partitions.");
        }
    }
}
