package dev.attribution.faultinjection;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;

/** A process that runs {@link Load}, and the journal that it is heard into. */
final class LoadProcess implements AutoCloseable {
    private static final int ENDED = 1_000_000;

    private volatile Journal journal;
    private final Semaphore answers;
    private final Process process;
    private final BufferedWriter input;
    private final Thread listener = new Thread(this::listen, "listens to a process");
    private final CountDownLatch ready = new CountDownLatch(1);
    private final Semaphore failures = new Semaphore(0);
    private final Semaphore done = new Semaphore(0);

    private LoadProcess(Process process, Journal journal, Semaphore answers) {
        this.process = process;
        this.input = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        this.journal = journal;
        this.answers = answers;
        listener.start();
    }

    /**
     * Starts a process, which waits for its calls.
     *
     * @param answers gets a permit for each answer, and plenty of them when the process ends
     */
    static LoadProcess start(String url, Journal journal, Semaphore answers) throws IOException {
        return new LoadProcess(
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Load.class.getName(),
                                url)
                        .redirectError(Redirect.INHERIT)
                        .start(),
                journal,
                answers);
    }

    /** Starts processes, which wait for their calls. */
    static List<LoadProcess> start(String url, int count) throws IOException {
        List<LoadProcess> processes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            processes.add(start(url, new Journal(), new Semaphore(0)));
        }
        return processes;
    }

    /** Lets each process make its list of calls once all of them are ready, and waits until all calls are answered. */
    static void fire(List<LoadProcess> processes, Load.Wallets wallets, Journal journal, List<List<String>> calls)
            throws Exception {
        for (int i = 0; i < processes.size(); i++) {
            processes.get(i).journal = journal;
            processes.get(i).tell(calls.get(i));
        }
        for (LoadProcess process : processes) {
            process.go(wallets);
        }
        for (LoadProcess process : processes) {
            process.done.acquire();
        }
    }

    /** Lets the process make calls, and end. */
    void fire(Load.Wallets wallets, List<String> calls) throws Exception {
        tell(calls);
        go(wallets);
        input.close();
    }

    private void tell(List<String> calls) throws Exception {
        ready.await();
        for (String call : calls) {
            input.write(call);
            input.newLine();
        }
        input.flush();
    }

    private void go(Load.Wallets wallets) throws IOException {
        input.write(Load.GO + wallets);
        input.newLine();
        input.flush();
    }

    private void listen() {
        StringBuilder begun = new StringBuilder();
        byte[] bytes = new byte[8192];
        try (InputStream output = process.getInputStream()) {
            for (int count; (count = output.read(bytes)) >= 0; ) {
                begun.append(new String(bytes, 0, count, StandardCharsets.US_ASCII));
                for (int end; (end = begun.indexOf("\n")) >= 0; begun.delete(0, end + 1)) {
                    hear(begun.substring(0, end));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            ready.countDown();
            answers.release(ENDED);
            failures.release(ENDED);
            done.release(ENDED);
        }
    }

    private void hear(String line) {
        if (line.equals(Load.READY)) {
            ready.countDown();
            return;
        }
        if (line.equals(Load.DONE)) {
            done.release();
            return;
        }
        journal.add(line);
        if (line.startsWith("answered") || line.startsWith("clicked")) {
            answers.release();
        } else if (line.startsWith("failed")) {
            failures.release();
        }
    }

    /** Waits for so many more failures, or the end of the process. */
    void awaitFailures(int more) throws InterruptedException {
        failures.acquire(more);
    }

    /** Lets the process end when it has made its calls, waits for that, and returns its exit code. */
    int end() throws IOException, InterruptedException {
        input.close();
        return exitCode();
    }

    /** Waits for the end of the process and of what it said. */
    private int exitCode() throws InterruptedException {
        listener.join();
        return process.waitFor();
    }

    /** Kills the process as {@code kill -9} does, and returns its exit code. */
    int kill() throws InterruptedException {
        process.toHandle().destroyForcibly(); // which leaves open what is in the pipe
        return exitCode();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
