package dev.attribution.trackers;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** Opens text in UTF-16 or UTF-8, with a byte order mark or without, packed with gzip or not. */
final class TextFile {
    private static final int LOOKED_AT = 64;
    private static final int MAX_GZIP_LEVELS = 3;
    private static final int BUFFER = 64 * 1024;

    private TextFile() {}

    /** Returns the text without its byte order mark; a byte that is not in the encoding becomes U+FFFD. */
    static Reader open(InputStream in) throws IOException {
        try {
            BufferedInputStream bytes = new BufferedInputStream(in, BUFFER);
            int levels = 0;
            for (byte[] start = start(bytes); isGzip(start); start = start(bytes)) {
                if (++levels > MAX_GZIP_LEVELS) {
                    throw new IOException("it is packed with gzip more than " + MAX_GZIP_LEVELS + " times");
                }
                bytes = new BufferedInputStream(new GzipMembers(bytes), BUFFER);
            }
            byte[] start = start(bytes);
            int mark = markLength(start);
            bytes.skipNBytes(mark);
            return new BufferedReader(new InputStreamReader(bytes, encoding(start)), BUFFER);
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    private static byte[] start(BufferedInputStream bytes) throws IOException {
        bytes.mark(LOOKED_AT);
        byte[] start = bytes.readNBytes(LOOKED_AT);
        bytes.reset();
        return start;
    }

    private static boolean isGzip(byte[] start) {
        return at(start, 0) == 0x1f && at(start, 1) == 0x8b;
    }

    private static int markLength(byte[] start) {
        if (at(start, 0) == 0xef && at(start, 1) == 0xbb && at(start, 2) == 0xbf) {
            return 3;
        }
        boolean utf16 =
                (at(start, 0) == 0xff && at(start, 1) == 0xfe) || (at(start, 0) == 0xfe && at(start, 1) == 0xff);
        return utf16 ? 2 : 0;
    }

    private static Charset encoding(byte[] start) {
        if (at(start, 0) == 0xff && at(start, 1) == 0xfe) {
            return StandardCharsets.UTF_16LE;
        }
        if (at(start, 0) == 0xfe && at(start, 1) == 0xff) {
            return StandardCharsets.UTF_16BE;
        }
        // headers are ASCII for the greater part: without a mark, the zero halves tell
        int even = 0;
        int odd = 0;
        for (int i = 0; i + 1 < start.length; i += 2) {
            even += start[i] == 0 ? 1 : 0;
            odd += start[i + 1] == 0 ? 1 : 0;
        }
        int half = start.length / 4;
        return odd > half
                ? StandardCharsets.UTF_16LE
                : even > half ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_8;
    }

    private static int at(byte[] bytes, int index) {
        return index < bytes.length ? bytes[index] & 0xff : -1;
    }
}
