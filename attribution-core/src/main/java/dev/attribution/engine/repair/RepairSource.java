package dev.attribution.engine.repair;

import dev.attribution.spi.ReportRepository;

/** Finds what a run repairs, oldest first where it can. */
@FunctionalInterface
public interface RepairSource {
    void find(ReportRepository reports, RepairRun run);
}
