package dev.attribution.jdbc;

import dev.attribution.spi.AttributionStore;
import dev.attribution.spi.ClickRepository;
import dev.attribution.spi.ConversionRepository;
import dev.attribution.spi.OfferRepository;
import dev.attribution.spi.ReportRepository;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The four repositories over the same transactions. */
final class Repositories implements AttributionStore {
    private final OfferRepository offers;
    private final ClickRepository clicks;
    private final ConversionRepository conversions;
    private final ReportRepository reports;

    Repositories(
            Transactions transactions, Faults faults, Tables tables, Dialect dialect, @Nullable Crediting crediting) {
        this.offers = new JdbcOffers(transactions, faults, tables, dialect);
        this.clicks = new JdbcClicks(transactions, faults, tables, dialect);
        this.conversions = new JdbcConversions(transactions, faults, tables, dialect, crediting);
        this.reports = new JdbcReports(transactions, tables);
    }

    @Override
    public OfferRepository offers() {
        return offers;
    }

    @Override
    public ClickRepository clicks() {
        return clicks;
    }

    @Override
    public ConversionRepository conversions() {
        return conversions;
    }

    @Override
    public Optional<ReportRepository> reports() {
        return Optional.of(reports);
    }
}
