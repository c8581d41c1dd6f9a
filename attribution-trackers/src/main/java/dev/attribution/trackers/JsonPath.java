package dev.attribution.trackers;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A place in JSON that is read, with the places inside it. Not changed after {@link #check()}. */
final class JsonPath {
    private final List<String> keys;
    private final Map<String, JsonPath> children = new HashMap<>();
    private final List<String> fields = new ArrayList<>(1);
    private boolean isEvents;

    private JsonPath(List<String> keys) {
        this.keys = keys;
    }

    static JsonPath root() {
        return new JsonPath(List.of());
    }

    void addField(String name, List<String> path) {
        at(path).fields.add(name);
    }

    void addEvents(List<String> path) {
        at(path).isEvents = true;
    }

    private JsonPath at(List<String> path) {
        JsonPath place = this;
        for (int i = 0; i < path.size(); i++) {
            List<String> keysSoFar = path.subList(0, i + 1);
            place = place.children.computeIfAbsent(path.get(i), key -> new JsonPath(keysSoFar));
        }
        return place;
    }

    /** Refuses a place that would be a field and an object at the same time. */
    void check() {
        if (!fields.isEmpty() && (isEvents || !children.isEmpty())) {
            throw new IllegalArgumentException(
                    "the field " + keys + " cannot be read as a value, since a path leads through it");
        }
        children.values().forEach(JsonPath::check);
    }

    @Nullable
    JsonPath child(String key) {
        return children.get(key);
    }

    Iterable<JsonPath> children() {
        return children.values();
    }

    /** {@return the names of the field, empty if the place is not a field} */
    List<String> fields() {
        return fields;
    }

    boolean isEvents() {
        return isEvents;
    }
}
