package io.github.camellago.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;

import io.github.camellago.RouteTestSupport;
import io.github.camellago.api.LagoTransportException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** An answer that never ends, or is too large for the memory, ends as an exception. */
class EndlessAnswersTest extends RouteTestSupport {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

    private final CountDownLatch stopped = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger requests = new AtomicInteger();
    private ServerSocket server;

    /** Writes an answer. */
    private interface Answer {
        void write(OutputStream out) throws IOException, InterruptedException;
    }

    @BeforeEach
    void open() throws Exception {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws Exception {
        stopped.countDown();
        server.close();
        threads.shutdownNow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 1000000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n", "\r\n", ""})
    void aDrippingAnswerEndsWithCallTimeout(String headers) {
        answer(out -> {
            out.write((OK + headers).getBytes(StandardCharsets.US_ASCII));
            while (!stopped.await(50, TimeUnit.MILLISECONDS)) {
                out.write(headers.isEmpty()
                        ? "X-Header: x\r\n".getBytes(StandardCharsets.US_ASCII)
                        : headers.contains("chunked") ? "1\r\n \r\n".getBytes(StandardCharsets.US_ASCII) : new byte[]{' '});
                out.flush();
            }
        });

        assertThat(send(uri("lago:wallet_transactions?callTimeout=700"), "{}").getException())
                .isInstanceOfSatisfying(LagoTransportException.class, e -> assertThat(e.mayHaveBeenProcessed()).isTrue())
                .hasMessageContaining("no complete answer within 700 ms, see callTimeout");
        assertThat(requests).hasValue(1);
    }

    @Test
    void aLargerAnswerThanAllowedEndsAfterOneCall() {
        answer(out -> {
            out.write((OK + "Transfer-Encoding: chunked\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            while (true) {
                out.write("400\r\n".getBytes(StandardCharsets.US_ASCII));
                out.write(new byte[0x400]);
                out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
            }
        });

        assertThat(send(uri("lago:plans?operation=list&maxResponseSize=100000"), null).getException())
                .isInstanceOf(LagoTransportException.class)
                .hasMessageContaining("the answer is larger than 100000 bytes, see maxResponseSize");
        assertThat(requests).hasValue(1);
    }

    @Test
    void anAnswerOfTheAnnouncedSizeIsNotReadIfItIsTooLarge() {
        answer(out -> {
            out.write((OK + "Content-Length: 3000000000\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            out.flush();
            stopped.await();
        });

        assertThat(send(uri("lago:plans?operation=list"), null).getException()).isInstanceOf(LagoTransportException.class)
                .hasMessageContaining("larger than 67108864 bytes");
    }

    @Test
    void aSmallGzipOfALargeAnswerIsTooLarge() throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            for (int i = 0; i < 200; i++) {
                gzip.write(new byte[1 << 20]);
            }
        }
        answer(out -> {
            out.write((OK + "Content-Encoding: gzip\r\nContent-Length: " + packed.size() + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            packed.writeTo(out);
            out.flush();
            stopped.await();
        });

        assertThat(send(uri("lago:plans?operation=list"), null).getException()).isInstanceOf(LagoTransportException.class)
                .hasMessageContaining("larger than 67108864 bytes");
    }

    @Test
    void endlessHeadersDoNotFillTheMemory() {
        answer(out -> {
            out.write(OK.getBytes(StandardCharsets.US_ASCII));
            while (true) {
                out.write("X-Header: 0123456789\r\n".getBytes(StandardCharsets.US_ASCII));
            }
        });

        assertThat(send(uri("lago:plans?operation=list&maxRetries=0&callTimeout=30000"), null).getException())
                .isInstanceOf(LagoTransportException.class).hasMessageContaining("Maximum header count exceeded");
    }

    @Test
    void eachCallNamesTheComponentAndItsVersion() throws Exception {
        sent("lago:plans?operation=list", null);

        assertThat(sandbox.requests().get(0).header("User-Agent")).matches("camel-lago/\\d+\\.\\d+.*");
    }

    private String uri(String uri) {
        return uri + "&baseUrl=http://localhost:" + server.getLocalPort();
    }

    private void answer(Answer answer) {
        threads.submit(() -> {
            while (!server.isClosed()) {
                Socket socket = server.accept();
                requests.incrementAndGet();
                threads.submit(() -> {
                    try (socket) {
                        socket.getInputStream().read(new byte[8192]);
                        answer.write(socket.getOutputStream());
                    }
                    return null;
                });
            }
            return null;
        });
    }
}
