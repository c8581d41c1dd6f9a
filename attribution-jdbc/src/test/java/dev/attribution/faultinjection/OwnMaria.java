package dev.attribution.faultinjection;

import dev.attribution.behaviour.MariaServer;
import java.io.IOException;
import java.nio.file.Path;

/** MariaDB. */
final class OwnMaria implements OwnServer {
    private final MariaServer server;

    OwnMaria(Path directory) throws Exception {
        server = new MariaServer(directory);
    }

    @Override
    public String url() {
        return server.url() + "&createDatabaseIfNotExist=true";
    }

    @Override
    public void start() throws IOException {
        server.start();
    }

    @Override
    public void kill() {
        server.kill();
    }
}
