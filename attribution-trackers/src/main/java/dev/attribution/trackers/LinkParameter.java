package dev.attribution.trackers;

import java.util.Objects;

/**
 * A parameter of a tracker's link.
 *
 * <p>Immutable and thread-safe.
 *
 * @param name its name, as the tracker writes it
 * @param maxLength the longest value that the tracker keeps, in characters; 0 where no limit is known
 * @param carriesClickId whether the click id must stand in it
 */
public record LinkParameter(String name, int maxLength, boolean carriesClickId) {
    /** Creates a parameter. */
    public LinkParameter {
        Objects.requireNonNull(name, "name");
    }
}
