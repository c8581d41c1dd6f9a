package dev.attribution.move;

import dev.attribution.click.ClickId;
import java.util.List;

/**
 * What a copy has done, or has done so far.
 *
 * <p>Immutable and thread-safe.
 *
 * @param clicks the number of clicks that were read in the source
 * @param entries the number of history entries that were read in the source
 * @param left ids of clicks whose conversions could not be brought over, since the target has others in their places; at most
 *     {@value #MAX_LEFT} of them. A comparison names what is missing
 */
public record CopyResult(long clicks, long entries, List<ClickId> left) {
    /** The maximum number of clicks that are named. */
    public static final int MAX_LEFT = 10_000;

    /** Creates a result. */
    public CopyResult {
        left = List.copyOf(left);
    }
}
