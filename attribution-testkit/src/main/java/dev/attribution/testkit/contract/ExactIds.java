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
            "7",
            "07",
            "0007",
            "7.0",
            "+7",
            "7e0",
            "1000",
            "1e3",
            "0x10",
            "16",
            "123456789012345678",
            "123456789012345679",
            "0.1",
            "0.10",
            "true",
            "TRUE",
            "null",
            "NULL",
            "efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32",
            "EFB2A7D2-C01A-4E3F-B8A1-81B4568E9F32",
            "efb2a7d2c01a4e3fb8a181b4568e9f32",
            "Aa", // the same hash code as the next one
            "BB",
            "off\u00ader", // a soft hyphen, which collations ignore
            "offer\u200b", // a blank of no width
            "\ufeffoffer", // a byte order mark
            "of\u00a0fer", // a blank without a break
            "of fer",
            "\uff4fffer", // a wide letter
            "o\ufb00er", // a ligature of two letters
            "\u212a", // the sign of the kelvin
            "K",
            "k",
            "\u03c3", // a sigma
            "\u03c2", // a sigma at the end of a word
            "\u0130", // a capital i with a dot
            "\u00e6",
            "ae",
            "\u2460", // a one in a circle
            "1",
            "\u0661", // an Arabic one
            "\uac00", // a Korean syllable
            "\u1100\u1161", // the same, composed
            "x%20y",
            "x y",
            "x+y",
            "&amp;",
            "&",
            "x".repeat(99) + "y".repeat(156),
            "x".repeat(100) + "y".repeat(155),
            "%",
            "_",
            "x".repeat(254) + "y",
            "x".repeat(255),
            "\ud83d\ude00".repeat(127) + "x",
            "\u20ac".repeat(255));

    private ExactIds() {}
}
