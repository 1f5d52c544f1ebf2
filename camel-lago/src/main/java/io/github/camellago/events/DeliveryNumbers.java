package io.github.camellago.events;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Numbers the deliveries of an exchange, so that equal events of two deliveries are two events. A delivery that is repeated has the same number, whether its step or
 * a whole route is redelivered, or another step sends what it could not deliver. Loops without copies number the deliveries of each of their indexes apart.
 */
final class DeliveryNumbers {

    private static final State NONE = new State(0, Map.of());

    private final Map<Object, State> states = new HashMap<>(4);
    /** The number of each delivery that was tried. */
    private final Map<Visit, Integer> numbers = new HashMap<>(4);
    private final List<Change> changes = new ArrayList<>(0);
    /** The last state. Those of a long loop are equal, and need not be kept for each index. */
    private State last = NONE;

    /** One of the visits of a step at one index of a loop. */
    private record Visit(Object loopIndex, String step, int number) {}

    /**
     * The deliveries at one index of a loop.
     *
     * @param next   the number of the next delivery by a step that was not tried before
     * @param visits how often each step has delivered
     */
    record State(int next, Map<String, Integer> visits) {

        int visits(String step) {
            return visits.getOrDefault(step, 0);
        }

        private State atLeast(State other) {
            Map<String, Integer> most = new HashMap<>(visits);
            other.visits.forEach((step, number) -> most.merge(step, number, Math::max));
            return new State(Math.max(next, other.next), most);
        }
    }

    private record Change(Object loopIndex, State before) {}

    /** The number of the delivery that a step makes. */
    int number(Object loopIndex, String step) {
        State state = state(loopIndex);
        return numbers.computeIfAbsent(new Visit(loopIndex, step, state.visits(step)), visit -> state.next());
    }

    /** A step has delivered: its next delivery is another one. */
    void delivered(Object loopIndex, String step) {
        State before = state(loopIndex);
        set(loopIndex, new State(number(loopIndex, step) + 1, with(before.visits(), step, before.visits(step) + 1)));
    }

    private void set(Object loopIndex, State now) {
        changes.add(new Change(loopIndex, state(loopIndex)));
        last = now.equals(last) ? last : now;
        states.put(loopIndex, last);
    }

    private static Map<String, Integer> with(Map<String, Integer> visits, String step, int number) {
        if (visits.isEmpty()) {
            return Map.of(step, number);
        }
        Map<String, Integer> more = new HashMap<>(visits);
        more.put(step, number);
        return more;
    }

    private State state(Object loopIndex) {
        return states.getOrDefault(loopIndex, NONE);
    }

    /** The present state, for {@link #restore}. */
    int mark() {
        return changes.size();
    }

    /** What was delivered since a mark is delivered again, with the same numbers. */
    void restore(int mark) {
        while (changes.size() > mark) {
            Change change = changes.remove(changes.size() - 1);
            states.put(change.loopIndex(), change.before());
        }
    }

    /** The states of all indexes, for {@link #atLeast}. */
    Map<Object, State> states() {
        return new HashMap<>(states);
    }

    /** Deliveries from now on are others than those that were made in these states. */
    void atLeast(Map<Object, State> others) {
        others.forEach((loopIndex, other) -> set(loopIndex, state(loopIndex).atLeast(other)));
    }

    /** Nothing that was delivered so far will be repeated. */
    void keep() {
        changes.clear();
    }
}
