package dev.attribution.engine.repair;

import dev.attribution.conversion.ConversionStatus;
import dev.attribution.postback.Caller;
import dev.attribution.reconcile.Cause;
import dev.attribution.reconcile.Finding;
import dev.attribution.reconcile.Reconciler;
import dev.attribution.repair.RepairStep;
import dev.attribution.repair.RepairStep.Result;
import dev.attribution.spi.ReportRepository;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Finds the conversions that a tracker has reversed or approved, and we have not.
 *
 * @param caller the system that should have sent the postbacks
 */
public record StatusSource(Reconciler reconciler, Predicate<Finding> only, Caller caller) implements RepairSource {
    @Override
    public void find(ReportRepository reports, RepairRun run) {
        reconciler.run(finding -> {
            if (finding.cause() == Cause.REVERSED_THERE && only.test(finding)) {
                add(finding, ConversionStatus.REVERSED, run);
            } else if (finding.cause() == Cause.PENDING_HERE && only.test(finding)) {
                add(finding, ConversionStatus.APPROVED, run);
            }
        });
    }

    private void add(Finding finding, ConversionStatus status, RepairRun run) {
        if (finding.theirs().orElseThrow().isInDoubt()) {
            run.tell(skipped(finding, "A value of the row is in doubt: " + finding.evidence() + "."));
        } else if (status == ConversionStatus.APPROVED && !finding.isSameTransaction()) {
            run.tell(skipped(
                    finding,
                    "Only a transaction id that both sides have proves which conversion is approved. Approve it by its id if"
                            + " you know that it is this one."));
        } else {
            run.add(RepairCandidate.changed(finding, status, run.now(), caller));
        }
    }

    private static RepairStep skipped(Finding finding, String explanation) {
        return new RepairStep(
                Result.SKIPPED, Optional.empty(), Optional.of(finding), finding.ours(), Optional.empty(), explanation);
    }
}
