package dev.attribution.cassandra;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A relay before a node, which can lose answers: it passes a request on, and closes the connection when its answer comes.
 * Reads the frames of version 4 of the protocol: nine bytes of a header, with the stream in the third and fourth, the kind in
 * the fifth and the length in the last four.
 */
final class Proxy implements AutoCloseable {
    static final int BATCH = 0x0D;
    static final int EXECUTE = 0x0A;

    private final InetSocketAddress node;
    private final ServerSocket server;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger lost = new AtomicInteger();
    private volatile int kind;
    private volatile int every;

    Proxy(InetSocketAddress node) throws IOException {
        this.node = node;
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        daemon(() -> {
            while (!server.isClosed()) {
                relay(server.accept());
            }
        });
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort());
    }

    /** Loses the answer to every n-th request of a kind from now on; of no request if it is 0. */
    void lose(int requestKind, int everyNth) {
        kind = requestKind;
        requests.set(0);
        every = everyNth;
    }

    int lostAnswers() {
        return lost.get();
    }

    private void relay(Socket client) throws IOException {
        Socket backend = new Socket(node.getAddress(), node.getPort());
        sockets.addAll(List.of(client, backend));
        Set<Short> doomed = ConcurrentHashMap.newKeySet();
        daemon(() -> copy(client, backend, header -> {
            if (every > 0 && header.get(4) == kind && requests.incrementAndGet() % every == 0) {
                doomed.add(header.getShort(2));
            }
            return true;
        }));
        daemon(() -> copy(backend, client, header -> {
            if (doomed.remove(header.getShort(2))) {
                lost.incrementAndGet();
                return false;
            }
            return true;
        }));
    }

    private interface Frames {
        boolean pass(ByteBuffer header);
    }

    private static void copy(Socket from, Socket to, Frames frames) throws IOException {
        try (from;
                to) {
            DataInputStream in = new DataInputStream(from.getInputStream());
            OutputStream out = to.getOutputStream();
            while (true) {
                byte[] header = in.readNBytes(9);
                if (header.length < 9 || !frames.pass(ByteBuffer.wrap(header))) {
                    return;
                }
                byte[] body = in.readNBytes(ByteBuffer.wrap(header).getInt(5));
                out.write(header);
                out.write(body);
                out.flush();
            }
        }
    }

    private interface Task {
        void run() throws IOException;
    }

    private static void daemon(Task task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (IOException e) {
                        // one of the two has closed the connection
                    }
                },
                "proxy");
        thread.setDaemon(true);
        thread.start();
    }

    /** Closes every connection and accepts no further ones: the node cannot be reached any more. */
    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
