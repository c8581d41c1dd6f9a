/** Reconciles the export files of two trackers with the embedded database. */
package dev.attribution.examples.reconcile;
