/** Repairs: replays of postbacks and imports of a tracker's rows after the cause is fixed. */
@NullMarked
package dev.attribution.repair;

import org.jspecify.annotations.NullMarked;
