package dev.attribution.link;

import dev.attribution.internal.Printable;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Parses tracking links such as {@code https://google.com?sub1={gk_click_id}}. Finds the macros of a link, and every
 * reason why the click id would not reach the advertiser or the member would reach another place.
 *
 * <p>Immutable and thread-safe.
 */
public final class LinkTemplater {
    /** The macro that every tracking link contains. */
    public static final String CLICK_ID = "gk_click_id";

    /** The macro for the offer's id. */
    public static final String OFFER_ID = "offer_id";

    /** The macro for the member's id. */
    public static final String MEMBER_ID = "member_id";

    /** The macro for the time of the click, in seconds since 1970-01-01T00:00:00Z. */
    public static final String TIMESTAMP = "timestamp";

    /** The maximum length of a tracking link, in UTF-16 units. */
    public static final int MAX_LENGTH = 2048;

    /** The maximum length of a tracking link with the values of a click, in characters. */
    public static final int MAX_FILLED_LENGTH = 8192;

    private static final Pattern MACRO_NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
    private static final LinkTemplater STANDARD =
            new LinkTemplater(new TreeSet<>(Set.of(CLICK_ID, OFFER_ID, MEMBER_ID, TIMESTAMP)));

    private final Set<String> macros;

    private LinkTemplater(Set<String> macros) {
        this.macros = macros;
    }

    /**
     * {@return the templater that knows the macros {@code {gk_click_id}}, {@code {offer_id}}, {@code {member_id}} and
     * {@code {timestamp}}}
     */
    public static LinkTemplater standard() {
        return STANDARD;
    }

    /**
     * Returns a templater that knows one macro more than this one.
     *
     * @param name 1 to 64 letters, digits, {@code _}, {@code .} and {@code -}
     * @return a new templater
     * @throws IllegalArgumentException if the name is not allowed, or already registered in this or another case
     */
    public LinkTemplater withMacro(String name) {
        if (!MACRO_NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("The name of a macro has 1 to 64 letters, digits, '_', '.' and '-'; '"
                    + Printable.quoted(name) + "' is not allowed");
        }
        if (macros.stream().anyMatch(name::equalsIgnoreCase)) {
            throw new IllegalArgumentException(
                    "The macro {" + name + "} is already registered, in this or another case");
        }
        Set<String> more = new TreeSet<>(macros);
        more.add(name);
        return new LinkTemplater(more);
    }

    /**
     * Parses a link under the common rules: {@code http} or {@code https}, no macro of another system.
     *
     * @param link the tracking link
     * @return the template
     * @throws InvalidTrackingLinkException if the link has a problem; it lists every problem
     */
    public LinkTemplate parse(String link) {
        return parse(link, LinkRules.common());
    }

    /**
     * Parses a link.
     *
     * @param link the tracking link
     * @param rules the exceptions from the common rules
     * @return the template
     * @throws InvalidTrackingLinkException if the link has a problem; it lists every problem
     */
    public LinkTemplate parse(String link, LinkRules rules) {
        LinkScan scan = scan(link, rules);
        if (!scan.problems().isEmpty()) {
            throw new InvalidTrackingLinkException(scan.problems());
        }
        return scan.template();
    }

    /**
     * Lists the problems of a link.
     *
     * @param link the tracking link
     * @param rules the exceptions from the common rules
     * @return every problem in the order of their positions; empty if the link can be used
     */
    public List<LinkProblem> check(String link, LinkRules rules) {
        return scan(link, rules).problems();
    }

    private LinkScan scan(String link, LinkRules rules) {
        Objects.requireNonNull(link, "link");
        Objects.requireNonNull(rules, "rules");
        return new LinkScan(link, rules, macros);
    }
}
