package dev.attribution.link;

import dev.attribution.AttributionException;
import dev.attribution.InvalidIdException;
import dev.attribution.internal.PercentCode;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A tracking link that was parsed and has no problems. Filling it replaces each macro once by a percent-encoded value;
 * the rest of the link reaches the advertiser byte for byte.
 *
 * <p>Immutable and thread-safe. Made by {@link LinkTemplater#parse}.
 */
public final class LinkTemplate {
    private final String link;
    private final String[] texts; // one more than macros: text, macro, text, …
    private final String[] macros;
    private final int[] levels; // of each macro: how often its value is encoded
    private final List<DotSegment> dotSegments;
    private final int offerIdAt; // -1 if the link has no {offer_id}
    private @Nullable EncodedOfferId lastOfferId; // a race costs an encoding, and no more: it is immutable

    private record EncodedOfferId(String value, String encoded) {}

    /**
     * A path segment that consists of dots and macros only. If the values are dots too, it becomes {@code .} or
     * {@code ..}, which a browser resolves as a relative step.
     *
     * @param dots the number of dots in the segment's own text
     * @param fromMacro the first macro of the segment
     * @param toMacro the first macro after the segment
     */
    record DotSegment(int dots, int fromMacro, int toMacro) {}

    LinkTemplate(String link, List<String> texts, List<String> macros, int[] levels, List<DotSegment> dotSegments) {
        this.link = link;
        this.texts = texts.toArray(String[]::new);
        this.macros = macros.toArray(String[]::new);
        this.levels = levels;
        this.dotSegments = List.copyOf(dotSegments);
        this.offerIdAt = macros.indexOf(LinkTemplater.OFFER_ID);
    }

    /** {@return the link as it was written, with its macros} */
    public String link() {
        return link;
    }

    /**
     * Fills the link. A macro inside a value is not expanded. A value inside another one, as in
     * <code>referrer=m%3D{member_id}</code>, is encoded once more for each level, so that each of its readers decodes it once.
     *
     * @param values returns the value of a macro by its name, never {@code null}
     * @return an absolute URI in ASCII that differs from the link only at its macros
     * @throws InvalidLinkValueException if a path segment would become empty, {@code .} or {@code ..}, or if the filled link is
     *     longer than {@value LinkTemplater#MAX_FILLED_LENGTH} characters
     * @throws AttributionException if a value is {@code null}
     */
    public String fill(UnaryOperator<String> values) {
        String[] parts = new String[texts.length + macros.length];
        parts[0] = texts[0];
        for (int i = 0; i < macros.length; i++) {
            String value = values.apply(macros[i]);
            if (value == null) {
                throw new AttributionException("The macro {" + macros[i]
                        + "} has no value for this click: its function must return an empty text instead of null.");
            }
            parts[2 * i + 1] = i == offerIdAt ? encodedOfferId(value) : encoded(value, levels[i]);
            parts[2 * i + 2] = texts[i + 1];
        }
        for (DotSegment segment : dotSegments) {
            refuseDots(segment, parts);
        }
        refuseTooLong(parts);
        return joined(parts);
    }

    /** Up to three macros, as nearly all links have, are joined by expressions, which make no copy. */
    private static String joined(String[] parts) {
        return switch (parts.length) {
            case 3 -> parts[0] + parts[1] + parts[2];
            case 5 -> parts[0] + parts[1] + parts[2] + parts[3] + parts[4];
            case 7 -> parts[0] + parts[1] + parts[2] + parts[3] + parts[4] + parts[5] + parts[6];
            default -> String.join("", parts);
        };
    }

    /** The clicks on one link are nearly all clicks on one offer. */
    private String encodedOfferId(String offerId) {
        EncodedOfferId last = lastOfferId;
        if (last != null && last.value().equals(offerId)) {
            return last.encoded();
        }
        String encoded = encoded(offerId, levels[offerIdAt]);
        if (offerId.length() <= InvalidIdException.MAX_LENGTH) {
            lastOfferId = new EncodedOfferId(offerId, encoded);
        }
        return encoded;
    }

    /** Stops when the value alone is too long: each further level makes it longer. */
    private static String encoded(String value, int levels) {
        String encoded = PercentCode.encode(value);
        for (int level = 1; level < levels && encoded.length() <= LinkTemplater.MAX_FILLED_LENGTH; level++) {
            encoded = encoded.replace("%", "%25"); // all else is unreserved
        }
        return encoded;
    }

    private static void refuseTooLong(String[] parts) {
        long length = 0;
        for (String part : parts) {
            length += part.length();
        }
        if (length > LinkTemplater.MAX_FILLED_LENGTH) {
            throw new InvalidLinkValueException(
                    "The tracking link has " + length + " characters with the values of this click; "
                            + LinkTemplater.MAX_FILLED_LENGTH
                            + " are allowed, since servers and browsers refuse longer headers. Nothing was stored. Use fewer macros"
                            + " in the link, or shorter values.");
        }
    }

    /** Refuses a segment of dots, which has the same meaning percent-encoded. */
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
            throw new InvalidLinkValueException(
                    "The value of {" + macros[segment.fromMacro()]
                            + "} would make a path segment of the tracking link empty, '.' or '..', which leads to another place: nothing was stored. Move the macro into the query, or add fixed text to the segment.");
        }
    }

    /** {@return the link as it was written, the same as {@link #link()}} */
    @Override
    public String toString() {
        return link;
    }
}
