package dev.attribution.examples.benchmarks.world;

import dev.attribution.conversion.ConversionStatus;
import dev.attribution.postback.PostbackOutcome.Kind;
import java.util.Arrays;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Counts and sums of rows. The sums are of hashes, so two tallies are equal if, but for chance, the same rows were added, in
 * whatever order: none is missing, and none is there twice. Not thread-safe.
 */
@SuppressWarnings("EnumOrdinal") // arrays of counts; nothing is stored by these numbers
final class Tally {
    private long clicks;
    private long clickSum;
    private final long[] entries = new long[Kind.values().length];
    private long entrySum;
    private final long[] conversions = new long[ConversionStatus.values().length];
    private long conversionSum;

    void click(UUID id, long time, String offerId, String memberId) {
        clicks++;
        clickSum += hash(id, time * 31 + offerId.hashCode() * 17L + memberId.hashCode());
    }

    void entry(UUID id, long time, Kind kind) {
        entries[kind.ordinal()]++;
        entrySum += hash(id, time * 31 + kind.ordinal());
    }

    void conversion(UUID id, ConversionStatus status) {
        conversions[status.ordinal()]++;
        conversionSum += hash(id, status.ordinal());
    }

    /** Moves a conversion from one status to another; from null if there was none. */
    void move(UUID id, @Nullable ConversionStatus from, ConversionStatus to) {
        if (from != null) {
            conversions[from.ordinal()]--;
            conversionSum -= hash(id, from.ordinal());
        }
        conversion(id, to);
    }

    /** How many rows there are in all. */
    long rows() {
        return clicks + calls() + Arrays.stream(conversions).sum();
    }

    /** How many history entries there are. */
    long calls() {
        return Arrays.stream(entries).sum();
    }

    long clicks() {
        return clicks;
    }

    long count(ConversionStatus status) {
        return conversions[status.ordinal()];
    }

    /** The finalizer of SplitMix64 over all parts. */
    private static long hash(UUID id, long part) {
        long mixed = id.getMostSignificantBits() + id.getLeastSignificantBits() * 31 + part * 0x9e3779b97f4a7c15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%,d clicks (%x), history entries %s (%x), conversions %s (%x)",
                clicks,
                clickSum,
                counts(Kind.values(), entries),
                entrySum,
                counts(ConversionStatus.values(), conversions),
                conversionSum);
    }

    private static String counts(Enum<?>[] names, long[] counts) {
        StringBuilder text = new StringBuilder();
        for (Enum<?> name : names) {
            text.append(text.isEmpty() ? "" : ", ").append(name).append(' ').append(counts[name.ordinal()]);
        }
        return text.toString();
    }
}
