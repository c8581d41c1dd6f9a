package dev.attribution;

import dev.attribution.reconcile.Cause;
import dev.attribution.reconcile.Finding;
import dev.attribution.reconcile.Reconciler;
import dev.attribution.spi.ReportRepository;
import java.util.function.Predicate;

/** Takes over the rows of a tracker for which a reconciliation finds that no postback came through. */
record Imports(Reconciler reconciler, Predicate<Finding> only) implements Repair.Work {
    @Override
    public void find(ReportRepository reports, Repair.Bench bench) {
        reconciler.run(finding -> {
            boolean missing = finding.cause() == Cause.NO_POSTBACK || finding.cause() == Cause.ANSWERED_WITH_ERROR;
            if (missing && only.test(finding)) {
                bench.add(Repairable.of(finding, bench.now()));
            }
        });
    }
}
