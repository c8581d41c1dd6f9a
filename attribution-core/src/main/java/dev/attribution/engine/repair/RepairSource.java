package dev.attribution.engine.repair;

import dev.attribution.spi.ReportRepository;

/** Finds the candidates of a run, oldest first if possible. */
@FunctionalInterface
public interface RepairSource {
    void find(ReportRepository reports, RepairRun run);
}
