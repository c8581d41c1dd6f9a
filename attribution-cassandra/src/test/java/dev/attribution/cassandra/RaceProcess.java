package dev.attribution.cassandra;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/** A process that runs {@link RaceClient}, and what it says into a journal. */
final class RaceProcess implements AutoCloseable {
    private final Process process;
    private final BufferedWriter input;
    private final RaceJournal journal;
    private final AtomicBoolean isGone = new AtomicBoolean();
    private final CountDownLatch isReady = new CountDownLatch(1);
    private final Thread listener = new Thread(this::listen, "listens to a process");

    private RaceProcess(Process process, RaceJournal journal) {
        this.process = process;
        this.input = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        this.journal = journal;
        listener.setDaemon(true);
        listener.start();
    }

    /** Starts a process, which connects and waits for its calls. */
    static RaceProcess start(RaceJournal journal, String tablePrefix, Duration clockAhead, int threads)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djava.util.logging.config.file=" + System.getProperty("java.util.logging.config.file"),
                "-cp",
                System.getProperty("java.class.path"),
                RaceClient.class.getName(),
                tablePrefix,
                Long.toString(clockAhead.toMillis()),
                Integer.toString(threads)));
        command.addAll(TestCluster.contactPoints());
        return new RaceProcess(
                new ProcessBuilder(command).redirectError(Redirect.INHERIT).start(), journal);
    }

    /** Hands the calls over, once the process is ready. */
    void prepare(List<RaceJournal.Message> messages) throws Exception {
        isReady.await();
        if (!process.isAlive()) {
            throw new IOException("A process ended before its calls: its output says why");
        }
        for (RaceJournal.Message message : messages) {
            input.write(message.line());
            input.newLine();
        }
        input.flush();
    }

    void go() throws IOException {
        journal.count(1);
        isGone.set(true);
        input.write(RaceClient.GO);
        input.newLine();
        input.flush();
    }

    private void listen() {
        StringBuilder begun = new StringBuilder();
        byte[] bytes = new byte[8192];
        try (InputStream output = process.getInputStream()) {
            for (int count; (count = output.read(bytes)) >= 0; ) {
                begun.append(new String(bytes, 0, count, StandardCharsets.UTF_8));
                for (int end; (end = begun.indexOf("\n")) >= 0; begun.delete(0, end + 1)) {
                    hear(begun.substring(0, end));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            if (isGone.get()) {
                journal.count(-1);
            }
            isReady.countDown();
        }
    }

    private void hear(String line) {
        if (line.equals(RaceClient.READY)) {
            isReady.countDown();
        } else {
            journal.add(this, line);
        }
    }

    /** Waits for the end of the process and of what it said, and returns its exit code. */
    int end() throws InterruptedException {
        listener.join();
        return process.waitFor();
    }

    /** Kills the process as {@code kill -9} does, hears what it had said, and returns its exit code. */
    int kill() throws InterruptedException {
        process.toHandle().destroyForcibly(); // which leaves open what is in the pipe
        return end();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
