package dev.attribution.console.view;

import java.time.Instant;
import java.util.UUID;

/**
 * A value that no caller's description explains, as an entry of the to-do list.
 *
 * @param caller the caller that said it
 * @param word the word, or the amount
 * @param count how many messages said it
 * @param first the first time in what was read
 * @param last the last time
 * @param example the attempt id of the newest message
 */
public record UnknownWord(String caller, String word, long count, Instant first, Instant last, UUID example) {}
