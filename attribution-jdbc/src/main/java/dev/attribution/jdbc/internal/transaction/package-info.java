/** Transactions, connections and their faults. Not API. */
@NullMarked
package dev.attribution.jdbc.internal.transaction;

import org.jspecify.annotations.NullMarked;
