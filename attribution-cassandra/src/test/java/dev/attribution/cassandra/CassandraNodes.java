package dev.attribution.cassandra;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Real nodes of one cluster, each in a JVM of its own on an address of this machine: 127.0.0.1, 127.0.0.2 and so on. A node
 * needs JDK 17, whatever JDK the tests run on.
 */
final class CassandraNodes implements AutoCloseable {
    static final String DATACENTER = "datacenter1";

    private static final boolean IS_MEASURED = System.getProperty("cassandra.measured") != null;

    private static final List<String> EXPORTED = List.of("jdk.internal.misc", "jdk.internal.ref", "sun.nio.ch");
    private static final List<String> OPENED = List.of(
            "java.lang.module",
            "jdk.internal.loader",
            "jdk.internal.ref",
            "jdk.internal.reflect",
            "jdk.internal.math",
            "jdk.internal.module",
            "jdk.internal.util.jar",
            "sun.nio.ch",
            "java.io",
            "java.lang",
            "java.lang.reflect",
            "java.math",
            "java.net",
            "java.nio",
            "java.util",
            "java.util.concurrent",
            "java.util.concurrent.atomic");

    private final Path directory;
    private final int count;
    private final int clientPort;
    private final int clusterPort;
    private final List<Process> processes = new ArrayList<>();

    private CassandraNodes(Path directory, int count) {
        this.directory = directory;
        this.count = count;
        this.clientPort = freePort();
        this.clusterPort = freePort();
    }

    /** Returns the home of a JDK 17, or empty if there is none. */
    static Optional<Path> jdk17() {
        List<Path> homes = new ArrayList<>();
        homes.add(Path.of(System.getProperty("java.home")));
        Optional.ofNullable(System.getenv("JAVA_HOME")).map(Path::of).ifPresent(homes::add);
        try (Stream<Path> installed = Files.list(Path.of("/usr/lib/jvm"))) {
            installed.sorted().forEach(homes::add);
        } catch (IOException e) {
            // no such directory on this machine
        }
        return homes.stream()
                .filter(home -> Files.isExecutable(home.resolve("bin/java")))
                .filter(CassandraNodes::isJdk17)
                .findFirst();
    }

    private static boolean isJdk17(Path home) {
        try {
            return Files.readString(home.resolve("release")).contains("JAVA_VERSION=\"17");
        } catch (IOException e) {
            return false;
        }
    }

    /** Starts nodes one after the other, and waits until each answers. */
    static CassandraNodes start(int count) throws IOException {
        CassandraNodes nodes = new CassandraNodes(newDirectory(), count);
        Runtime.getRuntime().addShutdownHook(new Thread(nodes::close));
        for (int node = 0; node < count; node++) {
            nodes.processes.add(nodes.launch(node));
            nodes.awaitAnswer(node);
        }
        return nodes;
    }

    /**
     * Returns whether a node finds on its disk what it has acknowledged. A single node does not, and no test starts it again: it
     * runs the contract, and tests that lose answers between the client and the node, in less time. Tests that kill a node need
     * several.
     */
    private boolean isDurable() {
        return count > 1 || IS_MEASURED;
    }

    /** In memory, if there is room: most tests wait for the disk otherwise, and what kills a node here leaves its files. */
    private static Path newDirectory() throws IOException {
        Path memory = Path.of("/dev/shm");
        boolean isUsed =
                !IS_MEASURED && Files.isWritable(memory) && memory.toFile().getUsableSpace() > (4L << 30);
        return isUsed ? Files.createTempDirectory(memory, "cassandra") : Files.createTempDirectory("cassandra");
    }

    InetSocketAddress address(int node) {
        return new InetSocketAddress(host(node), clientPort);
    }

    private static String host(int node) {
        return "127.0.0." + (node + 1);
    }

    Process process(int node) {
        return processes.get(node);
    }

    /** Kills a node, so that it cannot put anything in order. */
    void kill(int node) throws InterruptedException {
        processes.get(node).destroyForcibly().waitFor();
    }

    /** Stops a node where it is, so that it keeps its connections and answers nothing. */
    void pause(int node) throws IOException {
        signal(node, "STOP");
    }

    /** Lets a node go on that was paused. */
    void resume(int node) throws IOException {
        signal(node, "CONT");
    }

    private void signal(int node, String name) throws IOException {
        new ProcessBuilder("kill", "-" + name, Long.toString(processes.get(node).pid()))
                .start()
                .onExit()
                .join();
    }

    /** Starts a node that was killed, on its data. */
    void restart(int node) throws IOException {
        processes.set(node, launch(node));
        awaitAnswer(node);
    }

