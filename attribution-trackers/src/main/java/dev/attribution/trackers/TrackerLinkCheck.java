package dev.attribution.trackers;

import dev.attribution.link.LinkProblem;
import dev.attribution.link.LinkProblem.ProblemKind;
import dev.attribution.trackers.LinkValues.LinkValue;
import java.util.ArrayList;
import java.util.List;

/** The rules of one tracker for a tracking link, in addition to the common rules. */
record TrackerLinkCheck(String tracker, List<LinkParameter> parameters, boolean httpsOnly) {
    private static final String MACRO = "{gk_click_id}";

    List<LinkProblem> check(String link) {
        List<LinkProblem> problems = new ArrayList<>();
        if (httpsOnly && link.regionMatches(true, 0, "http:", 0, 5)) {
            problems.add(new LinkProblem(
                    ProblemKind.SCHEME_NOT_ALLOWED, 0, tracker + " takes clicks over https only", "write https://"));
        }
        LinkValues values = LinkValues.of(link);
        for (LinkParameter parameter : parameters) {
            List<LinkValue> given = values.named(parameter.name());
            if (parameter.carriesClickId()) {
                checkClickId(link, parameter, given, problems);
            }
            if (parameter.maxLength() > 0) {
                given.forEach(value -> checkLength(parameter, value, problems));
            }
        }
        return problems;
    }

    private void checkClickId(String link, LinkParameter parameter, List<LinkValue> given, List<LinkProblem> problems) {
        if (given.isEmpty()) {
            int hash = link.indexOf('#');
            problems.add(new LinkProblem(
                    ProblemKind.CLICK_ID_MISSING,
                    hash < 0 ? link.length() : hash,
                    tracker + " needs the click id in " + parameter.name(),
                    "add " + parameter.name() + "=" + MACRO));
        }
        for (LinkValue value : given) {
            if (!value.value().equals(MACRO)) {
                problems.add(new LinkProblem(
                        ProblemKind.CLICK_ID_MISPLACED,
                        value.position(),
                        parameter.name() + " must hold the click id and nothing else, so that " + tracker
                                + " returns and reports it",
                        "write " + parameter.name() + "=" + MACRO));
            }
        }
    }

    private void checkLength(LinkParameter parameter, LinkValue value, List<LinkProblem> problems) {
        boolean holdsClickId = value.value().contains(MACRO);
        int length = value.value()
                .replace(MACRO, "x".repeat(LinkValues.CLICK_ID_LENGTH))
                .length();
        if (length > parameter.maxLength()) {
            problems.add(new LinkProblem(
                    holdsClickId ? ProblemKind.CLICK_ID_MISPLACED : ProblemKind.TOO_LONG,
                    value.position(),
                    tracker + " keeps " + parameter.maxLength() + " characters of " + parameter.name()
                            + ", and this has " + length,
                    holdsClickId
                            ? "put the click id into "
                                    + parameters.stream()
                                            .filter(LinkParameter::carriesClickId)
                                            .map(LinkParameter::name)
                                            .findFirst()
                                            .orElseThrow()
                                    + " instead"
                            : "shorten it"));
        }
    }
}
