package dev.attribution.postback;

import dev.attribution.AttributionException;
import java.util.List;

/** The description of a {@link Caller} contradicts itself or trusts what its verifier does not cover. Lists all problems. */
public final class InvalidCallerException extends AttributionException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    InvalidCallerException(String caller, List<String> problems) {
        super("The caller '" + caller + "' cannot be used:\n* " + String.join("\n* ", problems));
        this.problems = List.copyOf(problems);
    }

    /** {@return the problems, each with its remedy; without a secret} */
    public List<String> problems() {
        return problems;
    }
}
