package dev.attribution.jdbc.internal.row;

import dev.attribution.click.ClickContext;
import dev.attribution.conversion.ConversionChange;
import dev.attribution.spi.support.TextFields;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** The values that are stored as JSON, which people can query: lists of text, the context of a click, and a change. */
public final class Json {
    private static final JsonFactory FACTORY = new JsonFactory();

    private Json() {}

    public static String of(Collection<String> texts) {
        return texts.isEmpty()
                ? "[]"
                : written(json -> {
                    json.writeStartArray();
                    for (String text : texts) {
                        json.writeString(text);
                    }
                    json.writeEndArray();
                });
    }

    public static String of(ClickContext context) {
        return context.equals(ClickContext.empty())
                ? "{}"
                : written(json -> {
                    json.writeStartObject();
                    field(json, "ip", context.ip().orElse(null));
                    field(json, "userAgent", context.userAgent().orElse(null));
                    field(json, "referrer", context.referrer().orElse(null));
                    if (!context.extras().isEmpty()) {
                        json.writeObjectPropertyStart("extras");
                        for (Map.Entry<String, String> extra : context.extras().entrySet()) {
                            json.writeStringProperty(extra.getKey(), extra.getValue());
                        }
                        json.writeEndObject();
                    }
                    json.writeEndObject();
                });
    }

    /** Returns an object with a field of text for each part of a change, as {@link TextFields} names them. */
    public static String of(ConversionChange change) {
        return written(json -> {
            json.writeStartObject();
            for (Map.Entry<String, String> part : TextFields.write(change).entrySet()) {
                json.writeStringProperty(part.getKey(), part.getValue());
            }
            json.writeEndObject();
        });
    }

    public static ConversionChange change(String text) throws IOException {
        Map<String, String> parts = new HashMap<>();
        try (JsonParser json = parser(text)) {
            expect(json.nextToken() == JsonToken.START_OBJECT);
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String name = json.currentName();
                json.nextToken();
                parts.put(name, json.getString());
            }
        }
        return TextFields.readChange(parts);
    }

    public static List<String> texts(String text) throws IOException {
        if (text.equals("[]")) { // which most lists are
            return List.of();
        }
        List<String> texts = new ArrayList<>();
        try (JsonParser json = parser(text)) {
            expect(json.nextToken() == JsonToken.START_ARRAY);
            while (json.nextToken() != JsonToken.END_ARRAY) {
                expect(json.currentToken() == JsonToken.VALUE_STRING);
                texts.add(json.getString());
            }
        }
        return texts;
    }

    public static ClickContext context(String text) throws IOException {
        if (text.equals("{}")) {
            return ClickContext.empty();
        }
        ClickContext.Builder context = ClickContext.builder();
        try (JsonParser json = parser(text)) {
            expect(json.nextToken() == JsonToken.START_OBJECT);
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String name = json.currentName();
                json.nextToken();
                switch (name) {
                    case "ip" -> context.ip(json.getString());
                    case "userAgent" -> context.userAgent(json.getString());
                    case "referrer" -> context.referrer(json.getString());
                    case "extras" -> extras(json, context);
                    default -> json.skipChildren(); // of a later version
                }
            }
        }
        return context.build();
    }

    private static void extras(JsonParser json, ClickContext.Builder context) throws IOException {
        expect(json.currentToken() == JsonToken.START_OBJECT);
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            json.nextToken();
            context.extra(name, json.getString());
        }
    }

    private static void field(JsonGenerator json, String name, @Nullable String value) {
        if (value != null) {
            json.writeStringProperty(name, value);
        }
    }

    private static JsonParser parser(String text) {
        return FACTORY.createParser(ObjectReadContext.empty(), text);
    }

    private static void expect(boolean condition) throws IOException {
        if (!condition) {
            throw new IOException("The JSON has an unexpected structure");
        }
    }

    private static String written(Content content) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            content.writeTo(json);
        }
        return text.toString();
    }

    private interface Content {
        void writeTo(JsonGenerator json);
    }
}
