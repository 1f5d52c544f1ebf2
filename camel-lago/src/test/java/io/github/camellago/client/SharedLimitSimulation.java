package io.github.camellago.client;

import java.util.Comparator;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.github.camellago.api.RateLimit;

/**
 * Several instances that share nothing but the limit of their organization, in virtual time. Each instance has a {@link RateBudget} of its own, and sends
 * calls as fast as that allows. The server counts calls in windows of one second, like the sandbox.
 */
final class SharedLimitSimulation {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private static final NoCallLeftException NO_CALL_LEFT = new NoCallLeftException();

    private final int limit;
    private final long[] served;
    private final Random random = new Random(1);
    private final PriorityQueue<Action> actions = new PriorityQueue<>(
            Comparator.comparingLong(Action::time).thenComparingLong(Action::number));
    private long now = 10 * SECOND;
    private long number;
    private long window;
    private int used;
    private long passed;
    private long refused;

    private static final class NoCallLeftException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NoCallLeftException() {
            super(null, null, false, false);
        }
    }

    private record Action(long time, long number, Runnable work) {}

    /**
     * @param perSecond  served calls per second, of all instances
     * @param refused    the part of all calls that were answered 429
     * @param fairness   served calls of the instance with the fewest, divided by those of the instance with the most
     */
    record Result(double perSecond, double refused, double fairness) {}

    private SharedLimitSimulation(int limit, int instances) {
        this.limit = limit;
        this.served = new long[instances];
    }

    /**
     * Runs a simulation.
     *
     * @param limit     calls per second of the organization
     * @param callers   concurrent calls of each instance
     * @param perSecond calls that each instance wants to make per second. 0: as many as possible
     */
    static Result run(int limit, int instances, int callers, double perSecond, int seconds) {
        SharedLimitSimulation simulation = new SharedLimitSimulation(limit, instances);
        long end = simulation.now + seconds * SECOND;
        for (int i = 0; i < instances; i++) {
            int instance = i;
            RateBudget budget = new RateBudget("calls", () -> simulation.now);
            long pause = perSecond == 0 ? 0 : (long) (callers * SECOND / perSecond);
            for (int c = 0; c < callers; c++) {
                simulation.after(simulation.random.nextLong(SECOND), () -> simulation.call(instance, budget, pause));
            }
        }
        while (simulation.now < end) {
            Action next = simulation.actions.remove();
            simulation.now = next.time();
            next.work().run();
        }
        double most = IntStream.range(0, instances).mapToLong(i -> simulation.served[i]).max().orElseThrow();
        double fewest = IntStream.range(0, instances).mapToLong(i -> simulation.served[i]).min().orElseThrow();
        return new Result((double) simulation.passed / seconds,
                (double) simulation.refused / (simulation.passed + simulation.refused), fewest / most);
    }

    private void after(long nanos, Runnable work) {
        actions.add(new Action(now + nanos, number++, work));
    }

    private void call(int instance, RateBudget budget, long pause) {
        RateBudget.Ticket ticket;
        try {
            ticket = budget.acquire(() -> {
                throw NO_CALL_LEFT;
            });
        } catch (InterruptedException | RateBudget.TooLongException e) {
            throw new IllegalStateException(e);
        } catch (NoCallLeftException e) {
            after(TimeUnit.MILLISECONDS.toNanos(1) + random.nextLong(TimeUnit.MILLISECONDS.toNanos(4)),
                    () -> call(instance, budget, pause));
            return;
        }
        long way = TimeUnit.MILLISECONDS.toNanos(15) + random.nextLong(TimeUnit.MILLISECONDS.toNanos(20));
        after(way, () -> {
            if (window != now / SECOND) {
                window = now / SECOND;
                used = 0;
            }
            boolean passes = used < limit;
            if (passes) {
                used++;
                passed++;
                served[instance]++;
            } else {
                refused++;
            }
            int reset = (int) Math.ceil((double) (SECOND - now % SECOND) / SECOND);
            RateLimit rate = new RateLimit(limit, limit - used, reset);
            after(way, () -> {
                budget.release(ticket, rate);
                if (passes) {
                    after(Math.max(1, pause - 2 * way), () -> call(instance, budget, pause));
                } else {
                    // as a Call does
                    budget.exhausted(reset * 1_000L);
                    after(reset * SECOND, () -> call(instance, budget, pause));
                }
            });
        });
    }

    /** Prints the table of the docs. */
    public static void main(String[] args) {
        System.out.println("| limit | instances | concurrent calls of each | wanted/s, all | served/s | 429 | fairness |");
        System.out.println("|---:|---:|---:|---:|---:|---:|---:|");
        for (int[] of : new int[][]{{500, 1, 4, 0}, {500, 1, 64, 0}, {500, 2, 64, 0}, {500, 5, 4, 0}, {500, 20, 4, 0},
                {500, 20, 4, 15}, {500, 20, 4, 24}, {500, 20, 16, 0}, {500, 50, 4, 0}, {50, 1, 4, 0}, {50, 5, 4, 0},
                {50, 20, 2, 0}, {50, 20, 2, 2}}) {
            Result result = run(of[0], of[1], of[2], of[3], 600);
            System.out.printf(Locale.ROOT, "| %d | %d | %d | %s | %.0f | %.2f %% | %.2f |%n", of[0], of[1], of[2],
                    of[3] == 0 ? "all" : of[3] * of[1], result.perSecond(), 100 * result.refused(), result.fairness());
        }
    }
}
