package dev.attribution.trackers;

import dev.attribution.AttributionException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The columns of a tracker's export: for each {@link Field} the headers under which it may stand. Headers are found by name,
 * ignoring case and the blanks around them; unknown columns are ignored.
 *
 * <p>Immutable and thread-safe.
 */
public final class ExportFormat {
    private final Map<Field, List<String>> columns;
    private final Set<String> clickIdParameters;
    private final Set<String> rejected;
    private final Map<Integer, String> rejectedCodes;
    private final boolean eventRequired;

    private ExportFormat(Builder builder) {
        this.columns = Collections.unmodifiableMap(new EnumMap<>(builder.columns));
        this.clickIdParameters = Set.copyOf(builder.clickIdParameters);
        this.rejected = Collections.unmodifiableSet(new TreeSet<>(builder.rejected));
        this.rejectedCodes = Map.copyOf(builder.rejectedCodes);
        this.eventRequired = builder.eventRequired;
    }

    /**
     * Starts a format.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Starts a format from this one, to change some of it.
     *
     * @return a new builder
     */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.columns.putAll(columns);
        builder.clickIdParameters.addAll(clickIdParameters);
        builder.rejected.addAll(rejected);
        builder.rejectedCodes.putAll(rejectedCodes);
        builder.eventRequired = eventRequired;
        return builder;
    }

    /**
     * Returns the headers under which a field may stand.
     *
     * @param field the field
     * @return the headers, the first choice first; empty if the format does not have the field
     */
    public List<String> headers(Field field) {
        return columns.getOrDefault(field, List.of());
    }

    Set<String> clickIdParameters() {
        return clickIdParameters;
    }

    boolean isRejected(String status) {
        return rejected.contains(status.strip().toLowerCase(Locale.ROOT));
    }

    Map<Integer, String> rejectedCodes() {
        return rejectedCodes;
    }

    /**
     * Finds the columns.
     *
     * @param headers the first line of a file
     * @return the numbers of the columns in which each field may stand, the first choice first
     * @throws AttributionException if necessary ones are missing; it names all of them
     */
    Map<Field, int[]> find(List<String> headers, String source) {
        Map<String, Integer> numbers = new HashMap<>();
        for (int i = 0; i < headers.size(); i++) {
            numbers.putIfAbsent(folded(headers.get(i)), i);
        }
        Map<Field, int[]> found = new EnumMap<>(Field.class);
        columns.forEach((field, names) -> {
            int[] numbersOfField = names.stream()
                    .map(ExportFormat::folded)
                    .filter(numbers::containsKey)
                    .mapToInt(numbers::get)
                    .toArray();
            if (numbersOfField.length > 0) {
                found.put(field, numbersOfField);
            }
        });
        List<String> missing = new ArrayList<>();
        require(found, missing, Field.TIME);
        require(found, missing, Field.CLICK_ID, Field.CLICK_ID_URL);
        if (eventRequired) {
            require(found, missing, Field.EVENT);
        }
        if (!missing.isEmpty()) {
            throw new AttributionException(source + " lacks " + String.join(", and ", missing) + ". Its columns are: "
                    + headers.stream().limit(100).collect(Collectors.joining(", "))
                    + ". Export it with these columns, or say with column(…) how yours are called.");
        }
        return found;
    }

    private void require(Map<Field, int[]> found, List<String> missing, Field... anyOf) {
        if (Arrays.stream(anyOf).noneMatch(found::containsKey)) {
            missing.add("the column "
                    + Arrays.stream(anyOf)
                            .map(this::headers)
                            .flatMap(Collection::stream)
                            .map(header -> "'" + header + "'")
                            .collect(Collectors.joining(" or ")));
        }
    }

    private static String folded(String header) {
        return header.replace("\uFEFF", "").strip().toLowerCase(Locale.ROOT);
    }

    /** Builds an {@link ExportFormat}. Not thread-safe. */
    public static final class Builder {
        private final Map<Field, List<String>> columns = new EnumMap<>(Field.class);
        private final Set<String> clickIdParameters = new TreeSet<>();
        private final Set<String> rejected = new TreeSet<>();
        private final Map<Integer, String> rejectedCodes = new LinkedHashMap<>();
        private boolean eventRequired;

        private Builder() {}

        /**
         * Sets the headers of a field. They replace the earlier headers of the field.
         *
         * @param field the field
         * @param headers the headers under which it may stand, the first choice first; of the click id, the first that is
         *     not blank in a row counts
         * @return this builder
         */
        public Builder column(Field field, String... headers) {
            columns.put(field, List.of(headers));
            return this;
        }

        /**
         * Names the parameters of the {@link Field#CLICK_ID_URL} in which the click id stands.
         *
         * @param names the names, ignoring case
         * @return this builder
         */
        public Builder clickIdParameters(String... names) {
            clickIdParameters.clear();
            for (String name : names) {
                clickIdParameters.add(name.toLowerCase(Locale.ROOT));
            }
            return this;
        }

        /**
         * Names the words of {@link Field#STATUS} with which the tracker says that a row does not count.
         *
         * @param words the words, ignoring case
         * @return this builder
         */
        public Builder rejectedStatus(String... words) {
            rejected.clear();
            for (String word : words) {
                rejected.add(word.toLowerCase(Locale.ROOT));
            }
            return this;
        }

        /**
         * Names a number of {@link Field#STATUS_CODE} with which the tracker says that a row does not count.
         *
         * @param code the number
         * @param meaning what it means
         * @return this builder
         */
        public Builder rejectedStatusCode(int code, String meaning) {
            rejectedCodes.put(code, meaning);
            return this;
        }

        /**
         * Makes the event necessary. The time and the click id always are.
         *
         * @return this builder
         */
        public Builder requireEvent() {
            eventRequired = true;
            return this;
        }

        /**
         * Builds the format.
         *
         * @return a new format
         * @throws IllegalArgumentException if it does not say where time and click id stand
         */
        public ExportFormat build() {
            if (columns.getOrDefault(Field.TIME, List.of()).isEmpty()
                    || (columns.getOrDefault(Field.CLICK_ID, List.of()).isEmpty()
                            && columns.getOrDefault(Field.CLICK_ID_URL, List.of())
                                    .isEmpty())) {
                throw new IllegalArgumentException("An export has a column for TIME, and one for CLICK_ID");
            }
            return new ExportFormat(this);
        }
    }
}
