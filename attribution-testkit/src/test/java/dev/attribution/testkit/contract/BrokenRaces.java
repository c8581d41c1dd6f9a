package dev.attribution.testkit.contract;

import dev.attribution.conversion.Facts;
import dev.attribution.spi.AppendResult;
import dev.attribution.spi.FactsQuery;
import dev.attribution.spi.Settlement;
import java.util.List;

/** Stores that look before they write: each of the callers of a race looks before any of them has written. */
final class BrokenRaces {
    static final List<Mutant> ALL = List.of(
            Mutant.of("append 5", "looks for the attempt id before it appends", LooksForAttempt::new),
            Mutant.of("append 11", "looks for the slot before it appends", LooksForSlot::new),
            Mutant.of("append 12", "lets the last write of a transaction win", LastWriteWins::new),
            Mutant.of("append 13", "looks for the member before it appends", LooksForMember::new),
            Mutant.of("together 1", "lets the last write win", LastWriteWins::new),
            Mutant.of("together 2", "looks for the slot before it appends", LooksForSlot::new),
            Mutant.of("together 3", "looks for the member before it appends", LooksForMember::new));

    private BrokenRaces() {}

    private static final class LooksForAttempt extends Broken {
        @Override
        AppendResult append(Settlement settlement) {
            meet();
            super.append(settlement);
            return appended();
        }
    }

    private static final class LooksForSlot extends Broken {
        @Override
        AppendResult append(Settlement settlement) {
            meet();
            return super.append(withFreeSlot(settlement));
        }
    }

    private static final class LooksForMember extends Broken {
        @Override
        AppendResult append(Settlement settlement) {
            meet();
            return super.append(withoutSole(settlement));
        }
    }

    private static final class LastWriteWins extends Broken {
        @Override
        Facts facts(FactsQuery query) {
            Facts facts = super.facts(query);
            if (facts.equals(Facts.NONE)) {
                meet();
            }
            return facts;
        }

        @Override
        AppendResult append(Settlement settlement) {
            AppendResult result = super.append(settlement);
            return result instanceof AppendResult.Stale ? appended() : result;
        }
    }
}
