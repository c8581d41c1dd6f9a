package dev.attribution.console.view;

import java.util.List;

/**
 * The status words that nobody mapped.
 *
 * @param words the words, the most frequent first
 * @param read how many messages were read
 * @param isComplete whether these were all of the period
 * @param days the length of the period in days
 */
public record Todo(List<UnknownWord> words, long read, boolean isComplete, int days) {}
