package dev.attribution.trackers;

import dev.attribution.link.InvalidTrackingLinkException;
import dev.attribution.link.LinkProblem;
import dev.attribution.link.LinkRules;
import dev.attribution.link.LinkTemplater;
import dev.attribution.postback.Answers;
import dev.attribution.postback.PostbackParameter;
import dev.attribution.reconcile.TrackerRow;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A tracking system: the parameters of its links that carry the click id, the postback URL that its user pastes, the answers
 * that it expects, and the format of its exports.
 *
 * <p>Immutable and thread-safe. {@link #appsFlyer()}, {@link #tune()} and {@link #everflow()} need no description; describe
 * any other with {@link #named}.
 */
public final class Tracker {
    private final String name;
    private final List<LinkParameter> parameters;
    private final boolean httpsOnly;
    private final Map<PostbackParameter, String> macros;
    private final Answers answers;
    private final ExportFormat format;

    private Tracker(Builder builder) {
        this.name = builder.name;
        this.parameters = List.copyOf(builder.parameters.values());
        this.httpsOnly = builder.httpsOnly;
        this.macros = Collections.unmodifiableMap(new EnumMap<>(builder.macros));
        this.answers = builder.answers;
        this.format = Objects.requireNonNull(builder.format, "a tracker needs an export(…) format");
    }

    /**
     * Returns AppsFlyer. The click id stands in {@code clickid}, which its postbacks return, and in {@code af_sub1}, which
     * its raw data shows.
     *
     * @return the tracker
     */
    public static Tracker appsFlyer() {
        return Presets.APPSFLYER;
    }

    /**
     * Returns TUNE (HasOffers), in which we are a partner. The click id stands in {@code aff_sub}.
     *
     * @return the tracker
     */
    public static Tracker tune() {
        return Presets.TUNE;
    }

    /**
     * Returns Everflow, in which we are a partner. The click id stands in {@code sub1}.
     *
     * @return the tracker
     */
    public static Tracker everflow() {
        return Presets.EVERFLOW;
    }

    /**
     * Starts the description of a tracker.
     *
     * @param name what findings and messages call it
     * @return a new builder
     */
    public static Builder named(String name) {
        return new Builder(name);
    }

    /**
     * Starts a description from this one, to change some of it.
     *
     * @return a new builder
     */
    public Builder toBuilder() {
        Builder builder = new Builder(name);
        parameters.forEach(parameter -> builder.parameters.put(parameter.name(), parameter));
        builder.httpsOnly = httpsOnly;
        builder.macros.putAll(macros);
        builder.answers = answers;
        builder.format = format;
        return builder;
    }

    /**
     * {@return the tracker's name}
     */
    public String name() {
        return name;
    }

    /**
     * Returns the link parameters that must carry the click id.
     *
     * @return their names, such as {@code clickid} and {@code af_sub1}
     */
    public List<String> clickIdParameters() {
        return parameters.stream()
                .filter(LinkParameter::carriesClickId)
                .map(LinkParameter::name)
                .toList();
    }

    /**
     * Completes a link of the tracker to a tracking link: adds the parameters that must carry the click id.
     *
     * @param link the tracker's link, without them
     * @return the link with <code>{gk_click_id}</code> in each of them
     * @throws InvalidTrackingLinkException if the result is not sound for this tracker; it lists every problem
     */
    public String trackingLink(String link) {
        if (link.length() > LinkTemplater.MAX_LENGTH) {
            throw new InvalidTrackingLinkException(check(link));
        }
        int hash = link.indexOf('#');
        String fragment = hash < 0 ? "" : link.substring(hash);
        StringBuilder complete = new StringBuilder(hash < 0 ? link : link.substring(0, hash));
        for (String parameter : clickIdParameters()) {
            if (LinkValues.of(complete.toString()).named(parameter).isEmpty()) {
                char last = complete.length() == 0 ? '?' : complete.charAt(complete.length() - 1);
                complete.append(complete.indexOf("?") < 0 ? "?" : last == '?' || last == '&' ? "" : "&")
                        .append(parameter)
                        .append("={gk_click_id}");
            }
        }
        String whole = complete.append(fragment).toString();
        List<LinkProblem> problems = check(whole);
        if (!problems.isEmpty()) {
            throw new InvalidTrackingLinkException(problems);
        }
        return whole;
    }

    /**
     * Checks a tracking link against the common rules and those of this tracker.
     *
     * @param trackingLink the link with its macros
     * @return every problem in the order of their positions; empty if the link is sound
     */
    public List<LinkProblem> check(String trackingLink) {
        return check(trackingLink, LinkTemplater.standard(), LinkRules.common());
    }

    /**
     * Checks a tracking link of a host that registers macros or allows more than the common rules do.
     *
     * @param trackingLink the link with its macros
     * @param templater knows the macros
     * @param rules what the link may do beyond the common rules
     * @return every problem in the order of their positions; empty if the link is sound
     */
    public List<LinkProblem> check(String trackingLink, LinkTemplater templater, LinkRules rules) {
        List<LinkProblem> problems = new ArrayList<>(templater.check(trackingLink, rules));
        if (trackingLink.length() <= LinkTemplater.MAX_LENGTH) { // else it is refused anyway
            problems.addAll(new TrackerLinkCheck(name, parameters, httpsOnly).check(trackingLink));
        }
        problems.sort((one, other) -> Integer.compare(one.position(), other.position()));
        return List.copyOf(problems);
    }

    /**
     * Returns the postback URL for the tracker's user to paste, in the tracker's own macros.
     *
     * @param endpoint where the host takes postbacks, such as {@code https://api.example.com/postback}; its query is kept,
     *     and a parameter that it contains, such as a fixed event, gets no macro
     * @return the URL
     * @throws IllegalArgumentException if the endpoint is not an {@code http} or {@code https} URL, has a fragment, contains
     *     the click id, or is longer than {@value LinkTemplater#MAX_LENGTH} UTF-16 units
     */
    public String postbackUrl(String endpoint) {
        Map<String, String> byName = new LinkedHashMap<>();
        macros.forEach((parameter, macro) -> byName.put(parameter.parameterName(), macro));
        return PastedUrl.of(endpoint, PostbackParameter.CLICK_ID.parameterName(), byName);
    }

    Map<PostbackParameter, String> postbackMacros() {
        return macros;
    }

    /**
     * {@return the answers that the tracker expects}
     */
    public Answers answers() {
        return answers;
    }

    /**
     * {@return the format of the tracker's exports}
     */
    public ExportFormat exportFormat() {
        return format;
    }

    /**
     * Returns a reader of an export; nothing is opened yet.
     *
     * @param file the file
     * @return the reader
     */
    public ExportReader export(Path file) {
        return ExportReader.of(format, file);
    }

    /** Builds a {@link Tracker}. Not thread-safe. */
    public static final class Builder {
        private final String name;
        private final Map<String, LinkParameter> parameters = new LinkedHashMap<>();
        private boolean httpsOnly;
        private final Map<PostbackParameter, String> macros = new EnumMap<>(PostbackParameter.class);
        private Answers answers = Answers.byStatus();
        private @Nullable ExportFormat format;

        private Builder(String name) {
            this.name = Objects.requireNonNull(name, "name");
        }

        /**
         * Names a link parameter that must carry the click id.
         *
         * @param parameter its name
         * @return this builder
         * @throws IllegalArgumentException if the click id does not fit into the limit of the parameter
         */
        public Builder clickIdIn(String parameter) {
            LinkParameter limited = parameters.get(parameter);
            return with(new LinkParameter(parameter, limited == null ? 0 : limited.maxLength(), true));
        }

        /**
         * Limits a link parameter.
         *
         * @param parameter its name
         * @param maxLength the longest value that the tracker keeps, at least 1
         * @return this builder
         * @throws IllegalArgumentException if it is below 1, or if the click id must stand in the parameter but does not fit
         */
        public Builder limit(String parameter, int maxLength) {
            if (maxLength < 1) {
                throw new IllegalArgumentException("A limit is 1 or more, not " + maxLength);
            }
            LinkParameter known = parameters.get(parameter);
            return with(new LinkParameter(parameter, maxLength, known != null && known.carriesClickId()));
        }

        private Builder with(LinkParameter parameter) {
            if (parameter.carriesClickId()
                    && parameter.maxLength() > 0
                    && parameter.maxLength() < LinkValues.CLICK_ID_LENGTH) {
                throw new IllegalArgumentException("A click id of " + LinkValues.CLICK_ID_LENGTH
                        + " characters does not fit into " + parameter.name());
            }
            parameters.put(parameter.name(), parameter);
            return this;
        }

        /**
         * Requires links to be {@code https}.
         *
         * @return this builder
         */
        public Builder httpsOnly() {
            this.httpsOnly = true;
            return this;
        }

        /**
         * Sets the macro with which the tracker's postback returns a parameter.
         *
         * @param parameter the name of a parameter of our postback, such as {@code gk_click_id} or {@code payout}
         * @param macro the tracker's macro, such as {@code (clickid)}
         * @return this builder
         * @throws IllegalArgumentException if a postback has no such parameter
         */
        public Builder postbackMacro(String parameter, String macro) {
            for (PostbackParameter known : PostbackParameter.values()) {
                if (known.parameterName().equals(parameter)) {
                    return postbackMacro(known, macro);
                }
            }
            throw new IllegalArgumentException("A postback has the parameters "
                    + Arrays.stream(PostbackParameter.values())
                            .map(PostbackParameter::parameterName)
                            .toList()
                    + ", not '" + TrackerRow.quoted(parameter) + "'");
        }

        Builder postbackMacro(PostbackParameter parameter, String macro) {
            macros.put(parameter, Objects.requireNonNull(macro, "macro"));
            return this;
        }

        /**
         * Sets the answers that the tracker expects. The default is by status.
         *
         * @param answers the answers
         * @return this builder
         */
        public Builder answers(Answers answers) {
            this.answers = Objects.requireNonNull(answers, "answers");
            return this;
        }

        /**
         * Sets the format of the tracker's exports. Required.
         *
         * @param format the format
         * @return this builder
         */
        public Builder export(ExportFormat format) {
            this.format = Objects.requireNonNull(format, "format");
            return this;
        }

        /**
         * Builds the tracker.
         *
         * @return a new tracker
         * @throws NullPointerException if there is no export format
         * @throws IllegalArgumentException if no link parameter carries the click id, or no postback macro returns it
         */
        public Tracker build() {
            if (parameters.values().stream().noneMatch(LinkParameter::carriesClickId)
                    || !macros.containsKey(PostbackParameter.CLICK_ID)) {
                throw new IllegalArgumentException(
                        "A tracker says with clickIdIn(…) where a link carries the click id, and"
                                + " with postbackMacro(\"gk_click_id\", …) how its postback returns it");
            }
            return new Tracker(this);
        }
    }
}
