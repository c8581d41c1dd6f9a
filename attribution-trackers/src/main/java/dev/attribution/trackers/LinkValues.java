package dev.attribution.trackers;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The query parameters of a link, however broken it is. */
record LinkValues(List<LinkValue> values) {
    /** The length of a click id: a canonical UUID. */
    static final int CLICK_ID_LENGTH = 36;

    /** A parameter with its decoded value, and where the parameter begins. */
    record LinkValue(String name, String value, int position) {}

    static LinkValues of(String link) {
        List<LinkValue> values = new ArrayList<>();
        int hash = link.indexOf('#');
        int end = hash < 0 ? link.length() : hash;
        int question = link.indexOf('?');
        int start = question < 0 || question > end ? end : question + 1;
        while (start < end) {
            int ampersand = link.indexOf('&', start);
            int stop = ampersand < 0 || ampersand > end ? end : ampersand;
            int middle = start;
            while (middle < stop && link.charAt(middle) != '=') { // not beyond the parameter: a link may hold very many
                middle++;
            }
            if (stop > start) {
                values.add(new LinkValue(
                        decoded(link.substring(start, middle)),
                        decoded(link.substring(Math.min(middle + 1, stop), stop)),
                        start));
            }
            start = stop + 1;
        }
        return new LinkValues(values);
    }

    List<LinkValue> named(String name) {
        return values.stream().filter(value -> value.name().equals(name)).toList();
    }

    static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text; // a broken escape stays as it is
        }
    }
}
