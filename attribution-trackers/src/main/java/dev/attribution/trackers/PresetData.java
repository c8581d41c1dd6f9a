package dev.attribution.trackers;

import dev.attribution.conversion.ConversionStatus;
import dev.attribution.postback.Answers;
import dev.attribution.postback.PostbackParameter;
import dev.attribution.postback.PostbackVerifier;
import dev.attribution.postback.SignedPart;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One row of the table of callers. Filled by {@link PresetTable}, and not changed after that. */
final class PresetData {
    /** The macro of a parameter that the system writes by itself. */
    static final String FIXED = "";

    /**
     * A parameter of a call.
     *
     * @param name its name, or the one that we propose if the host chooses it
     * @param ours what it is for us, or {@code null} if it is only signed, or the signature
     * @param macro what stands for its value in the URL to paste; {@link #FIXED}, or {@code null} if that is not known
     */
    record PresetParameter(
            String name,
            @Nullable PostbackParameter ours,
            @Nullable String macro) {}

    /** What a value of a parameter says: a status, nothing, or that the call is a test. */
    record ValueSign(String name, String value, @Nullable ConversionStatus status, boolean isTest) {}

    /** A status word. */
    record StatusWord(String word, ConversionStatus status) {}

    /** Makes a verifier of the secrets; asks for the name of each parameter, since the host may have renamed it. */
    @FunctionalInterface
    interface SignatureRecipe {
        PostbackVerifier of(PresetKeys keys, UnaryOperator<String> name);
    }

    final String system;
    final String methods;
    final List<PresetParameter> parameters = new ArrayList<>();
    final List<ValueSign> signs = new ArrayList<>();
    final List<String> amounts = new ArrayList<>();
    final List<StatusWord> words = new ArrayList<>();
    final List<String> unknowns = new ArrayList<>();
    final List<String> linkParameters = new ArrayList<>();
    String source = "public documentation of the system";
    String recipe = "nothing";
    Function<String, byte[]> decoder = text -> text.getBytes(StandardCharsets.UTF_8);
    Function<UnaryOperator<String>, Answers> answers = name -> Answers.byStatus();
    Function<UnaryOperator<String>, RetryRule> retries = name -> RetryRule.notKnown();
    boolean needsSecret = true;
    boolean hasJsonBody;
    boolean reversesByPayout;
    int maxUrl = Integer.MAX_VALUE;

    @Nullable
    SignatureRecipe signature;

    @Nullable
    String secretParameter; // of the URL to paste

    @Nullable
    ConversionStatus everyCall;

    @Nullable
    Tracker tracker;

    PresetData(String system, String methods) {
        this.system = system;
        this.methods = methods;
    }

    /** Adds a parameter that the system writes by itself. */
    PresetData fixed(PostbackParameter ours, String name) {
        return parameter(ours, name, FIXED);
    }

    PresetData fixed(String name) {
        return parameter(null, name, FIXED);
    }

    /** Adds a parameter whose name the host chooses; ours is the default. */
    PresetData macro(PostbackParameter ours, @Nullable String macro) {
        return parameter(ours, ours.parameterName(), macro);
    }

    PresetData parameter(@Nullable PostbackParameter ours, String name, @Nullable String macro) {
        parameters.add(new PresetParameter(name, ours, macro));
        return this;
    }

    PresetData of(Tracker described) {
        tracker = described;
        linkParameters.addAll(described.clickIdParameters());
        described.postbackMacros().forEach(this::macro);
        return this;
    }

    PresetData clickIdInLink(String name) {
        linkParameters.add(name);
        return this;
    }

    PresetData source(String text) {
        source = text;
        return this;
    }

    PresetData unknown(String... sentences) {
        unknowns.addAll(List.of(sentences));
        return this;
    }

    PresetData signed(String text, SignatureRecipe made) {
        recipe = text;
        signature = made;
        return this;
    }

    /** Signed with public keys, which the recipe brings. */
    PresetData signedByKeys(String text, SignatureRecipe made) {
        needsSecret = false;
        return signed(text, made);
    }

    PresetData notSigned() {
        needsSecret = false;
        return this;
    }

    /** A plain secret in a parameter of the URL to paste. */
    PresetData secretIn(String name) {
        secretParameter = name;
        return signed("a plain secret in `" + name + "`", (keys, names) -> keys.inParameter(names.apply(name)));
    }

    PresetData word(String word, ConversionStatus status) {
        words.add(new StatusWord(word, status));
        return this;
    }

    PresetData words(String[] credited) {
        if (credited.length == 0) {
            throw new IllegalArgumentException("Give the words with which " + system
                    + " says that a call counts; its documentation has them. Without them nothing is credited");
        }
        for (String word : credited) {
            word(word, ConversionStatus.APPROVED);
        }
        return this;
    }

    PresetData statusWhen(String name, String value, ConversionStatus status) {
        signs.add(new ValueSign(name, value, status, false));
        return this;
    }

    /** A further amount that reverses too when it is negative. */
    PresetData reversedWhenNegative(String name) {
        amounts.add(name);
        return this;
    }

    PresetData testCalls(String name, String value) {
        signs.add(new ValueSign(name, value, null, true));
        return this;
    }

    PresetData noSign(String name, String value) {
        signs.add(new ValueSign(name, value, null, false));
        return this;
    }

    PresetData everyCallIs(ConversionStatus status) {
        everyCall = status;
        return this;
    }

    /** The system is known to reverse by a negative payout. */
    PresetData reversedByPayout() {
        reversesByPayout = true;
        return this;
    }

    PresetData answers(Answers given) {
        answers = name -> given;
        return this;
    }

    PresetData retries(RetryRule given) {
        retries = name -> given;
        return this;
    }

    /** Whether the system writes a status into each call by itself, so that a call without one is not understood. */
    boolean isStatusRequired() {
        return parameters.stream()
                .anyMatch(parameter -> parameter.ours() == PostbackParameter.STATUS && FIXED.equals(parameter.macro()));
    }

    CallerPreset preset() {
        return new CallerPreset(this);
    }

    static SignedPart raw(UnaryOperator<String> name, String parameter) {
        return SignedPart.rawParameter(name.apply(parameter));
    }

    /** The click id in a text without separators: its length is fixed. */
    static SignedPart clickId(UnaryOperator<String> name, String parameter) {
        return raw(name, parameter).ofLength(LinkValues.CLICK_ID_LENGTH);
    }
}
