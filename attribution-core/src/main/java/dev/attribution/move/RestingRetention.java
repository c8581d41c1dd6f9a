package dev.attribution.move;

import dev.attribution.AttributionException;
import dev.attribution.report.Cursor;
import dev.attribution.spi.DeletedRows;
import dev.attribution.spi.RetentionRepository;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Refuses deletions during a move: what one store deletes, a copy would bring back, or a comparison would miss. */
final class RestingRetention implements RetentionRepository {
    private static AttributionException resting() {
        return new AttributionException(
                "Nothing was deleted: old clicks are not deleted while a store is moved. Run the deletion after the move.");
    }

    @Override
    public Map<String, Long> countClicks(Instant before) {
        throw resting();
    }

    @Override
    public List<String> offersWithClicks(Instant before, @Nullable String after, int limit) {
        throw resting();
    }

    @Override
    public DeletedRows deleteClicks(Instant before, Instant settledBefore, @Nullable Cursor after, int limit) {
        throw resting();
    }

    @Override
    public DeletedRows deleteConversions(Instant before, @Nullable Cursor after, int limit) {
        throw resting();
    }

    @Override
    public DeletedRows deleteHistory(Instant before, @Nullable Cursor after, int limit) {
        throw resting();
    }

    @Override
    public Optional<List<String>> detach(Instant before, Instant settledBefore) {
        throw resting();
    }
}
