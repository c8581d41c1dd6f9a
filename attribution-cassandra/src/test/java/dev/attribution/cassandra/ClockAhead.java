package dev.attribution.cassandra;

import com.datastax.oss.driver.api.core.context.DriverContext;
import com.datastax.oss.driver.api.core.time.TimestampGenerator;
import java.util.concurrent.TimeUnit;

/** The times that the driver sends with writes, by the wrong clock of a process. Public, since the driver makes it. */
public final class ClockAhead implements TimestampGenerator {
    private final long micros = TimeUnit.MILLISECONDS.toMicros(Long.getLong(ClockAhead.class.getName()));

    public ClockAhead(DriverContext context) {}

    @Override
    public long next() {
        return TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis()) + micros;
    }

    @Override
    public void close() {}
}
