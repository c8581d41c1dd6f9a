package dev.attribution.behaviour;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A PostgreSQL that is installed on this machine, with {@code pg_dump}, which the embedded one lacks; on an empty directory. */
record InstalledPostgres(Path programs, Process process, int port) implements AutoCloseable {
    private static final List<String> NEEDED = List.of("initdb", "postgres", "pg_dump");

    /** {@return the directory with the programs of a server and its dump, if one is installed} */
    static Optional<Path> find() throws IOException {
        List<Path> directories = new ArrayList<>();
        for (String name : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
            directories.add(Path.of(name));
        }
        Path versions = Path.of("/usr/lib/postgresql");
        if (Files.isDirectory(versions)) {
            try (Stream<Path> each = Files.list(versions)) {
                each.map(version -> version.resolve("bin")).sorted().forEach(directories::add);
            }
        }
        return directories.stream()
                .filter(directory -> NEEDED.stream().allMatch(name -> Files.isExecutable(directory.resolve(name))))
                .findFirst();
    }

    /**
     * Starts a server.
     *
     * @param programs what {@link #find()} found
     * @param directory an empty directory
     */
    static InstalledPostgres start(Path programs, Path directory) throws IOException, InterruptedException {
        Path data = directory.resolve("data");
        run(program(programs, "initdb", "-D", data.toString(), "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N"));
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Process process = new ProcessBuilder(program(
                        programs, "postgres", "-D", data.toString(), "-p", Integer.toString(port), "-k", "", "-F"))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        InstalledPostgres server = new InstalledPostgres(programs, process, port);
        while (!server.answers()) {
            if (!process.isAlive()) {
                throw new IllegalStateException(Files.readString(directory.resolve("log")));
            }
            Thread.onSpinWait();
        }
        return server;
    }

    /** PostgreSQL refuses to run as root, so there it runs in a name space in which it is not. */
    private static List<String> program(Path programs, String name, String... arguments) {
        List<String> command = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("unshare", "-U"));
        }
        command.add(programs.resolve(name).toString());
        command.addAll(Arrays.asList(arguments));
        return command;
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(command + ":\n" + output);
        }
        return output;
    }

    String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres";
    }

    private boolean answers() {
        try {
            DriverManager.getConnection(url()).close();
            return true;
        } catch (SQLException e) {
            return false;
        }
    }

    /** {@return everything that is stored, as {@code pg_dump} writes it} */
    String dump() throws IOException, InterruptedException {
        return run(List.of(
                programs.resolve("pg_dump").toString(),
                "-h",
                "127.0.0.1",
                "-p",
                Integer.toString(port),
                "-U",
                "postgres",
                "postgres"));
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
