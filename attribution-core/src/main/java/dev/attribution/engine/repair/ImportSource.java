package dev.attribution.engine.repair;

import dev.attribution.reconcile.Cause;
import dev.attribution.reconcile.Finding;
import dev.attribution.reconcile.Reconciler;
import dev.attribution.spi.ReportRepository;
import java.util.function.Predicate;

/** Takes over the rows of a tracker for which a reconciliation finds that no postback came through. */
public record ImportSource(Reconciler reconciler, Predicate<Finding> only) implements RepairSource {
    @Override
    public void find(ReportRepository reports, RepairRun run) {
        reconciler.run(finding -> {
            boolean missing = finding.cause() == Cause.NO_POSTBACK || finding.cause() == Cause.ANSWERED_WITH_ERROR;
            if (missing && only.test(finding)) {
                run.add(RepairCandidate.of(finding, run.now()));
            }
        });
    }
}
