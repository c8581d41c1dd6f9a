/** Tracking systems: what their links need, what their postbacks look like, how they are answered, what they export. */
@NullMarked
package dev.attribution.trackers;

import org.jspecify.annotations.NullMarked;
