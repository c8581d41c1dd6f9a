package dev.attribution.examples.fuzz;

import java.util.Locale;
import java.util.function.Consumer;

/** An entry through which texts of strangers come, with what must hold whatever they are. */
enum Target {
    /** Tracking links: what is accepted and how it is filled. */
    LINKS(150, Links::check),
    /** Query strings of postbacks, read and compared with a plain reader. */
    POSTBACKS(300, Postbacks::check),
    /** Ids, cursors and addresses as text. */
    IDS(350, Ids::check),
    /** Signed calls and their forgeries. */
    REQUESTS(100, Requests::check),
    /** JSON and form bodies. */
    BODIES(60, Bodies::check),
    /** Clicks with headers, circumstances and screens, up to the redirect. */
    CLICKS(20, Clicks::check),
    /** Messages about a few clicks, up to the money. */
    MONEY(10, Money::check),
    /** Export files of trackers. */
    FILES(6, Files::check),
    /** Requests to the console. */
    CONSOLE(4, ConsoleRequests::check);

    /** The sum of the shares. */
    static final int WHOLE = 1_000;

    final int share;

    @SuppressWarnings("ImmutableEnumChecker") // a method without state
    private final Consumer<Choices> check;

    Target(int share, Consumer<Choices> check) {
        this.share = share;
        this.check = check;
    }

    String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Target of(String id) {
        return valueOf(id.toUpperCase(Locale.ROOT));
    }

    /** Fails with any throwable that is not documented, or if something does not hold. */
    void check(Choices choices) {
        check.accept(choices);
    }
}
