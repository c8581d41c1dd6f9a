package dev.attribution.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.loadbalancing.NodeDistance;
import com.datastax.oss.driver.api.core.metadata.Metadata;
import com.datastax.oss.driver.api.core.metadata.Node;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.StreamSupport;

/** Sessions that differ from a real one in one respect. */
final class Sessions {
    private Sessions() {}

    /** What a call returns instead of calling the real object, or {@code null} to call it. */
    interface Answer {
        Object to(String method, Object[] arguments);
    }

    static <T> T answering(Class<T> type, T real, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                Sessions.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, given) -> {
                    Object[] arguments = given == null ? new Object[0] : given;
                    Object instead = answer.to(method.getName(), arguments);
                    if (instead != null) {
                        return instead;
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    /** A session that also reaches a node of another data center. */
    static CqlSession reaching(String dataCenter, NodeDistance distance, CqlSession real) {
        Node other = answering(
                Node.class,
                real.getMetadata().getNodes().values().iterator().next(),
                (method, given) -> switch (method) {
                    case "getDatacenter" -> dataCenter;
                    case "getDistance" -> distance;
                    default -> null;
                });
        return answering(CqlSession.class, real, (method, given) -> {
            if (!method.equals("getMetadata")) {
                return null;
            }
            Map<UUID, Node> nodes = new HashMap<>(real.getMetadata().getNodes());
            nodes.put(UUID.randomUUID(), other);
            return answering(
                    Metadata.class, real.getMetadata(), (name, none) -> name.equals("getNodes") ? nodes : null);
        });
    }

    /** A session that does something once, just before it sends a statement with the given text. */
    static CqlSession doingBefore(String text, CqlSession real, Runnable what) {
        AtomicBoolean isDone = new AtomicBoolean();
        return answering(CqlSession.class, real, (method, arguments) -> {
            if (method.equals("executeAsync") && has(arguments[0], text) && isDone.compareAndSet(false, true)) {
                CompletableFuture.runAsync(what).join(); // another thread than the driver's, which may not wait
            }
            return null;
        });
    }

    private static boolean has(Object statement, String text) {
        if (statement instanceof BatchStatement batch) {
            return StreamSupport.stream(batch.spliterator(), false).anyMatch(one -> has(one, text));
        }
        return statement instanceof BoundStatement bound
                && bound.getPreparedStatement().getQuery().contains(text);
    }
}
