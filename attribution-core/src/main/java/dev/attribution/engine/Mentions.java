package dev.attribution.engine;

import dev.attribution.history.HistoryEntry;
import dev.attribution.internal.PercentCode;
import dev.attribution.internal.QueryString;
import dev.attribution.postback.Caller;
import dev.attribution.postback.PostbackParameter;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the id of a member in what postbacks say. An id that can hardly mean anything else is found as a word of any text, also
 * percent-encoded or escaped as in JSON; a short one or a number only as a whole value, and not in a parameter that has another
 * meaning, such as the payout.
 */
final class Mentions {
    private static final int MIN_LENGTH = 6;
    private static final int MAX_LEVELS = 3;

    private final String memberId;
    private final boolean isDistinctive;

    Mentions(String memberId) {
        this.memberId = memberId;
        this.isDistinctive =
                memberId.length() >= MIN_LENGTH && !memberId.chars().allMatch(Character::isDigit);
    }

    /** {@return whether the id is found as a word of any text} */
    boolean isDistinctive() {
        return isDistinctive;
    }

    /**
     * Returns whether an entry names the member.
     *
     * @param caller the caller of the entry, if it is known
     */
    boolean isIn(HistoryEntry entry, Optional<Caller> caller) {
        String received =
                entry.clickId().isPresent() ? "" : entry.receivedClickId().orElse("");
        if (isDistinctive) {
            return isWordOf(received)
                    || isWordOf(entry.query())
                    || isWordOf(entry.body())
                    || entry.contentType().filter(this::isWordOf).isPresent()
                    || entry.notes().stream().anyMatch(this::isWordOf);
        }
        return received.equals(memberId)
                || isValueOf(entry.query(), caller)
                || isValueOf(entry.body(), caller)
                || entry.body().contains('"' + memberId + '"')
                || caller.flatMap(known -> known.read(KeptRequest.of(entry)).memberId())
                        .filter(memberId::equals)
                        .isPresent();
    }

    private boolean isWordOf(String text) {
        if (text.length() < memberId.length()) {
            return false;
        }
        String level = text;
        for (int i = 0; i < MAX_LEVELS; i++) {
            if (contains(level) || (level.indexOf('\\') >= 0 && contains(unescaped(level)))) {
                return true;
            }
            String next = PercentCode.decodeForm(level, 0, level.length());
            if (next.equals(level)) {
                return false;
            }
            level = next;
        }
        return contains(level);
    }

    private boolean contains(String text) {
        for (int at = text.indexOf(memberId); at >= 0; at = text.indexOf(memberId, at + 1)) {
            int end = at + memberId.length();
            if ((at == 0 || isBorder(text.charAt(at - 1), memberId.charAt(0)))
                    && (end == text.length() || isBorder(text.charAt(end), memberId.charAt(memberId.length() - 1)))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isBorder(char outside, char inside) {
        return !Character.isLetterOrDigit(outside) || !Character.isLetterOrDigit(inside);
    }

    /** Resolves the escapes of JSON (RFC 8259, section 7), wherever they stand. */
    private static String unescaped(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\' || i + 1 == text.length()) {
                plain.append(c);
            } else if (text.charAt(i + 1) == 'u' && i + 6 <= text.length() && isHex(text, i + 2)) {
                plain.append((char) Integer.parseInt(text.substring(i + 2, i + 6), 16));
                i += 5;
            } else {
                i++;
                int at = "bfnrt".indexOf(text.charAt(i));
                plain.append(at < 0 ? text.charAt(i) : "\b\f\n\r\t".charAt(at));
            }
        }
        return plain.toString();
    }

    private static boolean isHex(String text, int from) {
        for (int i = from; i < from + 4; i++) {
            if ("0123456789abcdef".indexOf(text.substring(i, i + 1).toLowerCase(Locale.ROOT)) < 0) {
                return false;
            }
        }
        return true;
    }

    private boolean isValueOf(String query, Optional<Caller> caller) {
        Set<String> others = new HashSet<>();
        for (PostbackParameter parameter : PostbackParameter.values()) {
            if (parameter != PostbackParameter.MEMBER_ID) {
                caller.flatMap(known -> known.parameterName(parameter)).ifPresent(others::add);
            }
        }
        boolean[] isFound = {false};
        QueryString.forEachParameter(
                query,
                0,
                query.length(),
                (start, equals, end) -> isFound[0] |= end - equals > memberId.length()
                        && PercentCode.decodeForm(query, equals + 1, end).equals(memberId)
                        && !others.contains(
                                QueryString.withoutAmpersand(PercentCode.decodeForm(query, start, equals))));
        return isFound[0];
    }
}
