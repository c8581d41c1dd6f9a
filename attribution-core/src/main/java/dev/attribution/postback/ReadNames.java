package dev.attribution.postback;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The names of parameters that a caller's description reads. Immutable and thread-safe. */
final class ReadNames {
    /**
     * One name.
     *
     * @param parameter our parameter of this name, or {@code null}
     * @param isSign whether its values say a status
     */
    record ReadName(String name, @Nullable PostbackParameter parameter, boolean isSign) {}

    private static final boolean[] PLAIN = new boolean[128];

    static {
        for (char c = '!'; c <= '~'; c++) {
            PLAIN[c] = "%+&#;".indexOf(c) < 0;
        }
    }

    private final ReadName[] names;
    private final ReadName[][] plainByFirst = new ReadName[128][]; // by their first character; none begins with NUL

    ReadNames(Map<PostbackParameter, String> parameters, Set<String> signs) {
        List<ReadName> read = new ArrayList<>();
        parameters.forEach((parameter, name) -> {
            if (read.stream().noneMatch(known -> known.name().equals(name))) {
                read.add(new ReadName(name, parameter, signs.contains(name)));
            }
        });
        signs.stream()
                .filter(sign -> !parameters.containsValue(sign))
                .forEach(sign -> read.add(new ReadName(sign, null, true)));
        this.names = read.toArray(ReadName[]::new);
        for (int first = 0; first < plainByFirst.length; first++) {
            char c = (char) first;
            plainByFirst[first] = read.stream()
                    .filter(name -> !name.name().isEmpty() && name.name().charAt(0) == c)
                    .filter(name -> name.name().chars().allMatch(each -> each != '=' && isPlain((char) each)))
                    .toArray(ReadName[]::new);
        }
    }

    /** {@return the name that is written at a position of a query, without any escape and with {@code =} after it} */
    @Nullable
    ReadName plainAt(String query, int start, int to) {
        char first = query.charAt(start);
        for (ReadName name : plainByFirst[first < plainByFirst.length ? first : 0]) {
            int end = start + name.name().length();
            if (end < to && query.charAt(end) == '=' && query.startsWith(name.name(), start)) {
                return name;
            }
        }
        return null;
    }

    /** {@return the name that is read, or {@code null}} */
    @Nullable
    ReadName of(String decoded) {
        for (ReadName name : names) {
            if (name.name().equals(decoded)) {
                return name;
            }
        }
        return null;
    }

    /** Whether a character is visible ASCII, and decoding does not change it. */
    static boolean isPlain(char c) {
        return c < PLAIN.length && PLAIN[c];
    }
}
