package io.github.camellago.events;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.camellago.api.LagoObserver;
import io.github.camellago.client.GuardedObserver;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class EventCounterTest {

    private final List<String> results = new ArrayList<>();
    private final EventCounter counter = new EventCounter((item, stored) -> results.add(item.index() + " " + stored));

    @Test
    void countsAndNotifiesOfEachResult() {
        List<String> observed = new ArrayList<>();
        counter.observedBy(new GuardedObserver(new LagoObserver() {
            @Override
            public void events(long accepted, long duplicate, long rejected) {
                observed.add(accepted + " " + duplicate + " " + rejected);
            }
        }));

        counter.accepted(List.of(event(0), event(1)));
        counter.duplicate(List.of(event(2)));
        counter.rejected(item(3), Map.of("code", List.of("value_is_mandatory")));

        assertThat(counter.report()).hasToString("accepted 2, duplicate 1, rejected 1");
        assertThat(counter).hasToString("accepted 2, duplicate 1, rejected 1");
        assertThat(counter.report().rejected().get(0).index()).isEqualTo(3);
        assertThat(results).containsExactly("0 true", "1 true", "2 false");
        assertThat(observed).containsExactly("2 0 0", "0 1 0", "0 0 1");
    }

    @Test
    void theStatusIsOfTheLastAnswer() {
        assertThat(counter.lastStatus()).isNull();

        counter.refused(422);

        assertThat(counter.lastStatus()).isEqualTo(422);
    }

    @Test
    void theStatusIsOkIfLagoHasAllEvents() {
        counter.refused(422);
        counter.duplicate(List.of(event(0)));

        assertThat(counter.lastStatus()).isEqualTo(200);
    }

    @Test
    void theStatusIsNotOkIfAnEventIsRejected() {
        counter.accepted(List.of(event(0)));
        counter.refused(422);
        counter.rejected(item(1), Map.of());

        assertThat(counter.lastStatus()).isEqualTo(422);
    }

    @Test
    void takesRejectedEventsOutToTryThemAgain() {
        counter.rejected(item(1), Map.of());

        Rejections taken = counter.takeRejected();

        assertThat(taken).hasSize(1);
        assertThat(counter.rejected()).isEmpty();
        assertThat(counter.report().total()).isZero();
    }

    private static EventItem item(long index) {
        return new EventItem(index, Map.of(), "x", 0);
    }

    private static EncodedEvent event(long index) {
        return new EncodedEvent(item(index), new byte[0], "t-" + index, false);
    }
}
