package dev.attribution.postback;

import dev.attribution.conversion.CallKey;
import dev.attribution.internal.Ids;
import dev.attribution.internal.Printable;
import dev.attribution.internal.QueryString;
import dev.attribution.internal.WellFormed;
import dev.attribution.postback.CallerBuilderState.SignOfValue;
import dev.attribution.postback.StatusSigns.Sign;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds everything that is wrong with the description of a caller. */
final class CallerProblems {
    /** The parameters that decide about money; the others are only compared or noted. */
    private static final List<PostbackParameter> DECISIVE = List.of(
            PostbackParameter.CLICK_ID,
            PostbackParameter.TRANSACTION_ID,
            PostbackParameter.EVENT_ID,
            PostbackParameter.STATUS,
            PostbackParameter.PAYOUT);

    private final CallerBuilderState state;
    private final Map<PostbackParameter, String> names;
    private final List<String> problems = new ArrayList<>();

    private CallerProblems(CallerBuilderState state) {
        this.state = state;
        this.names = state.names();
    }

    static List<String> of(CallerBuilderState state) {
        CallerProblems problems = new CallerProblems(state);
        problems.checkName();
        problems.checkParameters();
        problems.checkWords();
        problems.checkSigns();
        problems.checkAmounts();
        problems.checkStatuses();
        problems.checkCallKey();
        problems.checkSecretParameters();
        problems.checkCoverage();
        problems.checkBodyReader();
        return problems.problems;
    }

    private void add(String problem) {
        if (!problems.contains(problem)) {
            problems.add(problem);
        }
    }

    private static String quoted(String text) {
        return "'" + Printable.quoted(text) + "'";
    }

    private void checkName() {
        Optional<String> problem = Ids.problemOf(state.name);
        if (problem.isPresent() || state.name.length() > Caller.MAX_NAME) {
            add("its name " + problem.orElse("is too long") + ": use 1 to " + Caller.MAX_NAME
                    + " characters without control characters");
        } else if (state.name.equals(Caller.STANDARD) && !state.isStandard) {
            add("the name " + quoted(Caller.STANDARD) + " belongs to Caller.standard(): use another one");
        }
    }

    private void checkParameters() {
        Set<PostbackParameter> ours = new HashSet<>();
        Set<String> theirs = new HashSet<>();
        for (Map.Entry<PostbackParameter, String> entry : state.parameters) {
            checkParameterName(entry.getValue());
            if (!ours.add(entry.getKey())) {
                add(entry.getKey() + " is mapped twice: map it to one name");
            }
            if (!theirs.add(entry.getValue())) {
                add("the parameter " + quoted(entry.getValue())
                        + " is mapped twice: each name stands for one parameter");
            }
        }
        if (!ours.contains(PostbackParameter.CLICK_ID)) {
            add("CLICK_ID is not mapped, so no call can be attributed: add parameter(CLICK_ID, …)");
        }
    }

    private void checkParameterName(String name) {
        if (WellFormed.isBlank(name) || Ids.problemOf(name).isPresent()) {
            add("the name of a parameter is blank, too long or has a control character");
        } else if (!QueryString.withoutAmpersand(name).equals(name)) {
            add("the parameter " + quoted(name) + " begins with an '&' as in HTML: leave that out");
        }
    }

    private void checkWords() {
        Set<String> words = new HashSet<>();
        state.words.forEach(word -> {
            if (WellFormed.isBlank(word.getKey())) {
                add("a status word is blank: a blank status is never credited");
            } else if (!words.add(StatusSigns.folded(word.getKey()))) {
                add("the status word " + quoted(word.getKey()) + " is mapped twice; words are compared without case");
            }
        });
        if (!names.containsKey(PostbackParameter.STATUS) && !(state.words.isEmpty() && state.otherWords.isEmpty())) {
            add("status words are mapped, but STATUS is not: add parameter(STATUS, …)");
        }
    }

    private void checkSigns() {
        String status = names.get(PostbackParameter.STATUS);
        String event = names.get(PostbackParameter.EVENT_ID);
        Map<String, Set<String>> seen = new LinkedHashMap<>();
        for (SignOfValue value : state.values) {
            String name = value.name();
            checkParameterName(name);
            boolean isOfStatus = name.equals(status);
            if (!seen.computeIfAbsent(name, key -> new HashSet<>()).add(StatusSigns.folded(value.value()))
                    || (isOfStatus
                            && state.words.stream()
                                    .anyMatch(word -> StatusSigns.folded(word.getKey())
                                            .equals(StatusSigns.folded(value.value()))))) {
                add("the value " + quoted(value.value()) + " of " + quoted(name)
                        + " is mapped twice; values are compared without case");
            }
            if (isOfStatus && value.sign() != Sign.NOTHING && value.sign() != Sign.TEST_CALL) {
                add("the parameter " + quoted(name) + " holds the status: map its words with status(…)");
            } else if (!isOfStatus && !name.equals(event) && names.containsValue(name)) {
                add("the parameter " + quoted(name) + " is mapped and cannot show a status or a test call too");
            }
            boolean isOnlyNothing = state.values.stream()
                    .filter(other -> other.name().equals(name))
                    .allMatch(other -> other.sign() == Sign.NOTHING);
            if (isOnlyNothing && !isOfStatus) {
                add("noSign is declared for " + quoted(name) + ", of which no value is mapped: leave it out");
            }
        }
    }

