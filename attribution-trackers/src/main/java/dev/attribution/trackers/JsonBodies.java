package dev.attribution.trackers;

import dev.attribution.AttributionException;
import dev.attribution.postback.BodyReader;
import dev.attribution.postback.PostbackRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads bodies that are JSON (RFC 8259), for {@code Caller.Builder.bodies(…)}. A {@code Caller} names a field by its path: the
 * field {@code amount} of the object {@code data} is {@code data.amount}. Needs the optional dependency
 * {@code tools.jackson.core:jackson-core}.
 *
 * <p>A number is read as it is written, so {@code 1.50} and an id of 20 digits stay exact. A text is decoded; {@code true} and
 * {@code false} are read as these words. {@code null}, of a field or of an object around it, is read as the word {@code null}:
 * as absent, but a status or a test mark that is {@code null} is unknown unless {@code noSign(name, "null")} says that it is
 * harmless. Keys are compared exactly, with their case.
 *
 * <p>A body that is in doubt gives no message, so it is {@code MALFORMED_POSTBACK}. That is:
 *
 * <ul>
 *   <li>what is not JSON: comments, single quotes, {@code NaN}, a trailing comma, text after the end;
 *   <li>what is not UTF-8, or begins with a byte order mark. The content type of the body does not matter;
 *   <li>an object in which a key occurs twice, anywhere in the body, also if the key is written with escapes;
 *   <li>more than {@value #MAX_DEPTH} levels, or more than {@value BodyReader#MAX_MESSAGES} events;
 *   <li>a field that the caller reads and that is an object or an array, is longer than {@value #MAX_VALUE} UTF-16 units, or
 *       contains half a surrogate pair;
 *   <li>a text, a number or an array in the place of an object around such a field.
 * </ul>
 *
 * <p>Immutable and thread-safe. No body makes it throw.
 */
public final class JsonBodies implements BodyReader {
    /** The maximum number of levels of objects and arrays. */
    public static final int MAX_DEPTH = 32;

    /** The maximum length of a field that is read, in UTF-16 units. */
    public static final int MAX_VALUE = 1_024;

    private final @Nullable List<String> events;
    private final Map<String, List<String>> fields;
    private final Set<String> names;
    private final JsonMessages messages;

    private JsonBodies(@Nullable List<String> events, Map<String, List<String>> fields, Set<String> names) {
        this.events = events;
        this.fields = fields;
        this.names = names;
        JsonPath root = JsonPath.root();
        if (events != null) {
            root.addEvents(events);
        }
        for (String name : names) {
            root.addField(name, fields.getOrDefault(name, List.of(name.split("\\.", -1))));
        }
        root.check();
        this.messages = messages(root, events != null);
    }

    private static JsonMessages messages(JsonPath root, boolean hasEvents) {
        try {
            return new JsonMessages(root, hasEvents);
        } catch (NoClassDefFoundError e) {
            throw new AttributionException(
                    "Reading JSON bodies needs the dependency tools.jackson.core:jackson-core. Add it; a modular application"
                            + " also requires the module tools.jackson.core.",
                    e);
        }
    }

    /**
     * Returns a reader of bodies that are one object, which is one message.
     *
     * @return the reader
     * @throws AttributionException if {@code tools.jackson.core:jackson-core} is missing
     */
    public static JsonBodies object() {
        return new JsonBodies(null, Map.of(), Set.of());
    }

    /**
     * Returns a reader of bodies with an array of events, each of which is an object and a message; pass the request to
     * {@code postbacks(call)}. The path of a field in an event leaves out the position: the field {@code id} of each event in the
     * array {@code events} is {@code events.id}. Fields around the array belong to each event. A body without events is
     * malformed.
     *
     * @param keys the keys that lead to the array, from the outermost object on; none if the body is the array
     * @return the reader
     * @throws AttributionException if {@code tools.jackson.core:jackson-core} is missing
     */
    public static JsonBodies events(String... keys) {
        return new JsonBodies(List.of(keys), Map.of(), Set.of());
    }

    /**
     * Returns a reader that reads a field under another name than its path, such as a field whose key contains a dot.
     *
     * @param name the name of the field, as the caller maps it
     * @param keys the keys that lead to the field, from the outermost object on; at least one
     * @return a new reader
     * @throws IllegalArgumentException if there is no key
     */
    public JsonBodies field(String name, String... keys) {
        Objects.requireNonNull(name, "name");
        if (keys.length == 0) {
            throw new IllegalArgumentException("The field '" + name + "' has no key: name the keys that lead to it");
        }
        Map<String, List<String>> added = new TreeMap<>(fields);
        added.put(name, List.of(keys));
        return new JsonBodies(events, added, names);
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if a field contains another one or the events, or if a name of {@link #field} is not read
     */
    @Override
    public JsonBodies forNames(Set<String> names) {
        List<String> unread = new ArrayList<>(fields.keySet());
        unread.removeAll(names);
        if (!unread.isEmpty()) {
            throw new IllegalArgumentException("the caller reads no field " + unread);
        }
        return new JsonBodies(events, fields, new TreeSet<>(names));
    }

    @Override
    public List<List<BodyField>> read(PostbackRequest request) {
        return request.truncated() ? List.of() : messages.read(request.body());
    }

    private List<@Nullable Object> state() {
        return Arrays.asList(events, fields, names);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof JsonBodies that && state().equals(that.state());
    }

    @Override
    public int hashCode() {
        return state().hashCode();
    }

    /** {@return the paths that are read} */
    @Override
    public String toString() {
        return "JsonBodies[" + (events == null ? "" : "events in " + events + ", ") + names + ", " + fields + "]";
    }
}
