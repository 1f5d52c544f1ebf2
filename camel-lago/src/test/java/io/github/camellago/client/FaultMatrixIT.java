package io.github.camellago.client;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

import io.github.camellago.QuietExceptionHandler;
import io.github.camellago.RouteTestSupport;
import io.github.camellago.api.JdbcStateRepository;
import io.github.camellago.client.MatrixRun.Cell;
import io.github.camellago.client.MatrixRun.World;
import io.github.camellago.client.ReadRun.Mode;
import io.github.camellago.client.ReadRun.Stores;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.processor.idempotent.jdbc.JdbcMessageIdRepository;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.routing.HttpRoutePlanner;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.awaitility.core.ConditionTimeoutException;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * All kinds of faults against all kinds of work: nothing is lost, nothing is done twice, nothing hangs. A run has lost something if its
 * route believes that something is done which Lago does not have.
 */
class FaultMatrixIT extends RouteTestSupport {

    private static final int PARALLEL = 16;
    private static final int BOUND_SECONDS = 60;

    private final ExecutorService runners = Executors.newFixedThreadPool(PARALLEL);
    private final ExecutorService workers = Executors.newCachedThreadPool();
    private final List<String> failures = new ArrayList<>();
    private World world;
    private int runs;
    private int lost;
    private int doubled;
    private int hung;

    @TempDir
    private Path folder;

    @AfterEach
    void stopThreads() {
        runners.shutdownNow();
        workers.shutdownNow();
    }

    @Test
    void losesNothingDoesNothingTwiceAndHangsNowhere() throws Exception {
        world = new World(sandbox, context, template);
        sandbox.add("add_ons", Map.of("code", "set-up", "name", "Set-up", "amount_cents", 1000, "amount_currency", "EUR"));
        context.getRegistry().bind("quiet", new QuietExceptionHandler());
        context.addRoutes(EventsRun.routes());
        context.addRoutes(WriteRun.routes());
        // bound but not listening: connections are refused
        try (Socket closed = new Socket()) {
            closed.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            context.getComponent("http", HttpComponent.class)
                    .setHttpClientConfigurer(builder -> builder.setRoutePlanner(new Detour(closed.getLocalPort())));
            events();
            writes();
            reads();
        }
        System.out.printf("fault matrix: %d runs, lost %d, doubled %d, hung %d%n", runs, lost, doubled, hung);
        assertThat(failures).isEmpty();
    }

    private void events() throws Exception {
        List<EventsRun> events = new ArrayList<>();
        for (EventsRun.Form form : EventsRun.Form.values()) {
            cells(cell -> new EventsRun(world, form, cell, id(), workers)).forEach(events::add);
        }
        run(events);
        // with acknowledge=received the exchange completes earlier
        try {
            await().pollInterval(Duration.ofMillis(100)).until(() -> {
                MatrixState state = MatrixState.ofEvents(sandbox);
                return events.stream().allMatch(run -> run.isStored(state));
            });
        } catch (ConditionTimeoutException e) {
            // what is missing is lost
        }
        judge(events, MatrixState.ofEvents(sandbox));
    }

    private void writes() throws Exception {
        List<WriteRun> writes = new ArrayList<>();
        for (WriteRun.Write write : WriteRun.Write.values()) {
            writes.addAll(cells(cell -> cell.after() && cell.fault().denial() ? null : new WriteRun(world, write, cell, id())));
        }
        run(writes);
        judge(writes, MatrixState.ofRecords(sandbox));
    }

    private void reads() throws Exception {
        JdbcConnectionPool database = JdbcConnectionPool.create("jdbc:h2:mem:matrix;DB_CLOSE_DELAY=-1", "", "");
        try {
            // both make their table when they start
            new JdbcStateRepository(database).start();
            new JdbcMessageIdRepository(database, "any").start();
            for (Mode mode : Mode.values()) {
                for (Stores stores : List.of(new ReadRun.Memory(), new ReadRun.Files(folder), new ReadRun.Tables(database))) {
                    // readMode=all stores nothing, and to a reader there is no effect
                    if (mode != Mode.all || !stores.last()) {
                        // long lists are slow in the sandbox
                        sandbox.reset();
                        List<ReadRun> reads = cells(cell -> cell.after() && cell.fault().before() != null
                                ? null
                                : new ReadRun(world, mode, stores, cell, id()));
                        run(reads);
                        judge(reads, null);
                    }
                }
            }
        } finally {
            database.dispose();
        }
    }

    private String id() {
        return "run-" + ++runs;
    }

    /** A run for each fault, each number of requests, before and after the effect. */
    private static <R> List<R> cells(Function<Cell, R> run) {
        List<R> made = new ArrayList<>();
        for (MatrixFault fault : MatrixFault.all()) {
            for (boolean after : new boolean[]{false, true}) {
                if (after ? fault.after() == null : fault.before() == null && fault != MatrixFault.REFUSED) {
                    continue;
                }
                for (int times : List.of(1, 3)) {
                    R one = run.apply(new Cell(fault, after, times));
                    if (one != null) {
                        made.add(one);
                    }
                }
            }
        }
        return made;
    }

    private void run(List<? extends MatrixRun> all) throws Exception {
        all.forEach(MatrixRun::arrange);
        // the faults that take long are the last ones
        Collections.reverse(all);
        List<Future<Boolean>> running = new ArrayList<>();
        for (MatrixRun run : all) {
            running.add(runners.submit(() -> isFinished(run)));
        }
        for (int i = 0; i < all.size(); i++) {
            if (!running.get(i).get()) {
                hung++;
                failures.add("hung: " + all.get(i));
            }
        }
        sandbox.faults().clear();
    }

    private boolean isFinished(MatrixRun run) throws Exception {
        Future<Void> work = workers.submit(() -> {
            run.work();
            return null;
        });
        try {
            work.get(BOUND_SECONDS, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException e) {
            work.cancel(true);
            return false;
        } catch (ExecutionException e) {
            run.lost.add("the work broke off: " + e.getCause());
            return true;
        }
    }

    private void judge(List<? extends MatrixRun> all, MatrixState state) {
        for (MatrixRun run : all) {
            run.judge(state);
            lost += run.lost.size();
            doubled += run.doubled.size();
            if (!run.lost.isEmpty() || !run.doubled.isEmpty()) {
                failures.add(run.toString());
            }
        }
    }

    /** Sends requests to a port where nobody listens, as often as the run wants that. */
    private final class Detour implements HttpRoutePlanner {

        private final HttpRoute nowhere;

        Detour(int port) {
            nowhere = new HttpRoute(new HttpHost("http", "127.0.0.1", port));
        }

        @Override
        public HttpRoute determineRoute(HttpHost host, HttpContext context) {
            return new HttpRoute(host);
        }

        @Override
        public HttpRoute determineRoute(HttpHost host, HttpRequest request, HttpContext context) throws HttpException {
            String key = request.getHeader("Authorization").getValue().substring("Bearer ".length());
            Integer left = world.refused().computeIfPresent(key, (k, count) -> count - 1);
            return left != null && left >= 0 ? nowhere : determineRoute(host, context);
        }
    }
}
