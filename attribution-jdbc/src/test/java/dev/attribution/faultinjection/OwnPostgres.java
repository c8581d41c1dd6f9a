package dev.attribution.faultinjection;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** PostgreSQL, with its writes forced to the disk. */
final class OwnPostgres implements OwnServer {
    private final Path data;
    private final int port;
    private Optional<EmbeddedPostgres> running = Optional.empty();

    OwnPostgres(Path directory) throws IOException {
        this(directory, "postgresql");
    }

    private OwnPostgres(Path directory, String name) throws IOException {
        this.data = directory.resolve(name);
        try (ServerSocket free = new ServerSocket(0)) {
            this.port = free.getLocalPort();
        }
    }

    /**
     * Returns a server on a copy of this one, which is running. When it is started it follows this one under the name {@code
     * standby}, until it is promoted.
     */
    OwnPostgres standby(Path directory) throws IOException, SQLException {
        OwnPostgres standby = new OwnPostgres(directory, "standby");
        try (Connection connection = DriverManager.getConnection(url());
                Statement statement = connection.createStatement()) {
            statement.execute("select pg_backup_start('standby', true)");
            copy(data, standby.data);
            try (ResultSet stopped = statement.executeQuery("select labelfile from pg_backup_stop(false)")) {
                stopped.next();
                Files.writeString(standby.data.resolve("backup_label"), stopped.getString(1));
            }
        }
        Files.createFile(standby.data.resolve("standby.signal"));
        Files.writeString(
                standby.data.resolve("postgresql.auto.conf"),
                "primary_conninfo = 'host=localhost port=" + port + " user=postgres application_name=standby'\n");
        return standby;
    }

    private static void copy(Path from, Path to) throws IOException {
        Set<PosixFilePermission> owner = PosixFilePermissions.fromString("rwx------");
        Files.createDirectory(to, PosixFilePermissions.asFileAttribute(owner));
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path name = from.relativize(file);
                boolean isWanted = !name.startsWith("pg_wal") // it comes from the primary
                        && !name.startsWith("postmaster.pid")
                        && !name.startsWith("postmaster.opts")
                        && !file.equals(from);
                if (isWanted && Files.isDirectory(file)) {
                    Files.createDirectory(to.resolve(name), PosixFilePermissions.asFileAttribute(owner));
                } else if (isWanted) {
                    copyFile(file, to.resolve(name));
                }
            }
        }
        Files.createDirectories(to.resolve("pg_wal/archive_status"), PosixFilePermissions.asFileAttribute(owner));
    }

    private static void copyFile(Path from, Path to) throws IOException {
        try {
            Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
        } catch (NoSuchFileException e) {
            // the server deleted it meanwhile, so its log tells of it
        }
    }

    /** Returns where it is reached together with another server: the one that takes writes is found by the driver. */
    String urlOfPrimaryAmong(OwnPostgres other) {
        return "jdbc:postgresql://localhost:" + port + ",localhost:" + other.port
                + "/postgres?user=postgres&targetServerType=primary&hostRecheckSeconds=0&connectTimeout=2&socketTimeout=5";
    }

    @Override
    public String url() {
        return "jdbc:postgresql://localhost:" + port + "/postgres?user=postgres";
    }

    @Override
    public void start() throws IOException {
        running = Optional.of(EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setPort(port)
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .start());
    }

    @Override
    public void kill() throws IOException {
        if (running.isPresent()) {
            List<ProcessHandle> all = processes();
            all.forEach(ProcessHandle::destroyForcibly);
            all.forEach(process -> process.onExit().join());
            running.get().close(); // which lets go of the directory
            running = Optional.empty();
        }
    }

    /** Sends a signal, such as STOP or CONT, to each of its processes, also to those that the parent starts meanwhile. */
    void signal(String name) throws IOException {
        Set<Long> told = new HashSet<>();
        List<ProcessHandle> rest = processes();
        while (!rest.isEmpty()) {
            for (ProcessHandle process : rest) {
                new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .start()
                        .onExit()
                        .join();
                told.add(process.pid());
            }
            rest = processes().stream()
                    .filter(process -> !told.contains(process.pid()))
                    .toList();
        }
    }

    /** Returns its processes, the parent first, since it would start the others again. */
    private List<ProcessHandle> processes() throws IOException {
        String pid = Files.readAllLines(data.resolve("postmaster.pid")).get(0);
        ProcessHandle postmaster = ProcessHandle.of(Long.parseLong(pid.strip())).orElseThrow();
        return Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
    }
}
