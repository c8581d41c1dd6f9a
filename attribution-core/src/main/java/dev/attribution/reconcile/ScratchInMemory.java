package dev.attribution.reconcile;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;

/** Rows stored on the heap. */
final class ScratchInMemory implements Scratch {
    private final Map<Integer, ByteArrayOutputStream> parts = new HashMap<>();

    @Override
    public void append(int part, byte[] bytes, int length) {
        parts.computeIfAbsent(part, number -> new ByteArrayOutputStream()).write(bytes, 0, length);
    }

    @Override
    public InputStream read(int part) {
        ByteArrayOutputStream bytes = parts.get(part);
        return bytes == null ? InputStream.nullInputStream() : new ByteArrayInputStream(bytes.toByteArray());
    }

    @Override
    public void close() {
        parts.clear();
    }
}
