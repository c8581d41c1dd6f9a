package dev.attribution.examples.benchmarks.load;

import com.sun.management.GarbageCollectionNotificationInfo;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;

/** The most of the heap that was in use right after a collection. */
public final class PeakHeap {
    private final Set<String> pools = ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .map(MemoryPoolMXBean::getName)
            .collect(Collectors.toSet());
    private final AtomicLong most = new AtomicLong();

    private PeakHeap() {}

    /**
     * Begins to watch the heap of this JVM.
     *
     * @return what was seen of it
     */
    public static PeakHeap watch() {
        PeakHeap heap = new PeakHeap();
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            ((NotificationEmitter) collector)
                    .addNotificationListener(
                            (notification, handback) -> heap.look(
                                    GarbageCollectionNotificationInfo.from((CompositeData) notification.getUserData())),
                            notification -> notification
                                    .getType()
                                    .equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION),
                            null);
        }
        return heap;
    }

    private void look(GarbageCollectionNotificationInfo collection) {
        long used = collection.getGcInfo().getMemoryUsageAfterGc().entrySet().stream()
                .filter(pool -> pools.contains(pool.getKey()))
                .mapToLong(pool -> pool.getValue().getUsed())
                .sum();
        most.accumulateAndGet(used, Math::max);
    }

    /**
     * Returns the most that was in use. If nothing was collected, that is what is in use now, garbage and all.
     *
     * @return megabytes
     */
    public double megabytes() {
        Runtime runtime = Runtime.getRuntime();
        long used = most.get() > 0 ? most.get() : runtime.totalMemory() - runtime.freeMemory();
        return used / 1e6;
    }
}
