package dev.attribution.postback;

import dev.attribution.internal.PercentCode;
import dev.attribution.postback.RequestParameters.RequestParameter;

/** How names and values are written in a text of sorted pairs that is signed. */
public enum PairEncoding {
    /** As they were received. */
    AS_RECEIVED,
    /** Decoded, and not encoded again. */
    DECODED,
    /** Encoded as in a form: a blank is {@code +}; letters, digits, {@code -}, {@code _} and {@code .} stay. */
    FORM,
    /** Encoded as RFC 3986 says: a blank is {@code %20}; letters, digits, {@code -}, {@code _}, {@code .} and {@code ~} stay. */
    RFC_3986;

    String name(RequestParameter parameter) {
        return this == AS_RECEIVED ? parameter.rawName() : encoded(parameter.name());
    }

    String value(RequestParameter parameter) {
        return this == AS_RECEIVED ? parameter.rawValue() : encoded(parameter.value());
    }

    private String encoded(String text) {
        return switch (this) {
            case AS_RECEIVED, DECODED -> text;
            case FORM -> PercentCode.encode(text).replace("~", "%7E").replace("%20", "+");
            case RFC_3986 -> PercentCode.encode(text);
        };
    }
}
