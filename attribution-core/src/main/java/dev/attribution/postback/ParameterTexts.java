package dev.attribution.postback;

import org.jspecify.annotations.Nullable;

/** The texts that one postback gives for our parameters. Not thread-safe while it is filled. */
@SuppressWarnings("EnumOrdinal") // an EnumMap of each postback costs twice as much, and nothing stores the index
final class ParameterTexts {
    private final @Nullable String[] texts = new @Nullable String[PostbackParameter.values().length];
    private int plain; // one bit for each parameter

    @Nullable
    String get(PostbackParameter parameter) {
        return texts[parameter.ordinal()];
    }

    /** {@return the text that was there before and stays, or {@code null} if the new one is kept} */
    @Nullable
    String putIfAbsent(PostbackParameter parameter, String text) {
        String first = texts[parameter.ordinal()];
        if (first == null) {
            texts[parameter.ordinal()] = text;
        }
        return first;
    }

    void remove(PostbackParameter parameter) {
        texts[parameter.ordinal()] = null;
    }

    /** Marks a text as visible ASCII. */
    void markPlain(PostbackParameter parameter) {
        plain |= 1 << parameter.ordinal();
    }

    /** {@return whether the text is known to be visible ASCII} */
    boolean isPlain(PostbackParameter parameter) {
        return (plain & 1 << parameter.ordinal()) != 0;
    }
}
