package dev.attribution.examples.fuzz;

import dev.attribution.conversion.ConversionStatus;
import dev.attribution.postback.Postback;
import dev.attribution.postback.PostbackParser;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

final class Postbacks {
    static final String ID = "efb2a7d2-c01a-4e3f-b8a1-81b4568e9f32";

    private Postbacks() {}

    /** A query of the default format with a click id, near to what senders write. */
    static String query(Choices choices, String id) {
        StringBuilder query = new StringBuilder();
        if (!choices.oneIn(10)) {
            query.append(choices.of("gk_click_id", "gk_click_id", "amp;gk_click_id", "GK_CLICK_ID", "gk%5Fclick_id"))
                    .append('=')
                    .append(choices.near(id));
        }
        for (int i = choices.below(7); i > 0; i--) {
            query.append(choices.of("&", "&", "&amp;", ";", "&&"));
            String name = choices.of(
                    "event_id",
                    "transaction_id",
                    "payout",
                    "currency",
                    "status",
                    "offer_id",
                    "member_id",
                    "x",
                    "gk_click_id");
            query.append(name)
                    .append('=')
                    .append(
                            switch (name) {
                                case "payout" -> choices.near(choices.of("1.50", "-1.50", "0", "-0", "1,50", "1e3"));
                                case "currency" -> choices.near(choices.of("EUR", "usd", "XXX", "EURO"));
                                case "status" ->
                                    choices.near(choices.of("approved", "pending", "Rejected", "hold", "2"));
                                case "transaction_id" -> choices.near(choices.of("t1", "t2"));
                                case "event_id" -> choices.near(choices.of("e1", "e2"));
                                case "gk_click_id" -> choices.near(id);
                                default -> choices.text();
                            });
        }
        return query.toString();
    }

    static void check(Choices choices) {
        String query = query(choices, ID);
        String text = choices.log(
                "postback",
                choices.of("", "", "https://h.com/pb?", "/pb?", "http://h.com/#?", "https://h.com") + query);
        Postback postback = PostbackParser.parse(text);

        Holds.that(postback.query().length() <= PostbackParser.MAX_LENGTH, "a query is bounded");
        postback.clickId()
                .ifPresent(id -> Holds.that(
                        postback.receivedClickId()
                                .orElseThrow()
                                .toLowerCase(Locale.ROOT)
                                .contains(id.value()),
                        "an id was received"));
        postback.payout().ifPresent(payout -> Holds.that(payout.precision() <= 40, "a payout is bounded"));
        for (String note : postback.notes()) {
            Holds.oneLine(note, "a note is one line");
            Holds.that(note.length() < 500, "a note is bounded");
        }
        Holds.same(PostbackParser.parse(text).status(), postback.status(), "the same text is read alike");
        if (text.equals(query) && !postback.truncated() && !query.contains("#") && !query.contains("?")) {
            compare(postback, query);
        }
    }

    /** A plain reader: what it takes for one clear value, the library takes, too. */
    private static void compare(Postback postback, String query) {
        List<String> ids = values(query, "gk_click_id");
        if (Set.copyOf(ids).size() == 1 && ids.get(0).equals(ID)) {
            boolean isClear = onlyOne(
                    query, "offer_id", "member_id", "event_id", "transaction_id", "payout", "currency", "status");
            if (isClear) {
                Holds.same(
                        postback.clickId().map(Object::toString), Optional.of(ID), "the id that a plain reader finds");
            }
        }
        List<String> words = values(query, "status");
        if (postback.problem().isEmpty() && words.size() == 1 && words.get(0).equalsIgnoreCase("rejected")) {
            Holds.that(
                    postback.status().status().equals(Optional.of(ConversionStatus.REVERSED)),
                    "one clear reversal is heard");
        }
    }

    private static boolean onlyOne(String query, String... names) {
        for (String name : names) {
            if (Set.copyOf(values(query, name)).size() > 1) {
                return false;
            }
        }
        return true;
    }

    private static List<String> values(String query, String name) {
        List<String> values = new ArrayList<>();
        for (String part : query.split("&", -1)) {
            int equals = part.indexOf('=');
            String decoded = decoded(equals < 0 ? part : part.substring(0, equals));
            if (decoded.equals(name) || decoded.equals("amp;" + name)) {
                values.add(equals < 0 ? "" : decoded(part.substring(equals + 1)));
            }
        }
        return values;
    }

    static String decoded(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            int high = i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
            int low = i + 2 < bytes.length ? Character.digit(bytes[i + 2], 16) : -1;
            if (bytes[i] == '%' && high >= 0 && low >= 0) {
                out.write(high << 4 | low);
                i += 2;
            } else {
                out.write(bytes[i] == '+' ? ' ' : bytes[i]);
            }
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
