/** Reconciliation: our records against a tracker's, one finding with one cause for every row of either side. */
@NullMarked
package dev.attribution.reconcile;

import org.jspecify.annotations.NullMarked;