    private void checkAmounts() {
        for (String name : state.amounts) {
            checkParameterName(name);
            if (names.containsValue(name)
                    || state.values.stream().anyMatch(value -> value.name().equals(name))) {
                add("the amount " + quoted(name) + " is mapped and cannot reverse too: leave one of the two out");
            }
        }
    }

    private void checkStatuses() {
        for (Collection<?> declared : List.of(state.everyCall, state.otherWords, state.whenAbsent)) {
            if (declared.size() > 1) {
                add("everyCallIs, otherWords or whenAbsent is declared with two statuses: declare one");
            }
        }
        if (state.isStatusRequired && !(state.everyCall.isEmpty() && state.whenAbsent.isEmpty())) {
            add("statusRequired contradicts everyCallIs and whenAbsent: leave it or them out");
        }
        if (state.isStatusRequired && !names.containsKey(PostbackParameter.STATUS)) {
            add("a status is required, but STATUS is not mapped: add parameter(STATUS, …)");
        }
        if (!state.everyCall.isEmpty() && !state.whenAbsent.isEmpty()) {
            add("everyCallIs and whenAbsent contradict each other: no call is without a status");
        }
    }

    private void checkCallKey() {
        if (state.callKey != CallKey.TRANSACTION_ID_AND_EVENT) {
            return;
        }
        String event = names.get(PostbackParameter.EVENT_ID);
        if (event == null || !names.containsKey(PostbackParameter.TRANSACTION_ID)) {
            add("the call key needs TRANSACTION_ID and EVENT_ID: map both");
        } else if (state.values.stream().anyMatch(value -> value.name().equals(event))) {
            add("the event shows a status and cannot be a part of the call key too");
        }
    }

    private void checkSecretParameters() {
        Set<String> read = new HashSet<>(names.values());
        state.values.forEach(value -> read.add(value.name()));
        read.addAll(state.amounts);
        for (String secret : state.verifier.secretParameters()) {
            if (read.stream().anyMatch(secret::equalsIgnoreCase)) {
                add("the parameter " + quoted(secret)
                        + " holds a secret or a signature and is mapped too, so it would be kept: map another one");
            }
            if (state.answers.echo().filter(secret::equalsIgnoreCase).isPresent()) {
                add("the parameter " + quoted(secret)
                        + " holds a secret or a signature and is echoed: echo another one");
            }
        }
    }

    private void checkCoverage() {
        if (state.verifier.equals(PostbackVerifier.none())) {
            return;
        }
        Coverage coverage = state.verifier.coverage();
        for (PostbackParameter parameter : DECISIVE) {
            String name = names.get(parameter);
            if (name != null && !state.unsigned.contains(parameter) && !coverage.covers(name)) {
                uncovered(
                        name,
                        parameter == PostbackParameter.CLICK_ID
                                ? "add a check of a secret or an address with allOf(…)"
                                : "accept it with unsigned(" + parameter
                                        + "), or add a check of a secret or an address");
            }
        }
        for (String amount : state.amounts) {
            if (!state.unsigned.contains(PostbackParameter.STATUS) && !coverage.covers(amount)) {
                uncovered(amount, "accept it with unsigned(STATUS), or add a check of a secret or an address");
            }
        }
        Set<String> tests = state.testNames();
        for (SignOfValue value : state.values) {
            boolean isTest = tests.contains(value.name());
            boolean isAccepted = isTest ? state.isTestUnsigned : state.unsigned.contains(PostbackParameter.STATUS);
            if (!isAccepted && !coverage.covers(value.name())) {
                uncovered(
                        value.name(),
                        "accept it with " + (isTest ? "unsignedTestCalls()" : "unsigned(STATUS)")
                                + ", or add a check of a secret or an address");
            }
        }
        if (state.unsigned.contains(PostbackParameter.CLICK_ID) && !coverage.isOfSender()) {
            add("the click id may be unsigned only if a secret or an address is checked too: add one with allOf(…)");
        }
    }

    private void checkBodyReader() {
        try {
            state.bodyReader();
        } catch (IllegalArgumentException e) {
            add("its body reader does not fit: " + e.getMessage());
        }
    }

    private void uncovered(String name, String remedy) {
        add("the verifier does not cover the parameter " + quoted(name)
                + ", so anyone who sees a call can send it with another value: " + remedy);
    }
}
