package dev.attribution.testkit.contract;

import java.util.List;

/** Ids that a store may confuse although they differ: by case, blanks, composition, digits or length. */
public final class ExactIds {
    /** The ids. All are valid ids of offers, members, events and transactions. */
    public static final List<String> ALL = List.of(
            "offer",
            "Offer",
            "OFFER",
            "offer ",
            "offer  ",
            " offer",
            "\u00e9", // e with an acute accent
            "e\u0301", // the same, composed
            "e",
            "stra\u00dfe",
            "strasse",
            "i",
            "\u0131", // dotless i
            "\ud83d\ude00",
            "\ud83d\ude01",
            "o'ffer\"; --",
            "a:b,c|d{e}\\",
            "%",
            "_",
            "x".repeat(254) + "y",
            "x".repeat(255),
            "\ud83d\ude00".repeat(127) + "x",
            "\u20ac".repeat(255));

    private ExactIds() {}
}
