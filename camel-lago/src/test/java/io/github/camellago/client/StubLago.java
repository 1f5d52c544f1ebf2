package io.github.camellago.client;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

import io.github.camellago.api.LagoCall;
import io.github.camellago.api.LagoObserver;
import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.HttpClientResponseHandler;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;

/** A Lago without a server: each request gets the next of the answers that the test has set. */
public final class StubLago {

    /** How the stub answers a request. */
    @FunctionalInterface
    public interface Answer {
        ClassicHttpResponse to(ClassicHttpRequest request) throws IOException;
    }

    private final Deque<Answer> answers = new ArrayDeque<>();
    private final List<String> requests = new ArrayList<>();
    private final List<String> keys = new ArrayList<>();
    private final List<String> bodies = new ArrayList<>();
    private final List<String> observed = new ArrayList<>();
    /** Notes requests and retries in {@link #observed}. */
    final LagoObserver observer = new LagoObserver() {
        @Override
        public void requested(LagoCall call, Outcome outcome, Duration took) {
            observed.add("requested " + call.method() + ' ' + outcome);
        }

        @Override
        public void retrying(LagoCall call, Outcome outcome) {
            observed.add("retrying " + call.method() + ' ' + outcome);
        }
    };
    final AtomicLong now = new AtomicLong(1_000_000);
    final RateBudgets budgets = new RateBudgets(now::get);

    /** An answer with that status and JSON; each header is a name and a value. */
    public static Answer answer(int status, String json, String... headers) {
        return request -> {
            BasicClassicHttpResponse response = new BasicClassicHttpResponse(status);
            if (json != null) {
                response.setEntity(new StringEntity(json, ContentType.APPLICATION_JSON));
            }
            for (int i = 0; i < headers.length; i += 2) {
                response.addHeader(headers[i], headers[i + 1]);
            }
            return response;
        };
    }

    /** A refusal in the form of Lago's errors. */
    public static Answer refusal(int status, String code, String details) {
        return answer(status, "{\"status\":" + status + ",\"error\":\"Refused\",\"code\":\"" + code + "\",\"error_details\":"
                + details + "}");
    }

    /** No answer. */
    public static Answer failure(IOException e) {
        return request -> {
            throw e;
        };
    }

    public StubLago then(Answer... next) {
        answers.addAll(List.of(next));
        return this;
    }

    /** The requests so far, as method and path below {@code /api/v1}. */
    public List<String> requests() {
        return requests;
    }

    /** The bodies of the requests that have one. */
    public List<String> bodies() {
        return bodies;
    }

    /** The API keys of the requests. */
    List<String> keys() {
        return keys;
    }

    List<String> observed() {
        return observed;
    }

    /** A client that tries each call three times at most, without a pause. */
    public LagoClient client() {
        return client(LagoObserver.NONE);
    }

    public LagoClient client(LagoObserver observer) {
        return client(Credentials.of("key"), new RetryPolicy(2, 0, 0), observer);
    }

    LagoClient client(Credentials credentials, RetryPolicy retry, LagoObserver observer) {
        HttpClient http = (HttpClient) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[]{HttpClient.class},
                (proxy, method, arguments) -> execute((ClassicHttpRequest) arguments[0],
                        (HttpClientResponseHandler<?>) arguments[1]));
        Server server = new Server(BaseUrl.of("http://lago.example", "baseUrl"), http, 1_000);
        return new LagoClient(new LagoClient.Settings(server, server, () -> http, credentials, budgets, retry,
                new Limits(1_000, 1_000, 600_000, 10_000, 1_000, 0, Set.of()), new GuardedObserver(observer)));
    }

    private Object execute(ClassicHttpRequest request, HttpClientResponseHandler<?> handler) throws Exception {
        requests.add(request.getMethod() + ' ' + request.getUri().toString().replaceFirst(".*/api/v1/", ""));
        keys.add(request.getFirstHeader("Authorization").getValue().replaceFirst("Bearer ", ""));
        HttpEntity entity = request.getEntity();
        if (entity != null) {
            bodies.add(EntityUtils.toString(entity, StandardCharsets.UTF_8));
        }
        Answer answer = answers.poll();
        if (answer == null) {
            throw new AssertionError("The test has no answer to " + requests.get(requests.size() - 1));
        }
        return handler.handleResponse(answer.to(request));
    }
}
