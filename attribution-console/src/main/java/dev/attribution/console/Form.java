package dev.attribution.console;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.commons.fileupload.FileItemIterator;
import org.apache.commons.fileupload.FileItemStream;
import org.apache.commons.fileupload.FileUpload;
import org.apache.commons.fileupload.FileUploadException;
import org.apache.commons.fileupload.InvalidFileNameException;
import org.apache.commons.fileupload.RequestContext;
import org.jspecify.annotations.Nullable;

/** The fields of a query or a form, and its uploaded file. */
final class Form {
    static final String TOKEN = "csrf";
    private static final int MAX_FORM = 1 << 20;
    private static final int MAX_FIELDS = 1_000;
    private static final int MAX_PART_HEADER = 8_192;
    private static final int BUFFER = 1 << 16;

    /** A file that was uploaded, kept in a temporary file. */
    record Upload(String fileName, Path file) {
        void delete() {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                file.toFile().deleteOnExit();
            }
        }
    }

    private final Map<String, String> fields = new LinkedHashMap<>();
    private @Nullable Upload upload;

    /** Reads a query; the first of several values counts. */
    static Form ofQuery(String query) {
        Form form = new Form();
        form.addPairs(query);
        return form;
    }

    /**
     * Reads the body of a request.
     *
     * @param isTokenValid judges the token before a file is kept
     */
    static Form ofBody(ConsoleRequest request, long maxUpload, Predicate<String> isTokenValid) {
        Form form = new Form();
        try {
            String type = request.contentType().orElse("").toLowerCase(Locale.ROOT);
            if (!request.fields().isEmpty() || !request.files().isEmpty()) {
                request.fields().forEach(field -> form.add(field.name(), field.value()));
                for (ConsoleRequest.GivenFile file : request.files()) {
                    form.keep(file.fileName(), file.content(), maxUpload, isTokenValid);
                }
            } else if (type.startsWith("multipart/form-data")) {
                form.readMultipart(request, maxUpload, isTokenValid);
            } else {
                form.addPairs(new String(limited(request.body(), MAX_FORM), StandardCharsets.UTF_8));
            }
            return form;
        } catch (IOException | FileUploadException | InvalidFileNameException e) {
            form.discard();
            throw new Refused(400, "The form could not be read: it broke off, is too large, or is not a form.");
        } catch (RuntimeException e) {
            form.discard();
            throw e;
        }
    }

    private void readMultipart(ConsoleRequest request, long maxUpload, Predicate<String> isTokenValid)
            throws IOException, FileUploadException {
        FileUpload parser = new FileUpload();
        parser.setFileCountMax(MAX_FIELDS);
        parser.setPartHeaderSizeMax(MAX_PART_HEADER);
        FileItemIterator items = parser.getItemIterator(new RequestContext() {
            @Override
            public String getCharacterEncoding() {
                return StandardCharsets.UTF_8.name();
            }

            @Override
            public String getContentType() {
                return request.contentType().orElse("");
            }

            @Override
            @SuppressWarnings("deprecation") // but required
            public int getContentLength() {
                return -1;
            }

            @Override
            public InputStream getInputStream() {
                return request.body();
            }
        });
        long left = MAX_FORM;
        while (items.hasNext()) {
            FileItemStream item = items.next();
            try (InputStream content = item.openStream()) {
                if (item.isFormField()) {
                    byte[] value = limited(content, (int) left);
                    left -= value.length;
                    add(item.getFieldName(), new String(value, StandardCharsets.UTF_8));
                } else if (item.getName() != null && !item.getName().isEmpty()) {
                    keep(item.getName(), content, maxUpload, isTokenValid);
                }
            }
        }
    }

    private void keep(String fileName, InputStream content, long maxUpload, Predicate<String> isTokenValid)
            throws IOException {
        if (!isTokenValid.test(text(TOKEN))) {
            throw Console.wrongToken();
        }
        if (upload != null) {
            throw new Refused(400, "One file is compared at a time.");
        }
        Upload kept = new Upload(fileName, Files.createTempFile("attribution-upload", ".tmp"));
        upload = kept;
        try (OutputStream out = Files.newOutputStream(kept.file())) {
            byte[] buffer = new byte[BUFFER];
            long size = 0;
            for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
                size += read;
                if (size > maxUpload) {
                    throw new Refused(413, "The file is larger than the " + maxUpload + " bytes that are allowed.");
                }
                out.write(buffer, 0, read);
            }
        }
    }

    private static byte[] limited(InputStream in, int most) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            if (bytes.size() + read > most) {
                throw new Refused(413, "The form is larger than a form may be.");
            }
            bytes.write(buffer, 0, read);
        }
        return bytes.toByteArray();
    }

    private void addPairs(String text) {
        for (String pair : text.split("&", MAX_FIELDS)) {
            if (!pair.isEmpty()) {
                int at = pair.indexOf('=');
                add(decoded(at < 0 ? pair : pair.substring(0, at)), at < 0 ? "" : decoded(pair.substring(at + 1)));
            }
        }
    }

    private void add(String name, String value) {
        if (fields.size() < MAX_FIELDS) {
            fields.putIfAbsent(name, value);
        }
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new Refused(400, "The address or the form has a broken escape: a % without two digits.");
        }
    }

    /** {@return the value of a field as it was sent; empty if it is absent} */
    String text(String name) {
        return fields.getOrDefault(name, "");
    }

    /** {@return the value of a field without blanks around it} */
    String word(String name) {
        return text(name).strip();
    }

    boolean isSet(String name) {
        return !text(name).isEmpty();
    }

    /** {@return the lines of a field that are not empty, each exactly as it was typed} */
    List<String> lines(String name) {
        List<String> lines = new ArrayList<>();
        for (String line : text(name).split("\r\n|\r|\n", -1)) {
            if (!line.isBlank()) {
                lines.add(line);
            }
        }
        return lines;
    }

    Optional<Upload> upload() {
        return Optional.ofNullable(upload);
    }

    void discard() {
        if (upload != null) {
            upload.delete();
        }
    }
}
