package dev.attribution.trackers;

import dev.attribution.postback.BodyReader;
import dev.attribution.postback.BodyReader.BodyField;
import dev.attribution.postback.PostbackRequest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;

/** Reads the messages of a JSON body. The only class that knows the JSON library. Thread-safe. */
final class JsonMessages {
    private final JsonPath root;
    private final boolean hasEvents;
    private final JsonFactory factory = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES) // or keys of callers would stay in memory
            .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(JsonBodies.MAX_DEPTH)
                    .maxNumberLength(PostbackRequest.MAX_BODY) // the length of what is read is checked below
                    .build())
            .build();

    JsonMessages(JsonPath root, boolean hasEvents) {
        this.root = root;
        this.hasEvents = hasEvents;
    }

    /** {@return the fields of each message; no message if the body is in doubt} */
    List<List<BodyField>> read(byte[] body) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
            try (JsonParser json = factory.createParser(ObjectReadContext.empty(), text)) {
                return new Reading(json).all();
            }
        } catch (CharacterCodingException | JacksonException e) {
            return List.of();
        }
    }

    /** One pass over one body. Not thread-safe. */
    private final class Reading {
        private final JsonParser json;
        private final List<BodyField> common = new ArrayList<>();
        private @Nullable List<List<BodyField>> events;

        Reading(JsonParser json) {
            this.json = json;
        }

        List<List<BodyField>> all() {
            JsonToken first = json.nextToken();
            if (root.isEvents()) {
                readEvents(root, first);
            } else {
                readObject(root, first, common);
            }
            expect(json.nextToken() == null);
            if (events == null) {
                return hasEvents ? List.of() : List.of(common);
            }
            events.forEach(event -> event.addAll(0, common));
            return events;
        }

        private void readObject(JsonPath path, @Nullable JsonToken start, List<BodyField> fields) {
            expect(start == JsonToken.START_OBJECT);
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                JsonPath child = path.child(json.currentName());
                JsonToken value = json.nextToken();
                if (child == null) {
                    json.skipChildren();
                } else {
                    readValue(child, value, fields);
                }
            }
        }

        private void readValue(JsonPath path, JsonToken value, List<BodyField> fields) {
            if (value == JsonToken.VALUE_NULL) {
                addNulls(path, fields);
            } else if (path.isEvents()) {
                readEvents(path, value);
            } else if (path.fields().isEmpty()) {
                readObject(path, value, fields);
            } else {
                expect(value.isScalarValue() && json.getStringLength() <= JsonBodies.MAX_VALUE);
                String text = json.getString();
                expect(text.codePoints().noneMatch(c -> Character.getType(c) == Character.SURROGATE));
                path.fields().forEach(name -> fields.add(new BodyField(name, text)));
            }
        }

        private void addNulls(JsonPath path, List<BodyField> fields) {
            path.fields().forEach(name -> fields.add(new BodyField(name, "null")));
            path.children().forEach(child -> addNulls(child, fields));
        }

        private void readEvents(JsonPath path, @Nullable JsonToken start) {
            expect(start == JsonToken.START_ARRAY);
            List<List<BodyField>> read = new ArrayList<>();
            JsonToken event = json.nextToken();
            while (event != JsonToken.END_ARRAY) {
                expect(read.size() < BodyReader.MAX_MESSAGES);
                List<BodyField> fields = new ArrayList<>();
                readObject(path, event, fields);
                read.add(fields);
                event = json.nextToken();
            }
            events = read;
        }

        private void expect(boolean condition) {
            if (!condition) {
                throw new StreamReadException(json, "The body has an unexpected structure");
            }
        }
    }
}
