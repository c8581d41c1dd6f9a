package dev.attribution.spring;

import dev.attribution.StorageException;
import dev.attribution.click.Click;
import dev.attribution.listener.AttributionListener;
import dev.attribution.listener.SettledPostback;
import dev.attribution.listener.WrittenBatch;
import java.util.List;
import java.util.function.Consumer;

/** Tells several listeners. One that throws keeps no other from being told. */
final class ListenerList implements AttributionListener {
    private final List<AttributionListener> listeners;

    ListenerList(List<AttributionListener> listeners) {
        this.listeners = List.copyOf(listeners);
    }

    private void tell(Consumer<AttributionListener> what) {
        Throwable failure = null;
        for (AttributionListener listener : listeners) {
            try {
                what.accept(listener);
            } catch (Throwable e) { // a class that is missing at run time, too
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            ListenerList.<RuntimeException>raise(failure); // the façade logs it
        }
    }

    /** Throws what no signature declares: a listener in Kotlin may throw a checked exception. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> void raise(Throwable failure) throws E {
        throw (E) failure;
    }

    @Override
    public void clicked(Click click) {
        tell(listener -> listener.clicked(click));
    }

    @Override
    public void settled(SettledPostback settled) {
        tell(listener -> listener.settled(settled));
    }

    @Override
    public void written(WrittenBatch batch) {
        tell(listener -> listener.written(batch));
    }

    @Override
    public void speculative(String rule) {
        tell(listener -> listener.speculative(rule));
    }

    @Override
    public void failed(StorageException fault) {
        tell(listener -> listener.failed(fault));
    }
}
