package dev.attribution.postback;

import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Reads the fields of a body that is not a form, such as JSON. A field counts as a parameter after those of the query.
 * Implementations are thread-safe.
 */
@FunctionalInterface
public interface BodyReader {
    /** The maximum number of messages in one body. A body with more is malformed. */
    int MAX_MESSAGES = 1_000;

    /**
     * A field.
     *
     * @param name its name, as a {@link Caller} maps it
     * @param value its value as text
     */
    record BodyField(String name, String value) {
        /** Creates a field. */
        public BodyField {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(value, "value");
        }

        /** {@return the name; the value may be a secret or about a person} */
        @Override
        public String toString() {
            return "BodyField[" + name + "]";
        }
    }

    /**
     * Reads a body.
     *
     * @param request the request, with a body that is neither empty nor a form
     * @return the fields of each message in the body; no message at all if the body cannot be read, which makes the postback
     *     malformed
     */
    List<List<BodyField>> read(PostbackRequest request);

    /**
     * Returns a reader for one caller, which is asked for when the caller is built. The default is this reader.
     *
     * @param names the names of all parameters that the caller reads, in the query or in the body
     * @return a reader, which may leave out fields with other names
     * @throws IllegalArgumentException if the fields cannot be read under these names; the message says why
     */
    default BodyReader forNames(Set<String> names) {
        return this;
    }
}
