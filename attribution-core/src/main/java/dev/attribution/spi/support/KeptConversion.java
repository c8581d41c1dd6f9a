package dev.attribution.spi.support;

import dev.attribution.conversion.Conversion;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.internal.MemberToken;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a store keeps of a deleted conversion that holds its scope exclusively: enough to name it in a duplicate. */
public final class KeptConversion {
    /** The member id of what is kept, which is about nobody. */
    public static final String MEMBER = MemberToken.of(new UUID(0, 0));

    private KeptConversion() {}

    /**
     * Returns what is kept of a conversion.
     *
     * @param conversion the conversion, approved or reversed
     * @return a conversion with its ids, its scope, its status and the time at which it took its place
     */
    public static Conversion of(Conversion conversion) {
        Instant at = conversion.reinstatedAt().orElse(conversion.convertedAt());
        boolean isReversed = conversion.status() == ConversionStatus.REVERSED;
        @Nullable Instant reversedAt = conversion.reversedAt().orElse(null);
        return Conversion.builder(conversion.conversionId())
                .attemptId(conversion.attemptId())
                .credits(conversion.clickId(), conversion.offerId(), MEMBER)
                .memberScope(conversion.memberScope())
                .convertedAt(at)
                .status(conversion.status(), 1)
                .changedAt(isReversed ? null : at, isReversed ? reversedAt : null, null)
                .build();
    }
}
