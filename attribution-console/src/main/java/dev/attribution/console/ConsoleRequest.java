package dev.attribution.console;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request to the console, as the host's web stack received it.
 *
 * <p>Give either the {@linkplain Builder#body raw body}, or, where the web stack has read it already, its
 * {@linkplain Builder#field fields} and {@linkplain Builder#file files}. A request is answered once.
 */
public final class ConsoleRequest {
    /** A file of a form that the web stack has read. */
    record GivenFile(String field, String fileName, InputStream content) {}

    /** A field of a form. */
    record Field(String name, String value) {}

    private final String method;
    private final String path;
    private final String query;
    private final @Nullable String contentType;
    private final InputStream body;
    private final List<Field> fields;
    private final List<GivenFile> files;
    private final @Nullable String session;
    private final @Nullable String operator;

    private ConsoleRequest(Builder builder) {
        this.method = builder.method;
        this.path = builder.path;
        this.query = builder.query;
        this.contentType = builder.contentType;
        this.body = builder.body;
        this.fields = List.copyOf(builder.fields);
        this.files = List.copyOf(builder.files);
        this.session = builder.session;
        this.operator = builder.operator;
    }

    /**
     * Starts a request.
     *
     * @param method the HTTP method, such as {@code GET}
     * @param path the path below the place where the console is mounted, such as {@code /story}; empty or {@code /} for the
     *     first page
     * @return a new builder
     */
    public static Builder builder(String method, String path) {
        return new Builder(method, path);
    }

    /** {@return the HTTP method} */
    public String method() {
        return method;
    }

    /** {@return the path below the place where the console is mounted} */
    public String path() {
        return path;
    }

    /** {@return the raw query, without {@code ?}; empty if there is none} */
    public String query() {
        return query;
    }

    Optional<String> contentType() {
        return Optional.ofNullable(contentType);
    }

    InputStream body() {
        return body;
    }

    List<Field> fields() {
        return fields;
    }

    List<GivenFile> files() {
        return files;
    }

    Optional<String> session() {
        return Optional.ofNullable(session);
    }

    Optional<String> operator() {
        return Optional.ofNullable(operator);
    }

    /** {@return method and path; nothing that a person sent} */
    @Override
    public String toString() {
        return "ConsoleRequest[" + method + " " + path + "]";
    }

    /** Builds a {@link ConsoleRequest}. Not thread-safe. */
    public static final class Builder {
        private final String method;
        private final String path;
        private String query = "";
        private @Nullable String contentType;
        private InputStream body = new ByteArrayInputStream(new byte[0]);
        private final List<Field> fields = new ArrayList<>();
        private final List<GivenFile> files = new ArrayList<>();
        private @Nullable String session;
        private @Nullable String operator;

        private Builder(String method, String path) {
            this.method = Objects.requireNonNull(method, "method");
            this.path = Objects.requireNonNull(path, "path");
        }

        /**
         * Sets the raw query.
         *
         * @param query the query without {@code ?}, as received; {@code null} if there is none
         * @return this builder
         */
        public Builder query(@Nullable String query) {
            this.query = query == null ? "" : query;
            return this;
        }

        /**
         * Sets the raw body. The console reads it while it answers, and does not close it.
         *
         * @param contentType the header {@code Content-Type}, or {@code null}
         * @param body the body
         * @return this builder
         */
        public Builder body(@Nullable String contentType, InputStream body) {
            this.contentType = contentType;
            this.body = Objects.requireNonNull(body, "body");
            return this;
        }

        /**
         * Adds a field of a form that the web stack has read.
         *
         * @param name the name of the field
         * @param value its decoded value
         * @return this builder
         */
        public Builder field(String name, String value) {
            fields.add(new Field(name, value));
            return this;
        }

        /**
         * Adds a file of a form that the web stack has read.
         *
         * @param field the name of the field
         * @param fileName the name of the file, as the browser said it
         * @param content the file; the console reads it while it answers, and does not close it
         * @return this builder
         */
        public Builder file(String field, String fileName, InputStream content) {
            files.add(new GivenFile(field, fileName, content));
            return this;
        }

        /**
         * Sets the login session, to which the tokens of forms are bound, and who acts. Without this call the console shows
         * its pages without forms that change something, and refuses to change anything.
         *
         * @param session a text that only this login has, such as the id of the session; it is not shown
         * @param operator the name of the person, which is shown to that person
         * @return this builder
         * @throws IllegalArgumentException if one of them is blank
         */
        public Builder operator(String session, String operator) {
            if (session.isBlank() || operator.isBlank()) {
                throw new IllegalArgumentException("The session and the name of the operator must not be blank");
            }
            this.session = session;
            this.operator = operator;
            return this;
        }

        /** {@return a new request} */
        public ConsoleRequest build() {
            return new ConsoleRequest(this);
        }
    }
}
