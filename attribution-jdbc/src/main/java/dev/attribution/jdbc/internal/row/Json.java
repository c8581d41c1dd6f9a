package dev.attribution.jdbc.internal.row;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.attribution.click.ClickContext;
import dev.attribution.conversion.ConversionChange;
import dev.attribution.spi.support.TextFields;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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
                        json.writeObjectFieldStart("extras");
                        for (Map.Entry<String, String> extra : context.extras().entrySet()) {
                            json.writeStringField(extra.getKey(), extra.getValue());
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
                json.writeStringField(part.getKey(), part.getValue());
            }
            json.writeEndObject();
        });
    }

    public static ConversionChange change(String text) throws IOException {
        Map<String, String> parts = new HashMap<>();
        try (JsonParser json = FACTORY.createParser(text)) {
            expect(json.nextToken() == JsonToken.START_OBJECT);
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String name = json.currentName();
                json.nextToken();
                parts.put(name, json.getText());
            }
        }
        return TextFields.readChange(parts);
    }

    public static List<String> texts(String text) throws IOException {
        List<String> texts = new ArrayList<>();
        try (JsonParser json = FACTORY.createParser(text)) {
            expect(json.nextToken() == JsonToken.START_ARRAY);
            while (json.nextToken() != JsonToken.END_ARRAY) {
                expect(json.currentToken() == JsonToken.VALUE_STRING);
                texts.add(json.getText());
            }
        }
        return texts;
    }

    public static ClickContext context(String text) throws IOException {
        ClickContext.Builder context = ClickContext.builder();
        try (JsonParser json = FACTORY.createParser(text)) {
            expect(json.nextToken() == JsonToken.START_OBJECT);
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String name = json.currentName();
                json.nextToken();
                switch (name) {
                    case "ip" -> context.ip(json.getText());
                    case "userAgent" -> context.userAgent(json.getText());
                    case "referrer" -> context.referrer(json.getText());
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
            context.extra(name, json.getText());
        }
    }

    private static void field(JsonGenerator json, String name, @Nullable String value) throws IOException {
        if (value != null) {
            json.writeStringField(name, value);
        }
    }

    private static void expect(boolean condition) throws IOException {
        if (!condition) {
            throw new IOException("The JSON has an unexpected structure");
        }
    }

    private static String written(Content content) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            content.writeTo(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private interface Content {
        void writeTo(JsonGenerator json) throws IOException;
    }
}
