package dev.attribution.faultinjection;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between a store and its server, and cuts connections at a point that it is told: where the client sends a certain
 * text, either before the server gets that or once the server has answered it, so that the answer is lost.
 */
final class Proxy implements AutoCloseable {
    enum Cut {
        BEFORE_IT_IS_SENT,
        BEFORE_IT_IS_ANSWERED
    }

    /** What to cut, and how often yet. */
    private record Plan(Cut cut, String text, AtomicInteger left) {}

    private final ServerSocket entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger cuts = new AtomicInteger();
    private final String host;
    private final int port;
    private volatile Plan plan = new Plan(Cut.BEFORE_IT_IS_SENT, "", new AtomicInteger());

    Proxy(String host, int port) throws IOException {
        this.host = host;
        this.port = port;
        new Thread(this::accept, "accepts connections").start();
    }

    int port() {
        return entrance.getLocalPort();
    }

    /** Cuts so many connections from now on, each where the client sends the text. */
    void cut(Cut cut, String text, int times) {
        plan = new Plan(cut, text, new AtomicInteger(times));
        cuts.set(0);
    }

    /** Returns how many connections were cut as told last. */
    int cuts() {
        return cuts.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = entrance.accept();
                new Link(client, new Socket(host, port)).start();
            }
        } catch (IOException e) {
            // closed
        }
    }

    @Override
    public void close() throws IOException {
        entrance.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private final class Link {
        private final Socket client;
        private final Socket server;
        private volatile boolean answerIsLost;

        Link(Socket client, Socket server) throws IOException {
            this.client = client;
            this.server = server;
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            sockets.add(client);
            sockets.add(server);
        }

        void start() {
            new Thread(() -> untilClosed(this::forwardCalls), "forwards calls").start();
            new Thread(() -> untilClosed(this::forwardAnswers), "forwards answers").start();
        }

        private void forwardCalls() throws IOException {
            InputStream in = client.getInputStream();
            OutputStream out = server.getOutputStream();
            byte[] bytes = new byte[8192];
            String before = ""; // what may be the beginning of the text
            for (int count; (count = in.read(bytes)) >= 0; ) {
                Plan now = plan;
                String seen = before + new String(bytes, 0, count, StandardCharsets.ISO_8859_1);
                if (seen.contains(now.text) && now.left.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                    if (now.cut == Cut.BEFORE_IT_IS_SENT) {
                        cuts.incrementAndGet();
                        return;
                    }
                    answerIsLost = true;
                }
                before = seen.substring(Math.max(0, seen.length() - Math.max(0, now.text.length() - 1)));
                out.write(bytes, 0, count);
            }
        }

        private void forwardAnswers() throws IOException {
            InputStream in = server.getInputStream();
            OutputStream out = client.getOutputStream();
            byte[] bytes = new byte[8192];
            for (int count; (count = in.read(bytes)) >= 0; ) {
                if (answerIsLost) {
                    cuts.incrementAndGet();
                    return;
                }
                out.write(bytes, 0, count);
            }
        }

        private void untilClosed(Forwarding forwarding) {
            try (client;
                    server) {
                forwarding.run();
            } catch (IOException e) {
                // closed by the other direction
            } finally {
                sockets.remove(client);
                sockets.remove(server);
            }
        }
    }

    private interface Forwarding {
        void run() throws IOException;
    }
}
