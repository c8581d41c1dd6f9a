package dev.attribution.engine.repair;

import dev.attribution.postback.Caller;
import dev.attribution.reconcile.Cause;
import dev.attribution.reconcile.Finding;
import dev.attribution.reconcile.Reconciler;
import dev.attribution.spi.ReportRepository;
import java.util.function.Predicate;

/**
 * Finds the rows of a tracker for which a reconciliation finds no postback.
 *
 * @param caller the system that should have sent the postbacks
 */
public record ImportSource(Reconciler reconciler, Predicate<Finding> only, Caller caller) implements RepairSource {
    @Override
    public void find(ReportRepository reports, RepairRun run) {
        reconciler.run(finding -> {
            boolean isMissing = finding.cause() == Cause.NO_POSTBACK || finding.cause() == Cause.ANSWERED_WITH_ERROR;
            if (isMissing && only.test(finding)) {
                run.add(RepairCandidate.imported(finding, run.now(), caller));
            }
        });
    }
}
