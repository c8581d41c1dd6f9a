package dev.attribution.examples.benchmarks.store;

/** Starts the database that takes longest while benchmarks of others run. */
public final class SlowStart {
    private SlowStart() {}

    /** Returns at once. Whoever needs the database sooner waits for it. */
    public static void begin() {
        new Thread(() -> Server.MARIADB.pool(1).close(), "start of MariaDB").start();
    }
}
