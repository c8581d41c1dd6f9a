package dev.attribution.faultinjection;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
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
        this.data = directory.resolve("postgresql");
        try (ServerSocket free = new ServerSocket(0)) {
            this.port = free.getLocalPort();
        }
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
