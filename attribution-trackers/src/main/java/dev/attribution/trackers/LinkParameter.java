package dev.attribution.trackers;

import java.util.Objects;

/**
 * A parameter of a tracker's link.
 *
 * @param name its name, as the tracker writes it
 * @param maxLength the longest value that the tracker keeps, in characters; 0 if no limit is known
 * @param carriesClickId whether the click id must stand in it
 */
record LinkParameter(String name, int maxLength, boolean carriesClickId) {
    /** Creates a parameter. */
    LinkParameter {
        Objects.requireNonNull(name, "name");
    }
}
