package dev.attribution.trackers;

import dev.attribution.AttributionException;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.postback.PostbackValues;
import dev.attribution.reconcile.TrackerRow;
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
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The columns of a tracker's export: for each {@link Field} the headers under which it may stand. Headers are found by name,
 * ignoring case and the blanks around them; unknown columns are ignored. If several columns may have a field, the first that is
 * filled in a row counts.
 *
 * <p>Immutable and thread-safe.
 */
public final class ExportFormat {
    private static final int MAX_SHOWN_HEADERS = 100;
    private static final Pattern BLANKS = Pattern.compile(" {2,}");

    private final Map<Field, List<String>> columns;
    private final Set<String> clickIdParameters;
    private final Set<String> rejected;
    private final Set<String> pending;
    private final Set<String> approved;
    private final Map<Integer, String> rejectedCodes;
    private final boolean eventRequired;

    private ExportFormat(Builder builder) {
        this.columns = Collections.unmodifiableMap(new EnumMap<>(builder.columns));
        this.clickIdParameters = Set.copyOf(builder.clickIdParameters);
        this.rejected = Collections.unmodifiableSet(new TreeSet<>(builder.rejected));
        this.pending = Collections.unmodifiableSet(new TreeSet<>(builder.pending));
        this.approved = Collections.unmodifiableSet(new TreeSet<>(builder.approved));
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
        builder.pending.addAll(pending);
        builder.approved.addAll(approved);
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

    /**
     * Returns what a status says by its words: reversed if one of them says so, else pending, else approved. A status with a
     * "not" in it says nothing unless it says that it is reversed.
     *
     * @return empty if it is not known what the status says
     */
    Optional<ConversionStatus> status(String status) {
        String words = " " + Text.words(status) + " ";
        if (says(words, rejected, ConversionStatus.REVERSED)) {
            return Optional.of(ConversionStatus.REVERSED);
        }
        if (words.contains(" not ")) {
            return Optional.empty();
        }
        return says(words, pending, ConversionStatus.PENDING)
                ? Optional.of(ConversionStatus.PENDING)
                : says(words, approved, ConversionStatus.APPROVED)
                        ? Optional.of(ConversionStatus.APPROVED)
                        : Optional.empty();
    }

    private static boolean says(String words, Set<String> own, ConversionStatus what) {
        return own.stream().anyMatch(word -> words.contains(" " + word + " "))
                || Arrays.stream(words.strip().split(" "))
                        .anyMatch(word ->
                                PostbackValues.status(word).filter(what::equals).isPresent());
    }

    Map<Integer, String> rejectedCodes() {
        return rejectedCodes;
    }

    /** Returns whether a line has all necessary columns. */
    boolean isHeader(List<String> cells) {
        return missing(columns(cells)).isEmpty();
    }

    /**
     * Finds the columns.
     *
     * @param headers the header of a file
     * @return the numbers of the columns in which each field may stand, the first choice first; columns of one name in their
     *     order
     * @throws AttributionException if necessary ones are missing; it names all of them
     */
    Map<Field, int[]> find(List<String> headers, String source) {
        Map<Field, int[]> found = columns(headers);
        List<String> missing = missing(found);
        if (!missing.isEmpty()) {
            throw new AttributionException(TrackerRow.quoted(source) + " lacks " + String.join(", and ", missing)
                    + " in each of its first " + Records.MAX_TITLE_LINES + " lines. Its columns are: "
                    + headers.stream()
                            .limit(MAX_SHOWN_HEADERS)
                            .map(TrackerRow::quoted)
                            .collect(Collectors.joining(", "))
                    + (headers.size() > MAX_SHOWN_HEADERS
                            ? ", and " + (headers.size() - MAX_SHOWN_HEADERS) + " more"
                            : "")
                    + ". Export it with these columns, or say with column(…) how yours are called.");
        }
        return found;
    }

    private Map<Field, int[]> columns(List<String> headers) {
        Map<String, List<Integer>> numbers = new HashMap<>();
        for (int i = 0; i < headers.size(); i++) {
            numbers.computeIfAbsent(folded(headers.get(i)), name -> new ArrayList<>(1))
                    .add(i);
        }
        Map<Field, int[]> found = new EnumMap<>(Field.class);
        columns.forEach((field, names) -> {
            int[] numbersOfField = names.stream()
                    .map(name -> numbers.getOrDefault(folded(name), List.of()))
                    .flatMap(Collection::stream)
                    .mapToInt(Integer::intValue)
                    .distinct()
                    .toArray();
            if (numbersOfField.length > 0) {
                found.put(field, numbersOfField);
            }
        });
        return found;
    }

    private List<String> missing(Map<Field, int[]> found) {
        List<String> missing = new ArrayList<>();
        require(found, missing, Field.TIME);
        require(found, missing, Field.CLICK_ID, Field.CLICK_ID_URL);
        if (eventRequired) {
            require(found, missing, Field.EVENT);
        }
        return missing;
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
        return BLANKS.matcher(Text.plain(header)).replaceAll(" ").toLowerCase(Locale.ROOT);
    }

    /** Builds an {@link ExportFormat}. Not thread-safe. */
    public static final class Builder {
        private final Map<Field, List<String>> columns = new EnumMap<>(Field.class);
        private final Set<String> clickIdParameters = new TreeSet<>();
        private final Set<String> rejected = new TreeSet<>();
        private final Set<String> pending = new TreeSet<>();
        private final Set<String> approved = new TreeSet<>();
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
         * Names the words of {@link Field#STATUS} with which the tracker says that a conversion does not count, in addition to
         * those of {@link PostbackValues#status}. They outweigh all others.
         *
         * <p>A cell has the word also in another case, with other words, or with blanks, punctuation and invisible characters
         * around it. A row whose status has no known word is in doubt: it is compared, and not imported.
         *
         * @param words the words, each with a letter or a digit
         * @return this builder
         * @throws IllegalArgumentException if one has neither
         */
        public Builder rejectedStatus(String... words) {
            return set(rejected, words);
        }

        /**
         * Names the words of {@link Field#STATUS} with which the tracker says that a conversion does not count yet, in addition
         * to those of {@link PostbackValues#status}. Its row is compared, and not imported.
         *
         * @param words the words, as for {@link #rejectedStatus}
         * @return this builder
         * @throws IllegalArgumentException if one has no letter and no digit
         */
        public Builder pendingStatus(String... words) {
            return set(pending, words);
        }

        /**
         * Names the words of {@link Field#STATUS} with which the tracker says that a conversion counts, in addition to those of
         * {@link PostbackValues#status}.
         *
         * @param words the words, as for {@link #rejectedStatus}
         * @return this builder
         * @throws IllegalArgumentException if one has no letter and no digit
         */
        public Builder approvedStatus(String... words) {
            return set(approved, words);
        }

        private Builder set(Set<String> own, String... words) {
            own.clear();
            for (String word : words) {
                if (Text.words(word).isEmpty()) {
                    throw new IllegalArgumentException("A word of a status has a letter or a digit");
                }
                own.add(Text.words(word));
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
