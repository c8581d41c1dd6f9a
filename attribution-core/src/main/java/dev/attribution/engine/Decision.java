package dev.attribution.engine;

import dev.attribution.postback.PostbackOutcome;
import dev.attribution.spi.Settlement;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of an attempt if the store accepts the settlement.
 *
 * @param match what the attempt was decided on, or {@code null} if it names no stored click
 */
record Decision(Attempt attempt, @Nullable Match match, PostbackOutcome outcome, Settlement settlement) {}
