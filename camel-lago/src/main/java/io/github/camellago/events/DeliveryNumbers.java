package io.github.camellago.events;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Numbers the deliveries of an exchange, so that equal events of two deliveries are two events. A delivery that is repeated has the same number, whether its step or
 * a whole route is redelivered, or another step sends what it could not deliver. Loops without copies number the deliveries of each of their indexes apart.
 */
final class DeliveryNumbers {

    private static final State NONE = new State(0, Map.of());

    private Map<Object, State> states = Map.of();
    /** The number of each delivery that was tried. */
    private Map<Visit, Integer> numbers = Map.of();
    /** null if nothing can be undone */
    private Change lastChange;
    /** The last state. Those of a long loop are equal, and need not be kept for each index. */
    private State last = NONE;

    /** One of the visits of a step at one index of a loop. Not with a record's own methods, whose first call takes 10 ms of the first delivery. */
    private record Visit(Object loopIndex, String step, int number) {

        @Override
        public boolean equals(Object other) {
            return other instanceof Visit visit && number == visit.number && Objects.equals(step, visit.step)
                    && Objects.equals(loopIndex, visit.loopIndex);
        }

        @Override
        public int hashCode() {
            return Objects.hash(loopIndex, step, number);
        }
    }

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

    private record Change(Change earlier, int number, Object loopIndex, State before) {}

    /** The number of the delivery that a step makes. */
    int number(Object loopIndex, String step) {
        State state = state(loopIndex);
        Visit visit = new Visit(loopIndex, step, state.visits(step));
        Integer known = numbers.get(visit);
        if (known == null) {
            numbers = with(numbers, visit, state.next());
            return state.next();
        }
        return known;
    }

    /** A step has delivered: its next delivery is another one. */
    void delivered(Object loopIndex, String step) {
        State before = state(loopIndex);
        set(loopIndex, new State(number(loopIndex, step) + 1, visited(before.visits(), step, before.visits(step) + 1)));
    }

    private static Map<String, Integer> visited(Map<String, Integer> visits, String step, int number) {
        if (visits.isEmpty()) {
            return Map.of(step, number);
        }
        Map<String, Integer> more = new HashMap<>(visits);
        more.put(step, number);
        return more;
    }

    private void set(Object loopIndex, State now) {
        lastChange = new Change(lastChange, mark() + 1, loopIndex, state(loopIndex));
        last = now.next() == last.next() && now.visits().equals(last.visits()) ? last : now;
        states = with(states, loopIndex, last);
    }

    /** A map with one more entry: a small one for the first entry, as most messages are delivered once. Changes a larger map. */
    private static <K, V> Map<K, V> with(Map<K, V> map, K key, V value) {
        if (map.isEmpty()) {
            return Collections.singletonMap(key, value);
        }
        Map<K, V> more = map instanceof HashMap ? map : new HashMap<>(map);
        more.put(key, value);
        return more;
    }

    private State state(Object loopIndex) {
        // the first map does not take null
        return states.isEmpty() ? NONE : states.getOrDefault(loopIndex, NONE);
    }

    /** The present state, for {@link #restore}. */
    int mark() {
        return lastChange == null ? 0 : lastChange.number();
    }

    /** What was delivered since a mark is delivered again, with the same numbers. */
    void restore(int mark) {
        for (; mark() > mark; lastChange = lastChange.earlier()) {
            states = with(states, lastChange.loopIndex(), lastChange.before());
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
        lastChange = null;
    }
}
