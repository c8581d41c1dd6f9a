package dev.attribution.faultinjection;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.attribution.Attribution;
import dev.attribution.StorageException;
import dev.attribution.click.ClickRequest;
import dev.attribution.click.Redirect;
import dev.attribution.conversion.DuplicatePolicy;
import dev.attribution.jdbc.JdbcAttributionStore;
import dev.attribution.postback.PostbackOutcome;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/**
 * A process that reads lists of calls and makes each list from 16 threads. It writes the lines of a {@link Journal}; a call
 * that fails with a transient {@link StorageException} is made again until it is answered, any other exception ends the
 * process.
 */
final class Load {
    static final int THREADS = 16;
    static final String READY = "ready";

    /** Precedes the name of {@link Wallets} in the line that ends a list of calls. */
    static final String GO = "go ";

    /** Is written when all calls of a list are answered. */
    static final String DONE = "done";

    /** Whether the application does something on credit, so that postbacks are settled one by one, or nothing. */
    enum Wallets {
        KEPT,
        NONE
    }

    private static final FileOutputStream JOURNAL = new FileOutputStream(FileDescriptor.out);

    private final Attribution attribution;

    private Load(JdbcAttributionStore.Builder store) {
        this.attribution = Attribution.builder(store.build()).build();
    }

    public static void main(String[] args) throws Exception {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(args[0]);
        config.setMaximumPoolSize(THREADS / 2);
        config.setConnectionTimeout(2_000);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            Load withWallets = new Load(JdbcAttributionStore.builder(pool).onCredit(Wallet::increment));
            Load withoutWallets = new Load(JdbcAttributionStore.builder(pool));
            say(READY);
            BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            List<String> calls = new ArrayList<>();
            for (String line; (line = input.readLine()) != null; ) {
                if (line.startsWith(GO)) {
                    boolean kept = Wallets.valueOf(line.substring(GO.length())) == Wallets.KEPT;
                    (kept ? withWallets : withoutWallets).make(calls);
                    say(DONE);
                    calls.clear();
                } else {
                    calls.add(line);
                }
            }
        }
    }

    private void make(List<String> calls) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Callable<Void>> tasks = new ArrayList<>();
            for (String call : calls) {
                tasks.add(() -> {
                    make(call);
                    return null;
                });
            }
            for (Future<Void> task : threads.invokeAll(tasks)) {
                task.get();
            }
        } finally {
            threads.shutdown();
        }
    }

    private void make(String call) {
        String[] words = call.split(" ", 3);
        switch (words[0]) {
            case "postback" -> postback(words[1]);
            case "visit" -> visit(words[1], words[2]);
            case "policy" -> switchPolicy(words[1], DuplicatePolicy.parse(words[2]));
            default -> throw new IllegalArgumentException(call);
        }
    }

    private void postback(String query) {
        String call = Journal.POSTBACK + query;
        PostbackOutcome outcome = untilAnswered(call, () -> attribution.postback(query));
        say("answered", call, Journal.outcome(outcome.kind(), outcome.reason(), outcome.conversionId()));
    }

    private void visit(String offerId, String memberId) {
        String call = "visit " + offerId + " " + memberId;
        Redirect redirect = untilAnswered(call, () -> attribution.click(ClickRequest.of(offerId, memberId)));
        say("clicked", call, redirect.clickId().value());
        postback(Stage.query(redirect.clickId()));
    }

    private void switchPolicy(String offerId, DuplicatePolicy policy) {
        String call = "policy " + offerId + " " + policy;
        untilAnswered(call, () -> {
            attribution.offers().put(Stage.offer(offerId, policy));
            return policy;
        });
        say("switched", call);
    }

    private <T> T untilAnswered(String call, Supplier<T> made) {
        while (true) {
            say("call", call);
            try {
                return made.get();
            } catch (StorageException e) {
                say("failed", call, e.isTransient() ? "transient" : "for good");
                if (!e.isTransient()) {
                    throw e;
                }
            }
        }
    }

    /** Writes a line at once, so that it is read as a whole or not at all. */
    private static void say(String... fields) {
        try {
            JOURNAL.write((String.join("\t", fields) + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
