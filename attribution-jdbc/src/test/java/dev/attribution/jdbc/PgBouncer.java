package dev.attribution.jdbc;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Debian's PgBouncer in transaction mode, with four connections to a server. A test that needs it is skipped without it. */
record PgBouncer(Process process, int port) implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/sbin/pgbouncer");

    /**
     * Starts a pooler.
     *
     * @param directory an empty directory
     * @param url the JDBC URL of the server
     */
    static PgBouncer start(Path directory, String url) throws IOException {
        assumeTrue(Files.isExecutable(PROGRAM), "pgbouncer is not installed");
        URI server = URI.create(url.substring("jdbc:".length()));
        int port = freePort();
        Path users = Files.writeString(directory.resolve("users.txt"), "\"postgres\" \"\"\n");
        Path settings = Files.writeString(
                directory.resolve("pgbouncer.ini"), """
                [databases]
                postgres = host=%s port=%d dbname=postgres user=postgres
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %d
                auth_type = trust
                auth_file = %s
                pool_mode = transaction
                default_pool_size = 4
                unix_socket_dir =
                ignore_startup_parameters = extra_float_digits
                """.formatted(server.getHost(), server.getPort(), port, users));
        directory.toFile().setExecutable(true, false);
        directory.toFile().setReadable(true, false);
        List<String> command = new ArrayList<>(List.of(PROGRAM.toString()));
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("-u", "nobody"));
        }
        command.add(settings.toString());
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        while (process.isAlive() && !answers(port)) {
            Thread.onSpinWait();
        }
        return new PgBouncer(process, port);
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns the JDBC URL by which the server is reached through the pooler. */
    String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres";
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
