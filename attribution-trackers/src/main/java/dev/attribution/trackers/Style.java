package dev.attribution.trackers;

/** How the cells of a column are written, where a single cell may not show it. */
enum Style {
    DAY_FIRST("the day first"),
    MONTH_FIRST("the month first"),
    DECIMAL_POINT("decimal points"),
    DECIMAL_COMMA("decimal commas");

    private final String words;

    Style(String words) {
        this.words = words;
    }

    /** {@return the style in words, as the object of "is written with"} */
    String words() {
        return words;
    }
}
