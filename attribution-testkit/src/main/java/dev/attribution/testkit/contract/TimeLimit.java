package dev.attribution.testkit.contract;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/** Ends a test of the contract that does not end by itself: it runs on its own thread, which may go on running. */
final class TimeLimit implements InvocationInterceptor {
    private final Supplier<Duration> limit;

    TimeLimit(Supplier<Duration> limit) {
        this.limit = limit;
    }

    @Override
    public void interceptTestMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        invocation.proceed();
                    } catch (Throwable e) { // passed on to the thread that waits
                        thrown.set(e);
                    }
                },
                Thread.currentThread().getName() + " under a time limit");
        thread.setDaemon(true);
        thread.setContextClassLoader(Thread.currentThread().getContextClassLoader());
        thread.start();
        try {
            thread.join(limit.get().toMillis());
        } catch (InterruptedException e) {
            thread.interrupt();
            throw e;
        }
        if (thread.isAlive()) {
            AssertionError tooLong = new AssertionError("The test did not end within "
                    + limit.get().toSeconds() + " seconds: the stack trace shows where the store or the test was");
            tooLong.setStackTrace(thread.getStackTrace());
            thread.interrupt();
            throw tooLong;
        }
        Throwable failure = thrown.get();
        if (failure != null) {
            throw failure;
        }
    }
}
