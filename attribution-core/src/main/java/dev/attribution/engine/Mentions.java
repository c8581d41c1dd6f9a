package dev.attribution.engine;

import dev.attribution.history.HistoryEntry;
import dev.attribution.internal.PercentCode;
import dev.attribution.internal.QueryString;
import dev.attribution.postback.Caller;
import dev.attribution.postback.PostbackParameter;
import dev.attribution.postback.PostbackRequest;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the id of a member in what postbacks of other members say, or of none. What says something else is evidence of these
 * members, and stays: an id is found as a whole value of a parameter or of JSON, and not where the value has another meaning, such
 * as the payout; only an id that can hardly be anything else is found as a word of a text. Names are not values. Percent-encoding and
 * the escapes of JSON are resolved.
 *
 * <p>Not thread-safe.
 */
final class Mentions {
    private static final int MIN_LENGTH = 6;
    private static final int MAX_LEVELS = 3;
    private static final String JOINERS = "-._+@~"; // they join the words of an id, such as those of an address

    /** Parameters with ids of the application's choice, which may look like any word. */
    private static final Set<PostbackParameter> IDS =
            Set.of(PostbackParameter.OFFER_ID, PostbackParameter.EVENT_ID, PostbackParameter.TRANSACTION_ID);

    private final String memberId;
    private final boolean isDistinctive;
    private final boolean isFoundInTexts;
    private final Map<Caller, Boolean> isWordOfCaller = new HashMap<>();

    Mentions(String memberId) {
        this.memberId = memberId;
        this.isDistinctive =
                memberId.length() >= MIN_LENGTH && !memberId.chars().allMatch(Character::isDigit);
        this.isFoundInTexts = isDistinctive && !memberId.chars().allMatch(Character::isLetter);
    }

    /** {@return whether the id is looked for in the postbacks that were attributed to others, too} */
    boolean isDistinctive() {
        return isDistinctive;
    }

    /**
     * Returns whether an entry names the member.
     *
     * @param known the caller of the entry, if it is known
     */
    boolean isIn(HistoryEntry entry, Optional<Caller> known) {
        Caller caller = known.orElse(Caller.standard());
        if (isWordOfCaller.computeIfAbsent(caller, this::isWordOf)) {
            return isMemberOf(entry, known);
        }
        return (entry.clickId().isEmpty() && isSaidBy(entry.receivedClickId().orElse("")))
                || isSaidByQuery(entry.query(), caller)
                || isSaidByBody(entry.body(), caller)
                || (isFoundInTexts
                        ? entry.contentType().filter(this::isSaidBy).isPresent()
                                || entry.notes().stream().anyMatch(this::isSaidBy)
                        : isMemberOf(entry, known));
    }

    private boolean isMemberOf(HistoryEntry entry, Optional<Caller> known) {
        return known.flatMap(caller -> caller.read(KeptRequest.of(entry)).memberId())
                .filter(memberId::equals)
                .isPresent();
    }

    /** Returns whether the id is a word of a caller's own language: the name of a parameter, or a status. */
    private boolean isWordOf(Caller caller) {
        for (PostbackParameter parameter : PostbackParameter.values()) {
            if (memberId.equals(parameter.parameterName())
                    || caller.parameterName(parameter).filter(memberId::equals).isPresent()) {
                return true;
            }
        }
        return isStatus(caller, memberId) && !isStatus(caller, memberId + memberId); // else any word is a status
    }

    private static boolean isStatus(Caller caller, String word) {
        return caller.parameterName(PostbackParameter.STATUS)
                .map(name -> caller.read(
                                PostbackRequest.get("?" + PercentCode.encode(name) + "=" + PercentCode.encode(word))
                                        .build())
                        .status())
                .filter(status -> status.isSaid() && status.status().isPresent())
                .isPresent();
    }

    private boolean isSaidByQuery(String query, Caller caller) {
        if (query.length() < memberId.length()) {
            return false;
        }
        boolean[] isFound = {false};
        QueryString.forEachParameter(query, 0, query.length(), (start, equals, end) -> {
            if (!isFound[0] && end - start >= memberId.length()) {
                String name = QueryString.withoutAmpersand(PercentCode.decodeForm(query, start, equals));
                isFound[0] = equals == end
                        ? isSaidBy(name)
                        : isSaidByName(name)
                                || (isSaidBy(PercentCode.decodeForm(query, equals + 1, end))
                                        && !hasOtherMeaning(name, caller));
            }
        });
        return isFound[0];
    }

    /** An address is hardly ever the name of anything but the person. */
    private boolean isSaidByName(String name) {
        return name.equals(memberId) && memberId.indexOf('@') >= 0;
    }

    private boolean hasOtherMeaning(String name, Caller caller) {
        Set<PostbackParameter> others =
                isFoundInTexts ? IDS : EnumSet.complementOf(EnumSet.of(PostbackParameter.MEMBER_ID));
        Set<String> names = new HashSet<>();
        others.forEach(parameter -> caller.parameterName(parameter).ifPresent(names::add));
        return names.stream().anyMatch(other -> other.equals(name) || other.endsWith("." + name));
    }

    private boolean isSaidByBody(String body, Caller caller) {
        if (body.length() < memberId.length()) {
            return false;
        }
        String text = body.strip();
        if (text.startsWith("{") || text.startsWith("[")) {
            boolean[] isFound = {false};
            boolean isJson = JsonScalars.read(text, new JsonScalars.ScalarReader() {
                @Override
                public void name(String name) {
                    isFound[0] |= isSaidByName(name);
                }

                @Override
                public void value(String name, String value) {
                    isFound[0] |= isSaidBy(value) && !hasOtherMeaning(name, caller);
                }
            });
            return isFound[0] || (!isJson && isSaidBy(text));
        }
        boolean isForm =
                text.indexOf('=') > 0 && !text.startsWith("<") && text.chars().allMatch(c -> c > ' ');
        return isForm ? isSaidByQuery(text, caller) : isSaidBy(text);
    }

    private boolean isSaidBy(String text) {
        String level = text;
        for (int i = 0; level.length() >= memberId.length(); i++) {
            if (isSaidPlainlyBy(level) || isSaidPlainlyBy(JsonScalars.unescaped(level))) {
                return true;
            }
            String encoded = level.replace("+", "%2B"); // no form: a plus is a plus
            String next = PercentCode.decodeForm(encoded, 0, encoded.length());
            if (i == MAX_LEVELS || next.equals(level)) {
                return false;
            }
            level = next;
        }
        return false;
    }

    private boolean isSaidPlainlyBy(String text) {
        return text.equals(memberId) || (isFoundInTexts && hasWord(text));
    }

    private boolean hasWord(String text) {
        for (int at = text.indexOf(memberId); at >= 0; at = text.indexOf(memberId, at + 1)) {
            if (isBorder(text, at - 1, -1) && isBorder(text, at + memberId.length(), 1)) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether a word ends before a position: whether no letter or digit is there, also after characters that join words. */
    private static boolean isBorder(String text, int from, int step) {
        int i = from;
        while (i >= 0 && i < text.length() && JOINERS.indexOf(text.charAt(i)) >= 0) {
            i += step;
        }
        return i < 0
                || i == text.length()
                || !(Character.isLetterOrDigit(text.charAt(i)) || PercentCode.at(text, i) >= 0);
    }
}
