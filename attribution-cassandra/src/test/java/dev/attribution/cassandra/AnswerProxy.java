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
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A relay before a node. It can lose an answer: it passes a request on, and closes the connection when its answer comes. It can
 * cut a request off: it closes the connection instead of passing the request on. And it can hold a request back for some time.
 * Reads the frames of version 4 of the protocol: nine bytes of a header, with the stream in the third and fourth, the kind in
 * the fifth and the length in the last four.
 */
final class AnswerProxy implements AutoCloseable {
    static final int BATCH = 0x0D;
    static final int EXECUTE = 0x0A;

    private final InetSocketAddress node;
    private final ServerSocket server;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger lost = new AtomicInteger();
    private final CountDownLatch isHolding = new CountDownLatch(1);
    private final CountDownLatch isReleased = new CountDownLatch(1);
    private volatile Fault fault = Fault.NONE;
    private volatile int kind;
    private volatile int every;

    private enum Fault {
        NONE,
        LOSE,
        CUT,
        HOLD
    }

    AnswerProxy(InetSocketAddress node) throws IOException {
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
        begin(Fault.LOSE, requestKind, everyNth);
    }

    /** Cuts off every n-th request of a kind from now on. */
    void cut(int requestKind, int everyNth) {
        begin(Fault.CUT, requestKind, everyNth);
    }

    /** Holds back the n-th request of a kind from now on. */
    void hold(int requestKind, int nth) {
        begin(Fault.HOLD, requestKind, nth);
    }

    /** Passes all requests on from now on. */
    void heal() {
        begin(Fault.NONE, 0, 0);
    }

    private void begin(Fault next, int requestKind, int everyNth) {
        fault = Fault.NONE;
        kind = requestKind;
        requests.set(0);
        every = everyNth;
        fault = everyNth == 0 ? Fault.NONE : next;
    }

    /** Waits until a request is held back. */
    void awaitHeld() throws InterruptedException {
        isHolding.await();
    }

    /** Passes the request on that is held back. */
    void release() {
        isReleased.countDown();
    }

    /** Returns how many requests have no answer. */
    int lostAnswers() {
        return lost.get();
    }

    private void relay(Socket client) throws IOException {
        Socket backend = new Socket(node.getAddress(), node.getPort());
        client.setTcpNoDelay(true);
        backend.setTcpNoDelay(true);
        sockets.addAll(List.of(client, backend));
        Set<Short> doomed = ConcurrentHashMap.newKeySet();
        daemon(() -> copy(client, backend, header -> {
            if (fault == Fault.NONE || header.get(4) != kind || requests.incrementAndGet() % every != 0) {
                return true;
            }
            switch (fault) {
                case LOSE -> doomed.add(header.getShort(2));
                case CUT -> {
                    lost.incrementAndGet();
                    return false;
                }
                case HOLD -> holdBack();
                case NONE -> {}
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

    private void holdBack() throws IOException {
        fault = Fault.NONE;
        isHolding.countDown();
        try {
            isReleased.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private interface Frames {
        boolean pass(ByteBuffer header) throws IOException;
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
                int length = ByteBuffer.wrap(header).getInt(5);
                byte[] frame = Arrays.copyOf(header, 9 + length);
                in.readNBytes(frame, 9, length);
                out.write(frame); // at one time: the kernel holds back a second packet until the first one is confirmed
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