    private Process launch(int node) throws IOException {
        Path home = Files.createDirectories(directory.resolve("node" + node));
        Files.writeString(home.resolve("cassandra.yaml"), yaml(node, home));
        Files.writeString(home.resolve("logback.xml"), """
                <configuration>
                  <appender name="OUT" class="ch.qos.logback.core.ConsoleAppender">
                    <encoder><pattern>%-5level %date{HH:mm:ss.SSS} %logger{0}: %msg%n</pattern></encoder>
                  </appender>
                  <root level="WARN"><appender-ref ref="OUT"/></root>
                </configuration>
                """);
        List<String> command = new ArrayList<>(List.of(
                jdk17().orElseThrow().resolve("bin/java").toString(),
                "-Xms384m",
                "-Xmx640m",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                // several nodes share the processors for a short time, in which the second compiler tier does not pay
                "-XX:TieredStopAtLevel=" + (count > 1 && !IS_MEASURED ? 1 : 4),
                "-Xshare:auto",
                "-Djdk.attach.allowAttachSelf=true",
                "-Dcassandra.config=" + home.resolve("cassandra.yaml").toUri(),
                "-Dcassandra.storagedir=" + home,
                "-Dcassandra-foreground=yes",
                "-Dlogback.configurationFile=" + home.resolve("logback.xml"),
                "-Dcassandra.ring_delay_ms=2000",
                "-Dcassandra.superuser_setup_delay_ms=0",
                "-Dcassandra.unsafesystem=" + !isDurable(), // whether system tables are not flushed
                "-Dcassandra.test.flush_local_schema_changes=" + isDurable(),
                "-Dcassandra.disable_paxos_auto_repairs=true",
                "-Dcassandra.skip_wait_for_gossip_to_settle=0",
                "-Dio.netty.eventLoopThreads=2"));
        EXPORTED.forEach(name -> command.addAll(List.of("--add-exports", "java.base/" + name + "=ALL-UNNAMED")));
        OPENED.forEach(name -> command.addAll(List.of("--add-opens", "java.base/" + name + "=ALL-UNNAMED")));
        command.addAll(List.of(
                "--add-exports",
                "java.management.rmi/com.sun.jmx.remote.internal.rmi=ALL-UNNAMED",
                "--add-exports",
                "java.rmi/sun.rmi.registry=ALL-UNNAMED",
                "--add-exports",
                "java.rmi/sun.rmi.server=ALL-UNNAMED",
                "--add-exports",
                "java.sql/java.sql=ALL-UNNAMED",
                "--add-opens",
                "jdk.management/com.sun.management.internal=ALL-UNNAMED",
                "-cp",
                classPath(),
                "org.apache.cassandra.service.CassandraDaemon"));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log(node)))
                .start();
    }

    private File log(int node) {
        return directory.resolve("node" + node).resolve("log").toFile();
    }

    /** The class path that the module of the node has written. */
    private static String classPath() throws IOException {
        for (String place : List.of("node", "attribution-cassandra/node")) {
            Path file = Path.of(place, "target", "node.classpath");
            if (Files.exists(file)) {
                return Files.readString(file).strip();
            }
        }
        throw new IOException(
                "node/target/node.classpath does not exist: build with -am, so that the node's module runs");
    }

    private String yaml(int node, Path home) {
        // evenly over the ring of the Murmur3 partitioner
        long token = Long.MIN_VALUE + node * Long.divideUnsigned(-1L, count) + 1;
        return """
                cluster_name: attribution
                num_tokens: 1
                initial_token: %d
                partitioner: org.apache.cassandra.dht.Murmur3Partitioner
                data_file_directories: [%s/data]
                commitlog_directory: %s/commitlog
                saved_caches_directory: %s/saved_caches
                hints_directory: %s/hints
                cdc_raw_directory: %s/cdc_raw
                %s
                commitlog_disk_access_mode: legacy
                commitlog_segment_size: 8MiB
                commitlog_total_space: 64MiB
                disk_failure_policy: stop
                commit_failure_policy: stop
                seed_provider:
                  - class_name: org.apache.cassandra.locator.SimpleSeedProvider
                    parameters: [{seeds: "127.0.0.1:%d"}]
                listen_address: %s
                rpc_address: %s
                storage_port: %d
                native_transport_port: %d
                start_native_transport: true
                endpoint_snitch: SimpleSnitch
                auto_snapshot: false
                auto_bootstrap: false
                paxos_variant: v2
                memtable_heap_space: 96MiB
                memtable_offheap_space: 64MiB
                key_cache_size: 8MiB
                file_cache_size: 32MiB
                networking_cache_size: 16MiB
                concurrent_reads: 16
                concurrent_writes: 16
                concurrent_compactors: 1
                native_transport_max_threads: 64
                """.formatted(
                        token,
                        home,
                        home,
                        home,
                        home,
                        home,
                        isDurable() ? "commitlog_sync: batch" : "commitlog_sync: periodic\ncommitlog_sync_period: 10s",
                        clusterPort,
                        host(node),
                        host(node),
                        clusterPort,
                        clientPort);
    }

    private void awaitAnswer(int node) throws IOException {
        while (!isListening(node)) {
            try {
                if (processes.get(node).waitFor(200, TimeUnit.MILLISECONDS)) {
                    throw new IOException("A node ended when it was started:\n"
                            + Files.readString(log(node).toPath()));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
        }
    }

    private boolean isListening(int node) {
        try (Socket socket = new Socket()) {
            socket.connect(address(node));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Stops all nodes and deletes their data. */
    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
        for (Process process : processes) {
            process.onExit().join();
        }
        try (Stream<Path> files = Files.exists(directory) ? Files.walk(directory) : Stream.empty()) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
