package dev.attribution.testkit.caller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.attribution.postback.Postback;
import dev.attribution.postback.PostbackParameter;
import dev.attribution.postback.PostbackRequest;
import dev.attribution.testkit.caller.RequestParts.RequestPair;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a signature holds together. */
abstract class CoverageContract extends CallerSentences {
    private static final int MAX_BYTES = 2_000;
    private static final List<PostbackParameter> DECISIVE = List.of(
            PostbackParameter.CLICK_ID,
            PostbackParameter.TRANSACTION_ID,
            PostbackParameter.EVENT_ID,
            PostbackParameter.STATUS,
            PostbackParameter.PAYOUT);

    CoverageContract(CallerContract contract) {
        super(contract);
    }

    private List<RequestPair> covered(RequestParts call) {
        List<RequestPair> covered =
                parameters(call).stream().filter(this::isCovered).toList();
        assumeTrue(!covered.isEmpty(), "The signature covers no parameter of the call");
        return covered;
    }

    @Test
    @DisplayName("coverage 1: a call with a covered parameter changed, emptied or removed is refused")
    void refusesAChange() {
        needsSignature();
        RequestParts call = authentic();
        for (RequestPair pair : covered(call)) {
            String value = pair.rawValue();
            assertRefused(call.replaced(pair, pair.withValue(value + "1")), "a longer " + pair.name());
            assertRefused(call.replaced(pair, pair.withName("x" + pair.rawName())), "no " + pair.name());
            assertRefused(call.replaced(pair), "nothing of " + pair.name());
            if (!value.isEmpty()) {
                char other = value.charAt(0) == '1' ? '2' : '1';
                assertRefused(
                        call.replaced(pair, pair.withValue(other + value.substring(1))), "another " + pair.name());
                assertRefused(call.replaced(pair, pair.withValue("")), "an empty " + pair.name());
            }
        }
    }

    @Test
    @DisplayName("coverage 2: a call with a covered parameter given twice is refused")
    void refusesTwice() {
        needsSignature();
        RequestParts call = authentic();
        for (RequestPair pair : covered(call)) {
            RequestPair other = pair.withValue("1" + pair.rawValue());
            RequestPair escaped =
                    other.withName("%" + Integer.toHexString(pair.rawName().charAt(0))
                            + pair.rawName().substring(1));
            assertRefused(call.replaced(pair, pair, pair), pair.name() + " twice");
            assertRefused(call.replaced(pair, pair, other), "another " + pair.name() + " after it");
            assertRefused(call.replaced(pair, other, pair), "another " + pair.name() + " before it");
            assertRefused(call.replaced(pair, escaped, pair), "another " + pair.name() + " with an escape");
        }
    }

    @Test
    @DisplayName(
            "coverage 3: a call with a character moved from one parameter to another is refused, or neither is covered")
    void refusesAShiftedBorder() {
        needsSignature();
        RequestParts call = authentic();
        List<RequestPair> pairs = parameters(call);
        assumeTrue(pairs.size() > 1, "The call has less than two parameters");
        for (RequestPair from : pairs) {
            for (RequestPair to : pairs) {
                String value = from.rawValue();
                if (from.equals(to) || !value.matches("[A-Za-z0-9._-]+") || !(isCovered(from) || isCovered(to))) {
                    continue;
                }
                String how = "a character moved from " + from.name() + " to " + to.name();
                int last = value.length() - 1;
                assertRefused(
                        call.replaced(from, from.withValue(value.substring(0, last)))
                                .replaced(to, to.withValue(value.charAt(last) + to.rawValue())),
                        how);
                assertRefused(
                        call.replaced(from, from.withValue(value.substring(1)))
                                .replaced(to, to.withValue(to.rawValue() + value.charAt(0))),
                        how);
                if (!value.equals(to.rawValue())) {
                    assertRefused(
                            call.replaced(from, from.withValue(to.rawValue())).replaced(to, to.withValue(value)),
                            from.name() + " and " + to.name() + " exchanged");
                }
            }
        }
    }

    @Test
    @DisplayName("coverage 4: a call with its parameters in another order or encoding is refused or says the same")
    void anotherOrderSaysTheSame() {
        needsSignature();
        RequestParts call = authentic();
        List<RequestPair> pairs = parameters(call);
        assumeTrue(!pairs.isEmpty(), "The call has no parameters");
        List<RequestPair> reversed = new ArrayList<>(pairs);
        Collections.reverse(reversed);
        List<RequestPair> reordered = new ArrayList<>();
        int next = 0;
        for (RequestPair pair : call.pairs()) {
            reordered.add(pairs.contains(pair) ? reversed.get(next++) : pair);
        }
        assertSaysTheSame(call, call.withPairs(reordered), "another order", false);
        for (RequestPair pair : pairs) {
            String value = pair.rawValue();
            if (value.isEmpty()) {
                continue;
            }
            String escape = Integer.toHexString(value.charAt(0));
            for (String other : List.of(
                    "%" + escape + value.substring(1),
                    "%25" + escape + value.substring(1),
                    value.toLowerCase(Locale.ROOT),
                    value.toUpperCase(Locale.ROOT),
                    value.replace("%20", "+"),
                    value.replace("+", "%20"),
                    value + "%00",
                    " " + value)) {
                assertSaysTheSame(call, pair, other);
            }
        }
    }

