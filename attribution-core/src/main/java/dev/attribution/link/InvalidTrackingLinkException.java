package dev.attribution.link;

import dev.attribution.AttributionException;
import java.util.List;
import java.util.stream.Collectors;

/** A tracking link that would lose the click id or lead to another place. The exception lists all problems of the link. */
public final class InvalidTrackingLinkException extends AttributionException {
    private static final long serialVersionUID = 1L;
    private static final int MAX_SHOWN = 20;

    private final List<LinkProblem> problems;

    /**
     * Creates an exception.
     *
     * @param problems the problems, at least one
     */
    public InvalidTrackingLinkException(List<LinkProblem> problems) {
        super(message(problems));
        this.problems = List.copyOf(problems);
    }

    private static String message(List<LinkProblem> problems) {
        return problems.stream()
                .limit(MAX_SHOWN)
                .map(problem -> "\n  " + problem)
                .collect(Collectors.joining(
                        "",
                        "The tracking link has " + problems.size()
                                + (problems.size() == 1 ? " problem:" : " problems:"),
                        problems.size() > MAX_SHOWN ? "\n  … and " + (problems.size() - MAX_SHOWN) + " more" : ""));
    }

    /** {@return every problem, in the order of their positions} */
    public List<LinkProblem> problems() {
        return problems;
    }
}
