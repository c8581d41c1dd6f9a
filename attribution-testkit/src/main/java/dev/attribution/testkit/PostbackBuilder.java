package dev.attribution.testkit;

import dev.attribution.click.ClickId;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Builds postbacks as trackers call them, in the default format, percent-encoded. Setting a parameter again replaces it.
 * Not thread-safe.
 */
public final class PostbackBuilder {
    private static final String URL = "https://api.example.com/postback";

    private final Map<String, String> parameters = new LinkedHashMap<>();

    private PostbackBuilder(String clickId) {
        parameters.put("gk_click_id", Objects.requireNonNull(clickId, "clickId"));
    }

    /**
     * Starts a postback with nothing but the click id.
     *
     * @param clickId the click id
     * @return a new builder
     */
    public static PostbackBuilder forClick(ClickId clickId) {
        return forClick(clickId.value());
    }

    /**
     * Starts a postback with nothing but a click id, which may be none: a macro left unexpanded, a text cut off.
     *
     * @param clickId what stands for the click id
     * @return a new builder
     */
    public static PostbackBuilder forClick(String clickId) {
        return new PostbackBuilder(clickId);
    }

    /**
     * Starts a postback such as AppsFlyer fires for an in-app event, with parameters besides that a host may have asked
     * for: {@code af_sub1} (the click id once more), {@code app_id}, {@code ip}.
     *
     * @param clickId the click id
     * @return a new builder
     */
    public static PostbackBuilder fromAppsFlyer(ClickId clickId) {
        return forClick(clickId)
                .event("win_10_games")
                .with("af_sub1", clickId.value())
                .with("app_id", "com.example.game")
                .with("ip", "203.0.113.7");
    }

    /**
     * Starts a postback such as TUNE fires for a goal, with its number as event, a transaction id and a payout, and
     * parameters besides that a host may have asked for: {@code aff_id}, {@code aff_sub2}.
     *
     * @param clickId the click id, which stands in TUNE's {@code aff_sub}
     * @return a new builder
     */
    public static PostbackBuilder fromTune(ClickId clickId) {
        return forClick(clickId)
                .event("26")
                .transaction("102f5a8c1c2bd1a8d6f1f9f3d1c9a7")
                .payout("4.50", "USD")
                .with("aff_id", "2002")
                .with("aff_sub2", "spring");
    }

    /**
     * Starts a postback such as Everflow fires, with a transaction id of its own and {@code sub2} besides, which a host may
     * have asked for.
     *
     * @param clickId the click id, which stands in Everflow's {@code sub1}
     * @return a new builder
     */
    public static PostbackBuilder fromEverflow(ClickId clickId) {
        return forClick(clickId).transaction("6a0c1d2e3f4051627384950a1b2c3d4e").with("sub2", "spring");
    }

    /**
     * Sets the event.
     *
     * @param eventId the {@code event_id}
     * @return this builder
     */
    public PostbackBuilder event(String eventId) {
        return with("event_id", eventId);
    }

    /**
     * Sets the tracker's own id of what happened, by which a replay is recognised.
     *
     * @param transactionId the {@code transaction_id}
     * @return this builder
     */
    public PostbackBuilder transaction(String transactionId) {
        return with("transaction_id", transactionId);
    }

    /**
     * Sets the offer that the tracker believes was clicked.
     *
     * @param offerId the {@code offer_id}
     * @return this builder
     */
    public PostbackBuilder offer(String offerId) {
        return with("offer_id", offerId);
    }

    /**
     * Sets the member who the tracker believes clicked.
     *
     * @param memberId the {@code member_id}
     * @return this builder
     */
    public PostbackBuilder member(String memberId) {
        return with("member_id", memberId);
    }

    /**
     * Sets the amount.
     *
     * @param amount the {@code payout}
     * @param currency the {@code currency}
     * @return this builder
     */
    public PostbackBuilder payout(String amount, String currency) {
        return with("payout", amount).with("currency", currency);
    }

    /**
     * Sets a parameter.
     *
     * @param name its name
     * @param value its value, not encoded
     * @return this builder
     */
    public PostbackBuilder with(String name, String value) {
        parameters.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
        return this;
    }

    /**
     * Returns the postback as the URL that the tracker calls.
     *
     * @return an absolute URL
     */
    public String url() {
        return URL + "?" + query();
    }

    /**
     * Returns the postback as its raw query.
     *
     * @return the query, without {@code ?}
     */
    public String query() {
        return parameters.entrySet().stream()
                .map(parameter -> encoded(parameter.getKey()) + "=" + encoded(parameter.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /**
     * Returns the postback as the URL that the tracker calls.
     *
     * @return the same as {@link #url()}
     */
    @Override
    public String toString() {
        return url();
    }
}
