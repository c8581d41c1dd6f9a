/** A store in a relational database, over JDBC. */
@NullMarked
package dev.attribution.jdbc;

import org.jspecify.annotations.NullMarked;
