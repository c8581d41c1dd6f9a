package dev.attribution.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DefaultProtocolVersion;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import dev.attribution.Attribution;
import dev.attribution.StorageException;
import dev.attribution.click.ClickId;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * A process that makes the calls of a list from many threads and says when each began and how it ended, as {@link RaceProcess}
 * hears it. A message whose call fails with a transient {@link StorageException} is sent again, as a tracker does.
 */
final class RaceClient {
    static final String READY = "ready";
    static final String GO = "go";
    static final String LOOK = "look";

    private static final FileOutputStream OUTPUT = new FileOutputStream(FileDescriptor.out);

    private static final int MAX_ATTEMPTS = 30; // for a cluster that has lost its quorum
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Attribution attribution;
    private final AtomicBoolean isGivenUp = new AtomicBoolean();

    private RaceClient(Attribution attribution) {
        this.attribution = attribution;
    }

    /**
     * Reads calls, one in a line, up to the line {@link #GO}, and makes them: {@code message postback query} or
     * {@code message look click}.
     *
     * @param args table prefix, how many milliseconds the clock is ahead, the number of threads, and nodes as host:port
     */
    public static void main(String[] args) throws Exception {
        Duration ahead = Duration.ofMillis(Long.parseLong(args[1]));
        int threads = Integer.parseInt(args[2]);
        try (CqlSession session = connect(ahead, List.of(args).subList(3, args.length))) {
            RaceClient client = new RaceClient(Attribution.builder(CassandraAttributionStore.builder(session)
                            .keyspace(TestCluster.KEYSPACE)
                            .tablePrefix(args[0])
                            .schemaMode(CassandraSchemaMode.VALIDATE)
                            .build())
                    .clock(() -> Instant.now().plus(ahead))
                    .build());
            say(READY);
            Queue<String> calls = new ConcurrentLinkedQueue<>();
            BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = input.readLine(); !GO.equals(line); line = input.readLine()) {
                calls.add(line);
            }
            List<Thread> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                running.add(new Thread(() -> client.make(calls), "caller " + i));
            }
            running.forEach(Thread::start);
            for (Thread thread : running) {
                thread.join();
            }
        }
    }

    /** The settings of {@link CassandraAttributionStore#session()}, with a clock that is ahead. */
    private static CqlSession connect(Duration ahead, List<String> nodes) {
        System.setProperty(ClockAhead.class.getName(), Long.toString(ahead.toMillis()));
        return CqlSession.builder()
                .withConfigLoader(DriverConfigLoader.programmaticBuilder()
                        .withString(DefaultDriverOption.PROTOCOL_VERSION, DefaultProtocolVersion.V4.name())
                        .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, Duration.ofSeconds(10))
                        .withInt(DefaultDriverOption.CONNECTION_MAX_REQUESTS, 2_048)
                        .withClass(DefaultDriverOption.TIMESTAMP_GENERATOR_CLASS, ClockAhead.class)
                        .build())
                .addContactPoints(nodes.stream()
                        .map(node -> new InetSocketAddress(
                                node.substring(0, node.indexOf(':')),
                                Integer.parseInt(node.substring(node.indexOf(':') + 1))))
                        .toList())
                .withLocalDatacenter(CassandraNodes.DATACENTER)
                .build();
    }

    private void make(Queue<String> calls) {
        for (String call = calls.poll(); call != null && !isGivenUp.get(); call = calls.poll()) {
            String[] words = call.split(" ", 3);
            make(words[0], words[1], words[2]);
        }
    }

    private void make(String message, String what, String argument) {
        for (int attempt = 0; ; attempt++) {
            String call = message + "\t" + attempt + "\t";
            say("begun\t" + call + System.nanoTime());
            String end;
            boolean isOver = true;
            try {
                Outcome outcome = what.equals(LOOK)
                        ? Outcome.found(
                                attribution.trace(ClickId.parse(argument)).conversions())
                        : Outcome.of(attribution.postback(argument));
                end = "answered\t" + call + System.nanoTime() + "\t" + outcome;
            } catch (StorageException e) {
                isOver = !e.isTransient();
                end = (isOver ? "broken\t" : "failed\t") + call + System.nanoTime() + "\t" + e;
            } catch (RuntimeException e) {
                end = "broken\t" + call + System.nanoTime() + "\t" + e;
            }
            say(end.replace('\n', ' '));
            if (attempt == MAX_ATTEMPTS) {
                isGivenUp.set(true);
            }
            if (isOver || isGivenUp.get()) {
                return;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** Writes a line with one call, so that it is read as a whole or not at all. */
    private static void say(String line) {
        try {
            OUTPUT.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
