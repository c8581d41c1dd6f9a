/** The statements that read and write, as they suit each database. Not API. */
@NullMarked
package dev.attribution.jdbc.internal.statement;

import org.jspecify.annotations.NullMarked;
