package dev.attribution.testkit;

import dev.attribution.click.ClickId;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * A builder of postbacks as trackers send them, in the default format and percent-encoded. Setting a parameter again
 * replaces its value. Not thread-safe.
 */
public final class PostbackBuilder {
    private static final String URL = "https://api.example.com/postback";

    private final Map<String, String> parameters = new LinkedHashMap<>();

    private PostbackBuilder(String clickId) {
        parameters.put("gk_click_id", Objects.requireNonNull(clickId, "clickId"));
    }

    /**
     * Starts a postback that contains only the click id.
     *
     * @param clickId the click id
     * @return a new builder
     */
    public static PostbackBuilder forClick(ClickId clickId) {
        return forClick(clickId.value());
    }

    /**
     * Starts a postback that contains only a click id, which may be invalid: a macro that was not expanded, a truncated
     * text.
     *
     * @param clickId the text in place of the click id
     * @return a new builder
     */
    public static PostbackBuilder forClick(String clickId) {
        return new PostbackBuilder(clickId);
    }

    /**
     * Starts a postback like those that AppsFlyer sends for an in-app event, with additional parameters that a host may
     * have configured: {@code af_sub1} (the click id again), {@code app_id}, {@code ip}.
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
     * Starts a postback like those that TUNE sends for a goal: the goal's number as the event, a transaction id, a
     * payout, and additional parameters that a host may have configured: {@code aff_id}, {@code aff_sub2}.
     *
     * @param clickId the click id, which TUNE keeps in {@code aff_sub}
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
     * Starts a postback like those that Everflow sends, with Everflow's transaction id and the additional parameter
     * {@code sub2}, which a host may have configured.
     *
     * @param clickId the click id, which Everflow keeps in {@code sub1}
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
     * Sets the tracker's own id of the conversion, by which replays are recognised.
     *
     * @param transactionId the {@code transaction_id}
     * @return this builder
     */
    public PostbackBuilder transaction(String transactionId) {
        return with("transaction_id", transactionId);
    }

    /**
     * Sets the offer that the tracker reports.
     *
     * @param offerId the {@code offer_id}
     * @return this builder
     */
    public PostbackBuilder offer(String offerId) {
        return with("offer_id", offerId);
    }

    /**
     * Sets the member that the tracker reports.
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
     * Sets what the postback says about the conversion.
     *
     * @param status the {@code status}: a word such as {@code pending}, {@code approved} or {@code reversed}
     * @return this builder
     */
    public PostbackBuilder status(String status) {
        return with("status", status);
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
     * {@return the postback as the absolute URL that the tracker calls}
     */
    public String url() {
        return URL + "?" + query();
    }

    /**
     * {@return the postback as a raw query, without the question mark}
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
     * {@return the postback as {@link #url()} does}
     */
    @Override
    public String toString() {
        return url();
    }
}
