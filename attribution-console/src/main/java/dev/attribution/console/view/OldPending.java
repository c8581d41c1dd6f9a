package dev.attribution.console.view;

import dev.attribution.conversion.Conversion;
import java.util.List;
import java.util.Optional;

/**
 * Conversions that are pending for long.
 *
 * @param days the least age in days, as typed; empty if none was given
 * @param rows the newest of them
 * @param hasMore whether there are more than the rows
 * @param reversed how many were reversed; empty if nobody asked for it
 * @param isUnconfirmed whether the box that confirms it was not ticked
 */
public record OldPending(
        String days, List<Conversion> rows, boolean hasMore, Optional<Long> reversed, boolean isUnconfirmed) {}
