package io.github.camellago.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.camellago.RouteTestSupport;
import io.github.camellago.api.LagoTransportException;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A server that closes connections which the client still has in its pool. */
class PooledConnectionsTest extends RouteTestSupport {

    private static final Map<String, Object> TOP_UP = Map.of("wallet_id", "w", "paid_credits", "5");

    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private ServerSocket server;
    private volatile boolean closeAfterAnswer;
    private volatile boolean closeInsteadOfAnswer;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread accepting = new Thread(() -> {
            while (!server.isClosed()) {
                try {
                    Socket connection = server.accept();
                    new Thread(() -> serve(connection)).start();
                } catch (IOException e) {
                    // closed
                }
            }
        });
        accepting.setDaemon(true);
        accepting.start();
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Test
    void aPostOnAConnectionThatClosesUnderItIsNotRepeated() throws Exception {
        sent(uri(), TOP_UP);
        closeInsteadOfAnswer = true;

        Exchange exchange = send(uri(), TOP_UP);

        assertThat(exchange.getException()).isInstanceOfSatisfying(LagoTransportException.class,
                e -> assertThat(e.mayHaveBeenProcessed()).isTrue());
        assertThat(requests).hasValue(2);
    }

    @Test
    void aConnectionThatWasClosedMeanwhileIsNotUsed() throws Exception {
        closeAfterAnswer = true;
        for (int i = 1; i <= 3; i++) {
            sent(uri(), TOP_UP);
            int calls = i;
            await().until(() -> closed.get() == calls);
            // the pool looks at connections that were idle for a tenth of a second
            await().pollDelay(java.time.Duration.ofMillis(150)).until(() -> true);
        }
        assertThat(requests).hasValue(3);
    }

    private String uri() {
        return "lago:wallet_transactions?baseUrl=http://localhost:" + server.getLocalPort();
    }

    private void serve(Socket connection) {
        try (connection) {
            BufferedReader in = new BufferedReader(
                    new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1));
            while (read(in)) {
                requests.incrementAndGet();
                if (closeInsteadOfAnswer) {
                    return;
                }
                String body = "{\"wallet_transactions\":[]}";
                connection.getOutputStream().write(("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                        + body.length() + "\r\n\r\n" + body).getBytes(StandardCharsets.US_ASCII));
                if (closeAfterAnswer) {
                    return;
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } finally {
            closed.incrementAndGet();
        }
    }

    private static boolean read(BufferedReader in) throws IOException {
        int length = 0;
        String line = in.readLine();
        if (line == null) {
            return false;
        }
        for (; !line.isEmpty(); line = in.readLine()) {
            if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(line.substring(15).strip());
            }
        }
        for (int i = 0; i < length; i++) {
            in.read();
        }
        return true;
    }
}
