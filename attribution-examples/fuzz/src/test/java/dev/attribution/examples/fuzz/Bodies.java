package dev.attribution.examples.fuzz;

import dev.attribution.postback.BodyReader.BodyField;
import dev.attribution.postback.PostbackRequest;
import dev.attribution.trackers.JsonBodies;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

final class Bodies {
    private static final JsonBodies OBJECT = JsonBodies.object()
            .field("id", "id")
            .field("tx", "data", "tx")
            .field("sum", "sum")
            .forNames(Set.of("id", "tx", "sum"));
    private static final JsonBodies EVENTS =
            JsonBodies.events("events").field("id", "id").forNames(Set.of("id"));

    private Bodies() {}

    static void check(Choices choices) {
        String id = choices.text();
        String tx = choices.near("t1");
        String document = "{" + choices.of("", "\"other\":[1,{\"id\":2}],") + "\"id\":" + quoted(id)
                + ",\"data\":{\"tx\":" + quoted(tx)
                + choices.of("", ",\"deep\":" + "[".repeat(choices.below(60))) + "},\"sum\":"
                + choices.of("1.50", "\"2\"", "null", "-0", "1e2")
                + "}";
        boolean isSound = !document.contains("deep");
        String body = choices.log("body", choices.oneIn(4) ? damaged(choices, document) : document);
        List<List<BodyField>> read = OBJECT.read(request(body));
        EVENTS.read(request("{\"events\":[" + body + "," + body + "]}"));

        Holds.that(read.size() <= 1, "an object is one message");
        for (List<BodyField> fields : read) {
            for (BodyField field : fields) {
                Holds.that(field.value().length() <= JsonBodies.MAX_VALUE, "a value is bounded");
            }
        }
        boolean isWellFormed = (id + tx).chars().noneMatch(c -> Character.isSurrogate((char) c));
        if (isSound && body.equals(document) && isWellFormed && id.length() <= 1_000 && tx.length() <= 1_000) {
            Holds.that(
                    read.size() == 1
                            && read.get(0).contains(new BodyField("id", id))
                            && read.get(0).contains(new BodyField("tx", tx)),
                    "a sound document is read as it was written");
        }
    }

    private static String damaged(Choices choices, String text) {
        int at = choices.below(text.length());
        return text.substring(0, at)
                + choices.of("\"", "}", "\\u00", ",", "\\", "{", "\0", "nul", choices.text())
                + text.substring(at + choices.below(2));
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == '"' || c == '\\') {
                quoted.append("\\u00").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }

    private static PostbackRequest request(String body) {
        return PostbackRequest.post("https://h.com/pb", "application/json", body.getBytes(StandardCharsets.UTF_8))
                .build();
    }
}
