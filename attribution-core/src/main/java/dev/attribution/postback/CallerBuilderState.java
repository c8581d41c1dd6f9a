package dev.attribution.postback;

import dev.attribution.conversion.CallKey;
import dev.attribution.conversion.ConversionStatus;
import dev.attribution.internal.Printable;
import dev.attribution.postback.StatusSigns.Sign;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What was said to a {@link Caller.Builder}, contradictions included. Not thread-safe. */
final class CallerBuilderState {
    /** What a value of a parameter says. */
    record SignOfValue(String name, String value, Sign sign) {}

    final String name;
    final List<Map.Entry<PostbackParameter, String>> parameters = new ArrayList<>();
    final List<Map.Entry<String, ConversionStatus>> words = new ArrayList<>();
    final List<SignOfValue> values = new ArrayList<>();
    final Set<String> amounts = new HashSet<>();
    final Set<ConversionStatus> everyCall = EnumSet.noneOf(ConversionStatus.class);
    final Set<ConversionStatus> otherWords = EnumSet.noneOf(ConversionStatus.class);
    final Set<ConversionStatus> whenAbsent = EnumSet.noneOf(ConversionStatus.class);
    final Set<PostbackParameter> unsigned = EnumSet.noneOf(PostbackParameter.class);
    boolean isTestUnsigned;
    boolean isStatusRequired;
    boolean isNegativePayoutSign = true;
    boolean isStandard;
    CallKey callKey = CallKey.TRANSACTION_ID;
    PostbackVerifier verifier = PostbackVerifier.none();
    Answers answers = Answers.byStatus();

    @Nullable
    BodyReader bodyReader;

    CallerBuilderState(String name) {
        this.name = Objects.requireNonNull(name, "name");
    }

    String printableName() {
        return Printable.quoted(name);
    }

    Map<PostbackParameter, String> names() {
        Map<PostbackParameter, String> names = new EnumMap<>(PostbackParameter.class);
        parameters.forEach(entry -> names.putIfAbsent(entry.getKey(), entry.getValue()));
        return names;
    }

    Set<String> testNames() {
        Set<String> names = new HashSet<>();
        values.stream().filter(value -> value.sign() == Sign.TEST_CALL).forEach(value -> names.add(value.name()));
        return names;
    }

    /**
     * {@return the body reader for the names that are read}
     *
     * @throws IllegalArgumentException if it does not fit them
     */
    @Nullable
    BodyReader bodyReader() {
        if (bodyReader == null) {
            return null;
        }
        Set<String> read = new HashSet<>(names().values());
        values.forEach(value -> read.add(value.name()));
        read.addAll(amounts);
        return bodyReader.forNames(Set.copyOf(read));
    }

    StatusSigns signs() {
        Map<String, Map<String, Sign>> byName = new HashMap<>();
        String statusName = names().get(PostbackParameter.STATUS);
        if (statusName != null) {
            Map<String, Sign> ofStatus = new HashMap<>();
            if (words.isEmpty()) {
                PostbackValues.STATUS_WORDS.forEach((word, status) -> ofStatus.put(word, Sign.of(status)));
            }
            words.forEach(word -> ofStatus.put(StatusSigns.folded(word.getKey()), Sign.of(word.getValue())));
            byName.put(statusName, ofStatus);
        }
        for (SignOfValue value : values) {
            byName.computeIfAbsent(value.name(), key -> new HashMap<>())
                    .put(StatusSigns.folded(value.value()), value.sign());
        }
        amounts.forEach(name -> byName.computeIfAbsent(name, key -> new HashMap<>()));
        return new StatusSigns(
                byName,
                amounts,
                statusName,
                first(everyCall),
                first(otherWords),
                whenAbsent.isEmpty()
                        ? ConversionStatus.APPROVED
                        : whenAbsent.iterator().next(),
                isStatusRequired,
                isNegativePayoutSign);
    }

    private static @Nullable ConversionStatus first(Set<ConversionStatus> statuses) {
        return statuses.isEmpty() ? null : statuses.iterator().next();
    }
}
