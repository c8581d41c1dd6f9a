package dev.attribution.link;

import dev.attribution.AttributionException;
import dev.attribution.internal.PercentCode;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A tracking link that was parsed and found sound. Filling it substitutes each macro once, percent-encoded; everything
 * else reaches the advertiser byte for byte.
 *
 * <p>Immutable and thread-safe. Made by {@link LinkTemplater#parse}.
 */
public final class LinkTemplate {
    private final String link;
    private final String[] texts; // one more than macros: text, macro, text, …
    private final String[] macros;
    private final List<DotSegment> dotSegments;

    /**
     * A path segment with nothing but dots beside its macros, so that values of dots would make it {@code .} or
     * {@code ..}, which a browser takes for a step upwards.
     *
     * @param dots how many dots stand in it already
     * @param fromMacro its first macro
     * @param toMacro the first macro behind it
     */
    record DotSegment(int dots, int fromMacro, int toMacro) {}

    LinkTemplate(String link, List<String> texts, List<String> macros, List<DotSegment> dotSegments) {
        this.link = link;
        this.texts = texts.toArray(String[]::new);
        this.macros = macros.toArray(String[]::new);
        this.dotSegments = List.copyOf(dotSegments);
    }

    /**
     * Returns the link as it was written.
     *
     * @return the link with its macros
     */
    public String link() {
        return link;
    }

    /**
     * Fills the link. A macro inside a value is not expanded.
     *
     * @param values gives the value of a macro by its name, never {@code null}
     * @return an absolute URI in ASCII that differs from the link in the places of its macros only
     * @throws AttributionException if a path segment would become empty, {@code .} or {@code ..}, or if a value is
     *     {@code null}
     */
    public String fill(UnaryOperator<String> values) {
        String[] parts = new String[texts.length + macros.length];
        parts[0] = texts[0];
        for (int i = 0; i < macros.length; i++) {
            String value = values.apply(macros[i]);
            if (value == null) {
                throw new AttributionException("The macro {" + macros[i]
                        + "} has no value for this click: let its function return an empty text instead of null.");
            }
            parts[2 * i + 1] = PercentCode.encode(value);
            parts[2 * i + 2] = texts[i + 1];
        }
        for (DotSegment segment : dotSegments) {
            refuseDots(segment, parts);
        }
        return String.join("", parts);
    }

    /** A dot is the same encoded or not. */
    private void refuseDots(DotSegment segment, String[] parts) {
        int dots = segment.dots();
        for (int i = segment.fromMacro(); i < segment.toMacro(); i++) {
            String value = parts[2 * i + 1];
            for (int at = 0; at < value.length(); at++) {
                if (value.charAt(at) != '.') {
                    return;
                }
            }
            dots += value.length();
        }
        if (dots <= 2) {
            throw new AttributionException(
                    "The value of {" + macros[segment.fromMacro()]
                            + "} would make a path segment of the tracking link empty, '.' or '..', which leads elsewhere: nothing was stored. Put the macro into the query, or beside fixed text.");
        }
    }

    /**
     * Returns the link as it was written.
     *
     * @return the same as {@link #link()}
     */
    @Override
    public String toString() {
        return link;
    }
}
