package dev.attribution.trackers;

import dev.attribution.reconcile.Scratch;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Rows put aside on disk while a reconciliation runs, in a directory of their own that only this user can read. */
public final class TemporaryFiles implements Scratch {
    private final Path directory;

    private TemporaryFiles(Path directory) {
        this.directory = directory;
    }

    /**
     * Returns a source of such places, for {@link dev.attribution.reconcile.Reconciler.Builder#scratch}.
     *
     * @param parent an existing directory with room for some 100 to 200 bytes for each row of either side
     * @return makes a directory in it for each run, and deletes it at the end of the run
     */
    public static Supplier<Scratch> in(Path parent) {
        return () -> {
            try {
                return new TemporaryFiles(Files.createTempDirectory(parent, "attribution-"));
            } catch (IOException e) {
                throw new UncheckedIOException("No directory for temporary files can be made in " + parent, e);
            }
        };
    }

    private Path file(int part) {
        return directory.resolve(part + ".rows");
    }

    @Override
    public void append(int part, byte[] bytes, int length) {
        try (OutputStream out =
                Files.newOutputStream(file(part), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            out.write(bytes, 0, length);
        } catch (IOException e) {
            throw new UncheckedIOException("A temporary file cannot be written: is the disk full?", e);
        }
    }

    @Override
    public InputStream read(int part) {
        try {
            return Files.exists(file(part)) ? Files.newInputStream(file(part)) : InputStream.nullInputStream();
        } catch (IOException e) {
            throw new UncheckedIOException("A temporary file cannot be read", e);
        }
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : List.copyOf(files.toList())) {
                Files.delete(file);
            }
            Files.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("Temporary files cannot be deleted: " + directory, e);
        }
    }
}
