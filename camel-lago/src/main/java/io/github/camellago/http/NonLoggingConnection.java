package io.github.camellago.http;

import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicBoolean;

import org.apache.hc.client5.http.impl.io.DefaultHttpResponseParserFactory;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.impl.io.SocketHolder;
import org.apache.hc.core5.http.io.HttpConnectionFactory;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;

/**
 * A connection that logs nothing of what goes over it. HttpClient's own writes each request's headers, the API key among them,
 * into its log at DEBUG.
 */
final class NonLoggingConnection extends DefaultBHttpClientConnection implements ManagedHttpClientConnection {

    /**
     * Without bounds, a server could send headers until memory is full. A usual batch of events fits into the buffer with its headers, so that it leaves in one
     * write.
     */
    private static final Http1Config BOUNDED = Http1Config.custom().setMaxHeaderCount(1_000).setMaxLineLength(64 * 1024)
            .setBufferSize(32 * 1024).build();

    private final AtomicBoolean closed = new AtomicBoolean();
    private Timeout socketTimeout = Timeout.DISABLED;

    private NonLoggingConnection() {
        super(BOUNDED, null, null, null, null, null, new DefaultHttpResponseParserFactory(BOUNDED));
    }

    /** Makes such connections. */
    public static HttpConnectionFactory<ManagedHttpClientConnection> factory() {
        return socket -> {
            NonLoggingConnection connection = new NonLoggingConnection();
            if (socket != null) {
                connection.bind(socket);
            }
            return connection;
        };
    }

    @Override
    public void bind(SocketHolder holder) throws IOException {
        if (closed.get()) {
            // closed while it was being connected: it must not live on unseen
            holder.getSocket().close();
            throw new IOException("The connection was closed in the meantime");
        }
        super.bind(holder);
        socketTimeout = Timeout.ofMilliseconds(holder.getSocket().getSoTimeout());
    }

    @Override
    public Socket getSocket() {
        SocketHolder holder = getSocketHolder();
        return holder == null ? null : holder.getSocket();
    }

    @Override
    public void setSocketTimeout(Timeout timeout) {
        super.setSocketTimeout(timeout);
        socketTimeout = timeout;
    }

    @Override
    public void passivate() {
        super.setSocketTimeout(Timeout.ZERO_MILLISECONDS);
    }

    @Override
    public void activate() {
        super.setSocketTimeout(socketTimeout);
    }

    @Override
    public void close() throws IOException {
        if (closed.compareAndSet(false, true)) {
            super.close();
        }
    }

    @Override
    public void close(CloseMode mode) {
        if (closed.compareAndSet(false, true)) {
            super.close(mode);
        }
    }
}
