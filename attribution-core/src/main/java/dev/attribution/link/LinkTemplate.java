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
        String[] raw = new String[macros.length];
        for (int i = 0; i < macros.length; i++) {
            String value = values.apply(macros[i]);
            if (value == null) {
                throw new AttributionException("The macro {" + macros[i]
                        + "} has no value for this click: let its function return an empty text instead of null.");
            }
            raw[i] = value;
        }
        for (DotSegment segment : dotSegments) {
            refuseDots(segment, raw);
        }
        StringBuilder filled = new StringBuilder(link.length() + 64 * macros.length).append(texts[0]);
        for (int i = 0; i < macros.length; i++) {
            filled.append(PercentCode.encode(raw[i])).append(texts[i + 1]);
        }
        return filled.toString();
    }

    private void refuseDots(DotSegment segment, String[] raw) {
        int dots = segment.dots();
        for (int i = segment.fromMacro(); i < segment.toMacro(); i++) {
            if (!raw[i].chars().allMatch(c -> c == '.')) {
                return;
            }
            dots += raw[i].length();
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
