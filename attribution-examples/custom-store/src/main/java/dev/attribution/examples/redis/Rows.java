package dev.attribution.examples.redis;

import com.google.gson.Gson;
import com.google.gson.reflect.TypeToken;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Rows as JSON. */
final class Rows {
    private static final Gson JSON = new Gson();
    private static final TypeToken<Map<String, String>> FIELDS = new TypeToken<>() {};

    private Rows() {}

    static String write(Map<String, String> fields) {
        return JSON.toJson(fields);
    }

    static <T> Optional<T> read(@Nullable Object row, Function<Map<String, String>, T> reader) {
        return row == null || row.equals("")
                ? Optional.empty()
                : Optional.of(reader.apply(JSON.fromJson((String) row, FIELDS)));
    }
}
