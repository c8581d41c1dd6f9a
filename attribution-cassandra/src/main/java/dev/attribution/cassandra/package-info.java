/** A store for clicks, conversions and their history in Apache Cassandra. */
@NullMarked
package dev.attribution.cassandra;

import org.jspecify.annotations.NullMarked;
