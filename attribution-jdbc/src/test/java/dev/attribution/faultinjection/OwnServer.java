package dev.attribution.faultinjection;

import dev.attribution.behaviour.Servers;
import java.io.IOException;
import java.nio.file.Path;

/** A database server of a test's own, which it kills and starts again on what is on the disk. */
interface OwnServer extends AutoCloseable {
    static OwnServer of(Servers kind, Path directory) throws Exception {
        return kind == Servers.POSTGRESQL ? new OwnPostgres(directory) : new OwnMaria(directory);
    }

    /** Returns where it is reached, the same after each start. */
    String url();

    /** Starts the server, and waits until it can be used. */
    void start() throws IOException;

    /** Kills the server as {@code kill -9} does, and waits until nothing of it runs any more. */
    void kill() throws IOException;

    @Override
    default void close() throws IOException {
        kill();
    }
}
