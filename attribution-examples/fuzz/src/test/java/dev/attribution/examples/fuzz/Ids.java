package dev.attribution.examples.fuzz;

import dev.attribution.AttributionException;
import dev.attribution.InvalidIdException;
import dev.attribution.click.ClickContext;
import dev.attribution.click.ClickId;
import dev.attribution.click.StoredContext;
import dev.attribution.postback.PostbackRequest;
import dev.attribution.postback.PostbackVerifier;
import dev.attribution.report.Cursor;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

final class Ids {
    private static final Pattern UUID = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    private static final StoredContext TRUNCATED =
            StoredContext.builder().ipv4Bytes(2).ipv6Bits(48).build();
    private static final PostbackVerifier OURS = PostbackVerifier.addresses("203.0.113.0/24", "2001:db8::/32");

    private Ids() {}

    static void check(Choices choices) {
        switch (choices.below(3)) {
            case 0 -> clickId(choices.log("id", choices.near(Postbacks.ID)));
            case 1 -> cursor(choices);
            default ->
                address(choices.log(
                        "address",
                        choices.near(choices.of(
                                "203.0.113.9",
                                "2001:db8::1",
                                "::ffff:203.0.113.9",
                                "2001:db8:1:2:3:4:5:6",
                                "fe80::1%eth0"))));
        }
    }

    private static void clickId(String text) {
        try {
            Holds.same(ClickId.parse(text).value(), text.toLowerCase(Locale.ROOT), "an id is printed in lower case");
            Holds.that(UUID.matcher(text).matches(), "an id is a canonical UUID");
        } catch (InvalidIdException e) {
            Holds.that(!UUID.matcher(text).matches(), "a canonical UUID is an id");
            Holds.oneLine(e.getMessage(), "the message is printable");
        }
    }

    private static void cursor(Choices choices) {
        String text = choices.log(
                "cursor",
                choices.near(new Cursor(
                                Instant.EPOCH.plusSeconds(choices.below(60_000)),
                                ClickId.parse(Postbacks.ID).uuid())
                        .toString()));
        try {
            Holds.same(Cursor.parse(Cursor.parse(text).toString()), Cursor.parse(text), "a cursor is read back");
        } catch (AttributionException e) {
            Holds.oneLine(e.getMessage(), "the message is printable");
        }
    }

    private static void address(String text) {
        ClickContext context = ClickContext.builder().ip(text).build();
        Optional<String> stored = TRUNCATED.of(context).ip();
        stored.ifPresent(ip -> {
            Holds.that(ip.matches("[0-9]+\\.[0-9]+\\.0\\.0|[0-9a-f:]*::"), "a stored address is cut: " + ip);
            Holds.same(
                    TRUNCATED.of(ClickContext.builder().ip(ip).build()).ip(), stored, "a cut address stays as it is");
        });
        OURS.verify(PostbackRequest.get("https://h.com/pb").remoteAddress(text).build(), Instant.EPOCH);
    }
}
