package dev.attribution.trackers;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Unpacks all members of a gzip file (RFC 1952), wherever its stream pauses. {@link java.util.zip.GZIPInputStream} stops after a
 * member if nothing of the next one is available yet, as from a network. Zeros after the last member are padding; anything else
 * is a fault. Not thread-safe.
 */
final class GzipMembers extends InputStream {
    /** Bytes follow the last member, which is complete. */
    static final class TrailingBytesException extends IOException {
        private static final long serialVersionUID = 1L;

        TrailingBytesException() {
            super("bytes that are not gzip follow the packed data");
        }
    }

    private static final int BUFFER = 64 * 1024;
    private static final int DEFLATE = 8;
    private static final int HEADER_CRC = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int RESERVED = 0xe0;

    private final InputStream in;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private final byte[] buffer = new byte[BUFFER];
    private int from;
    private int to;
    private boolean inMember;
    private boolean isFirst = true;
    private boolean over;

    GzipMembers(InputStream in) {
        this.in = in instanceof BufferedInputStream ? in : new BufferedInputStream(in, BUFFER);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (!over) {
            if (!inMember && !beginMember()) {
                over = true;
                break;
            }
            int unpacked = unpack(bytes, offset, length);
            if (unpacked > 0) {
                return unpacked;
            }
        }
        return -1;
    }

    private int unpack(byte[] bytes, int offset, int length) throws IOException {
        try {
            while (true) {
                int unpacked = inflater.inflate(bytes, offset, length);
                if (unpacked > 0) {
                    crc.update(bytes, offset, unpacked);
                    return unpacked;
                }
                if (inflater.finished()) {
                    endMember();
                    return 0;
                }
                if (inflater.needsDictionary()) {
                    throw new IOException("its gzip data needs a dictionary");
                }
                if (from == to && !fill()) {
                    throw new EOFException("its gzip data ends before its end");
                }
                inflater.setInput(buffer, from, to - from);
                from = to;
            }
        } catch (DataFormatException e) {
            throw new IOException("its gzip data is damaged: " + e.getMessage(), e);
        }
    }

    /** Reads the header of the next member; returns false at the end of the file. */
    private boolean beginMember() throws IOException {
        int first = next();
        boolean isPadding = first == 0 && !isFirst;
        while (isPadding && first == 0) {
            first = next();
        }
        if (first < 0) {
            return false;
        }
        if (isPadding || first != 0x1f || next() != 0x8b) {
            throw new TrailingBytesException();
        }
        int method = required();
        int flags = required();
        if (method != DEFLATE || (flags & RESERVED) != 0) {
            throw new IOException("its gzip data is packed in an unknown way");
        }
        skip(6); // time, level and system
        if ((flags & EXTRA) != 0) {
            skip(required() | required() << 8);
        }
        if ((flags & NAME) != 0) {
            skipText();
        }
        if ((flags & COMMENT) != 0) {
            skipText();
        }
        if ((flags & HEADER_CRC) != 0) {
            skip(2);
        }
        inflater.reset();
        crc.reset();
        inMember = true;
        isFirst = false;
        return true;
    }

    private void endMember() throws IOException {
        from -= inflater.getRemaining();
        long sum = fourBytes();
        long size = fourBytes();
        if (sum != crc.getValue() || size != (inflater.getBytesWritten() & 0xffffffffL)) {
            throw new IOException("its gzip data is damaged: the check sum differs");
        }
        inMember = false;
    }

    private long fourBytes() throws IOException {
        return required() | required() << 8 | required() << 16 | (long) required() << 24;
    }

    private void skip(int bytes) throws IOException {
        for (int i = 0; i < bytes; i++) {
            required();
        }
    }

    private void skipText() throws IOException {
        int next;
        do {
            next = required();
        } while (next != 0);
    }

    private int required() throws IOException {
        int next = next();
        if (next < 0) {
            throw new EOFException("its gzip data ends before its end");
        }
        return next;
    }

    private int next() throws IOException {
        return from < to || fill() ? buffer[from++] & 0xff : -1;
    }

    private boolean fill() throws IOException {
        int count;
        do {
            count = in.read(buffer, 0, buffer.length);
        } while (count == 0);
        from = 0;
        to = Math.max(count, 0);
        return count > 0;
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        in.close();
    }
}
