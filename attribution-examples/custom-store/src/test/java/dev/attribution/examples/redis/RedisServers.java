package dev.attribution.examples.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redis.clients.jedis.RedisClient;
import redis.embedded.RedisServer;

/** A Redis server on a directory, with its writes forced to the disk. */
final class RedisServers {
    private RedisServers() {}

    /** Returns whether the tests run on Redis: they do, unless {@code -Dengines} selects other engines only. */
    static boolean areSelected() {
        String engines = System.getProperty("engines");
        boolean selected = engines == null || List.of(engines.split(",", -1)).contains("redis");
        if (!selected) {
            System.out.println("NOT RUN, since -Dengines=" + engines + ": all tests on redis");
        }
        return selected;
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static URI start(int port, Path directory) throws IOException {
        RedisServer server = RedisServer.newRedisServer()
                .port(port)
                .bind("127.0.0.1")
                .setting("dir " + directory)
                .setting("save \"\"")
                .setting("appendonly yes")
                .setting("appendfsync always")
                .build();
        server.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> quietly(server)));
        return URI.create("redis://127.0.0.1:" + port);
    }

    private static void quietly(RedisServer server) {
        try {
            server.stop();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kills the server, so that it cannot put anything in order. */
    static void kill(RedisClient redis) throws Exception {
        Matcher pid = Pattern.compile("process_id:(\\d+)").matcher(redis.info("server"));
        if (!pid.find()) {
            throw new IllegalStateException("The server does not tell its process id");
        }
        ProcessHandle process = ProcessHandle.of(Long.parseLong(pid.group(1))).orElseThrow();
        process.destroyForcibly();
        process.onExit().get();
    }
}
