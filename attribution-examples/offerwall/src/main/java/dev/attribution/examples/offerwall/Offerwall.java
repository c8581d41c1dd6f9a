package dev.attribution.examples.offerwall;

import dev.attribution.Attribution;
import dev.attribution.click.ClickRequest;
import dev.attribution.click.Redirect;
import dev.attribution.history.HistoryEntry;
import dev.attribution.memory.InMemoryAttributionStore;
import dev.attribution.offer.Offer;
import dev.attribution.postback.Caller;
import dev.attribution.postback.HttpAnswer;
import dev.attribution.postback.PostbackOutcome;
import dev.attribution.postback.PostbackRequest;
import dev.attribution.postback.Reason;
import dev.attribution.trackers.CallerPreset;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The life of a conversion of an offerwall, described by a preset: a click, a signed credit, a repeat, a forgery, a reversal. */
public final class Offerwall {
    private static final String SECRET = "the secret that TimeWall shows";
    private static final String ENDPOINT = "https://api.example.com/timewall";

    private final PrintStream out;
    private final CallerPreset preset = CallerPreset.timeWall().secrets(SECRET);
    private final Caller timeWall = preset.caller();
    private final Attribution attribution =
            Attribution.builder(new InMemoryAttributionStore()).build();

    private Offerwall(PrintStream out) {
        this.out = out;
    }

    /**
     * Runs the example.
     *
     * @param args nothing
     */
    public static void main(String[] args) {
        new Offerwall(System.out).run();
    }

    private void run() {
        title("1. What is known of the caller");
        out.println("paste: " + preset.postbackUrl(ENDPOINT));
        out.println("signature: " + preset.recipe());
        out.println("covered: " + preset.covered() + ", not covered: " + preset.unsigned());
        out.println("not known: " + preset.unknowns());

        title("2. A click: the wall gets the click id as its user id");
        attribution
                .offers()
                .put(Offer.builder("wall")
                        .trackingLink("https://wall.example.com/?userID={gk_click_id}")
                        .acceptedCallers(timeWall.name())
                        .build());
        Redirect redirect = attribution.click(ClickRequest.of("wall", "member-7"));
        out.println("302 Location: " + redirect.location());

        title("3. A signed call credits, and a repeat does not");
        String credit = call(redirect.clickId().toString(), "1.50");
        answer(credit);
        answer(credit);

        title("4. The same signature with another amount");
        answer(credit.replace("1.50", "9.50"));

        title("5. A negative amount reverses");
        answer(call(redirect.clickId().toString(), "-1.50"));

        title("6. What happened to the click");
        for (HistoryEntry entry : attribution.trace(redirect.clickId()).history()) {
            out.println(entry.severity() + " " + entry.kind()
                    + entry.reason().map(reason -> " " + reason).orElse("") + " by " + entry.caller());
        }
        attribution
                .trace(redirect.clickId())
                .conversions()
                .forEach(conversion ->
                        out.println("conversion of " + conversion.memberId() + ": " + conversion.status()));
    }

    /** Your handler of HTTP requests does this, and catches what the page on postback URLs shows. */
    private void answer(String url) {
        PostbackRequest call = PostbackRequest.get(url).build();
        PostbackOutcome outcome = attribution.from(timeWall).postback(call);
        HttpAnswer answer = timeWall.answers().to(outcome, call);
        out.println(answer.status() + " " + answer.body()
                + outcome.reason()
                        .map(Reason::explanation)
                        .map(text -> ": " + text)
                        .orElse(""));
    }

    /** A call as the wall writes it. */
    private static String call(String userId, String revenue) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest((userId + revenue + SECRET).getBytes(StandardCharsets.UTF_8));
            return ENDPOINT + "?userID=" + userId + "&transactionID=tx-1&revenue=" + revenue
                    + "&currencyAmount=150&hash=" + HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256", e);
        }
    }

    private void title(String title) {
        out.println();
        out.println(title);
    }
}
