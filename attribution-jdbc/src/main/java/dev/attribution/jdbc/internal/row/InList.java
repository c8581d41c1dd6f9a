package dev.attribution.jdbc.internal.row;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.BiConsumer;
import org.jdbi.v3.core.statement.Query;

/** The list after SQL's {@code in}: any number of values, at most {@value #MAX_SIZE} in one statement. */
public final class InList {
    private static final int MAX_SIZE = 1_000;

    private InList() {}

    /** Passes on the values in chunks, each with its list of parameters, such as {@code (?, ?)}. */
    public static <T> void chunks(Collection<T> values, BiConsumer<String, List<T>> chunk) {
        List<T> all = new ArrayList<>(values);
        for (int from = 0; from < all.size(); from += MAX_SIZE) {
            List<T> some = all.subList(from, Math.min(all.size(), from + MAX_SIZE));
            chunk.accept(of(some.size()), some);
        }
    }

    public static String of(int size) {
        return "(" + "?, ".repeat(size - 1) + "?)";
    }

    public static Query bind(Query query, List<?> values) {
        for (int i = 0; i < values.size(); i++) {
            query.bind(i, values.get(i));
        }
        return query;
    }
}
