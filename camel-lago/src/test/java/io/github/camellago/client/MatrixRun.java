package io.github.camellago.client;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

import io.github.camellago.test.Fault;
import io.github.camellago.test.LagoSandbox;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;

/** A piece of work that meets a fault. Each run has its own API key, so that runs do not disturb each other. */
abstract class MatrixRun {

    /** Options of all endpoints, for {@code toD}. The headers are those of {@link #headers}. */
    static final String OPTIONS = "maxRetries=1&retryDelay=1&maxRetryDelay=5&apiKey=${header.key}"
            + "&responseTimeout=${header.responseTimeout}&callTimeout=${header.callTimeout}";

    private static final String[] PERMISSIONS = {"event:write", "wallet_transaction:write", "wallet_transaction:read",
            "invoice:write", "invoice:read", "customer:write", "customer:read", "plan:write", "plan:read"};

    /**
     * Where a run meets its fault.
     *
     * @param after whether the call takes effect before the fault
     * @param times how many of the first requests meet the fault
     */
    record Cell(MatrixFault fault, boolean after, int times) {

        @Override
        public String toString() {
            return fault.name() + (after ? " after" : " before") + " the effect, of the first " + times + " requests";
        }
    }

    /** The parts that all runs share. {@code refused} counts the connections that are still to be refused, by API key. */
    record World(LagoSandbox sandbox, CamelContext context, ProducerTemplate template, Map<String, Integer> refused) {

        World(LagoSandbox sandbox, CamelContext context, ProducerTemplate template) {
            this(sandbox, context, template, new ConcurrentHashMap<>());
        }
    }

    final World world;
    final String work;
    final Cell cell;
    final String id;
    final String key;
    final Queue<String> lost = new ConcurrentLinkedQueue<>();
    final Queue<String> doubled = new ConcurrentLinkedQueue<>();

    MatrixRun(World world, String work, Cell cell, String id) {
        this.world = world;
        this.work = work;
        this.cell = cell;
        this.id = id;
        this.key = world.sandbox().createKey(PERMISSIONS);
    }

    final Map<String, Object> headers() {
        return Map.of("key", key, "responseTimeout", cell.fault().responseTimeout(), "callTimeout", cell.fault().callTimeout());
    }

    /** Makes the fault, and what the work needs at Lago. */
    final void arrange() {
        prepare();
        if (cell.fault() == MatrixFault.REFUSED) {
            world.refused().put(key, cell.times());
            return;
        }
        String authorization = "Bearer " + key;
        Fault fault = world.sandbox().faults().on(request -> authorization.equals(request.header("Authorization")))
                .times(cell.times());
        Consumer<Fault> way = cell.after() ? cell.fault().after() : cell.fault().before();
        way.accept(fault);
    }

    abstract void prepare();

    /** Does the work, again and again if it fails and a repeat is harmless. */
    abstract void work() throws Exception;

    /** Compares what the route believes with what Lago has. */
    abstract void judge(MatrixState state);

    @Override
    public String toString() {
        return work + ", " + cell + ' ' + List.of("lost " + lost, "doubled " + doubled);
    }
}
