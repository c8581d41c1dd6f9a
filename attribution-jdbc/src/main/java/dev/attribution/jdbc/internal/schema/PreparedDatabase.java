package dev.attribution.jdbc.internal.schema;

import dev.attribution.jdbc.internal.dialect.Dialect;
import dev.attribution.jdbc.internal.row.TableNames;

/**
 * A database that is ready for a store.
 *
 * @param dialect its dialect
 * @param tables the names of the tables
 * @param isPartitioned whether the tables are partitioned by the time of their ids
 */
public record PreparedDatabase(Dialect dialect, TableNames tables, boolean isPartitioned) {}