    /** What is not signed may make a status unknown, which credits nothing, but may not make it another one. */
    private void assertSaysTheSame(RequestParts call, RequestPair pair, String value) {
        RequestParts changed = call.replaced(pair, pair.withValue(value));
        boolean mayBeUnknown = !isCovered(pair)
                && caller().read(changed.build()).status().unknown().isPresent();
        assertSaysTheSame(call, changed, pair.name() + "=" + value, mayBeUnknown);
    }

    private void assertSaysTheSame(RequestParts call, RequestParts changed, String how, boolean mayBeUnknown) {
        PostbackRequest other = changed.build();
        if (isAuthentic(other)) {
            assertThat(said(other, mayBeUnknown))
                    .as("what a call says with %s", how)
                    .isEqualTo(said(call.build(), mayBeUnknown));
        }
    }

    /** What is covered of that what a call says. */
    private List<Object> said(PostbackRequest call, boolean withoutStatus) {
        Postback postback = caller().read(call);
        List<Object> said = new ArrayList<>();
        for (PostbackParameter parameter : DECISIVE) {
            boolean isCovered = caller().parameterName(parameter)
                    .filter(name -> contract.coverage().covers(name)
                            && !contract.coverage().isOfSender())
                    .isPresent();
            if (isCovered && !(withoutStatus && parameter == PostbackParameter.STATUS)) {
                said.add(Objects.requireNonNull(
                        switch (parameter) {
                            case CLICK_ID -> postback.clickId();
                            case TRANSACTION_ID -> postback.transactionId();
                            case EVENT_ID -> postback.eventId();
                            case STATUS -> postback.status();
                            default -> postback.payout();
                        }));
            }
        }
        return said;
    }

    @Test
    @DisplayName("coverage 5: a call with an encoded delimiter of a value decoded is refused or says the same")
    void aDecodedDelimiterSaysTheSame() {
        needsSignature();
        assumeTrue(
                caller().parameterName(PostbackParameter.TRANSACTION_ID).isPresent(),
                "The caller has no transaction id");
        String transactionId = "T1&a=1";
        RequestParts call;
        try {
            call = RequestParts.of(contract.sign(contract.message(CLICK, transactionId)));
        } catch (IllegalArgumentException e) {
            assumeTrue(false, "The scheme cannot sign a transaction id with delimiters: " + e.getMessage());
            return;
        }
        assumeTrue(isAuthentic(call.build()), "The scheme cannot sign a transaction id with delimiters");
        assertThat(caller().read(call.build()).transactionId())
                .as("the transaction id, which message(…) must encode")
                .contains(transactionId);
        List<RequestPair> encoded = parameters(call).stream()
                .filter(pair -> pair.rawValue().contains("%26"))
                .toList();
        assumeTrue(!encoded.isEmpty(), "The transaction id is not in a parameter");
        for (RequestPair pair : encoded) {
            String decoded = RequestParts.decoded(pair.rawValue());
            assertSaysTheSame(call, pair, decoded);
        }
    }

    @Test
    @DisplayName("coverage 6: a call with a covered parameter added to its query is refused")
    void refusesAnAddition() {
        needsSignature();
        RequestParts call = authentic();
        List<String> given = call.pairs().stream().map(RequestPair::name).toList();
        List<RequestPair> added = Arrays.stream(PostbackParameter.values())
                .flatMap(parameter -> caller().parameterName(parameter).stream())
                .filter(name -> !given.contains(name) && contract.coverage().covers(name))
                .map(name -> new RequestPair(false, name, "=", "1"))
                .toList();
        assumeTrue(!added.isEmpty(), "The call has every parameter that is covered");
        for (RequestPair pair : added) {
            for (int i = 0; i <= call.pairs().size(); i++) {
                List<RequestPair> pairs = new ArrayList<>(call.pairs());
                pairs.add(i, pair);
                assertRefused(call.withPairs(pairs), pair.name() + " added");
            }
        }
    }

    @Test
    @DisplayName(
            "coverage 7: a parameter that the signature does not cover is one that the caller declares as unsigned")
    void knowsWhatIsUnsigned() {
        needsVerifier();
        assumeTrue(
                !caller().verifier().coverage().isOfSender(),
                "The verifier checks a secret or an address, which covers all");
        for (PostbackParameter parameter : DECISIVE) {
            caller().parameterName(parameter)
                    .filter(name -> !contract.coverage().covers(name))
                    .ifPresent(name -> assertThat(caller().unsigned())
                            .as("what is unsigned")
                            .contains(parameter));
        }
    }

    @Test
    @DisplayName("coverage 8: a call with a byte of its signed body changed, added or removed is refused")
    void refusesAChangeOfTheBody() {
        needsSignature();
        RequestParts call = authentic();
        boolean isSigned = caller().parameterName(PostbackParameter.CLICK_ID)
                .filter(name -> contract.coverage().covers(name, true) && call.body().length > 0)
                .isPresent();
        assumeTrue(isSigned && !call.hasForm(), "The call has no body that is signed, other than a form");
        byte[] body = call.body();
        for (int i = 0; i < Math.min(body.length, MAX_BYTES); i++) {
            byte[] changed = body.clone();
            changed[i] ^= 1;
            assertRefused(call.withBody(changed), "another byte " + i + " of the body");
        }
        byte[] longer = Arrays.copyOf(body, body.length + 1);
        longer[body.length] = ' ';
        assertRefused(call.withBody(longer), "a longer body");
        assertRefused(call.withBody(Arrays.copyOf(body, body.length - 1)), "a shorter body");
    }
}
