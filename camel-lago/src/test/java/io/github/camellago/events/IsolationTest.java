package io.github.camellago.events;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.github.camellago.api.Failure;
import io.github.camellago.api.LagoServerException;
import io.github.camellago.api.LagoTransportException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class IsolationTest {

    private final Set<Integer> stored = new HashSet<>();
    private final Set<Integer> poison = new HashSet<>();
    private int calls;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void findsThePoison(boolean up) {
        poison.addAll(Set.of(0, 31, 32, 99));
        Isolation isolation = new Isolation(events(100), up, this::send);

        isolation.run();
        isolation.retrySuspects();

        assertThat(numbers(isolation.suspects())).isEqualTo(poison);

        assertThat(stored).hasSize(96).doesNotContainAnyElementsOf(poison);
        assertThat(numbers(isolation.pending())).isEqualTo(poison);
        isolation.done();
        assertThat(isolation.pending()).isEmpty();
    }

    @Test
    void suspectsNothingInAnOutage() {
        poison.addAll(IntStream.range(0, 100).boxed().toList());
        Isolation isolation = new Isolation(events(100), false, this::send);

        assertThatThrownBy(isolation::run).isInstanceOf(LagoServerException.class);

        assertThat(numbers(isolation.pending())).hasSize(100);
        assertThat(isolation.pending()).hasSize(100);
        assertThat(calls).isLessThan(20);
    }

    @Test
    void triesASuspectAgain() {
        poison.add(7);
        Isolation isolation = new Isolation(events(10), true, this::send);
        isolation.run();
        assertThat(numbers(isolation.suspects())).containsExactly(7);
        poison.clear();

        isolation.retrySuspects();

        assertThat(isolation.suspects()).isEmpty();
        assertThat(stored).hasSize(10);
        assertThat(isolation.pending()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 8, 12, 14})
    void keepsAllThatIsNotStoredIfACallFailsInAnotherWay(int call) {
        poison.addAll(Set.of(3, 60));
        Isolation isolation = new Isolation(events(100), false, failing(call));

        assertThatThrownBy(isolation::run).isInstanceOf(LagoTransportException.class);

        List<Integer> all = new ArrayList<>(stored);
        isolation.pending().forEach(event -> all.add((int) event.item().index()));
        assertThat(all).hasSize(100).doesNotHaveDuplicates();
    }

    private Consumer<Batch> failing(int call) {
        return part -> {
            if (calls + 1 == call) {
                throw new LagoTransportException(Failure.local("connection lost", "POST", "events/batch", true, null));
            }
            send(part);
        };
    }

    private void send(Batch part) {
        calls++;
        Set<Integer> sent = numbers(part.pending());
        if (sent.stream().anyMatch(poison::contains)) {
            throw new LagoServerException(new Failure("failed", "POST", "events/batch", 500, null, null, true, null));
        }
        stored.addAll(sent);
        part.keep(List.of());
    }

    private static Set<Integer> numbers(List<EncodedEvent> events) {
        return events.stream().map(event -> (int) event.item().index()).collect(Collectors.toSet());
    }

    private static List<EncodedEvent> events(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new EncodedEvent(new EventItem(i, Map.of(), "x", 0), new byte[0], "t-" + i, false)).toList();
    }
}
