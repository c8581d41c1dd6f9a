package dev.attribution.jdbc;

import java.util.List;

/** Ids that differ in what databases like to overlook. */
final class ExactIds {
    static final List<String> ALL = List.of(
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
            "%",
            "_",
            "x".repeat(255),
            "\ud83d\ude00".repeat(127) + "x");

    private ExactIds() {}
}
