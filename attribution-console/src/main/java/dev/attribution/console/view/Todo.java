package dev.attribution.console.view;

/**
 * The status words that nobody mapped, and what else made a status unknown.
 *
 * @param words the words, the most frequent first
 * @param amounts the amounts that look negative but cannot be read, the most frequent first
 * @param read how many messages were read
 * @param isComplete whether these were all of the period
 * @param days the length of the period in days
 */
public record Todo(Excerpt<UnknownWord> words, Excerpt<UnknownWord> amounts, long read, boolean isComplete, int days) {}
