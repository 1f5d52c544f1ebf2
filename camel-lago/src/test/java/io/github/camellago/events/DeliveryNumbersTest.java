package io.github.camellago.events;

import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Which deliveries of an exchange have the same number, and so send the same events. */
class DeliveryNumbersTest {

    private final DeliveryNumbers numbers = new DeliveryNumbers();

    private int delivered(Object loopIndex, String step) {
        int number = numbers.number(loopIndex, step);
        numbers.delivered(loopIndex, step);
        return number;
    }

    @Test
    void eachDeliveryHasTheNextNumber() {
        assertThat(delivered(null, "a")).isZero();
        assertThat(delivered(null, "b")).isEqualTo(1);
        assertThat(delivered(null, "a")).isEqualTo(2);
        assertThat(numbers.number(null, "a")).isEqualTo(numbers.number(null, "b")).isEqualTo(3);
    }

    @Test
    void iterationsAreNumberedApart() {
        delivered(0, "a");
        delivered(0, "a");

        assertThat(numbers.number(1, "a")).isZero();
        assertThat(numbers.number(null, "a")).isZero();
        assertThat(numbers.number(0, "a")).isEqualTo(2);
    }

    @Test
    void aFailedDeliveryKeepsItsNumberThoughOthersAreMadeMeanwhile() {
        assertThat(numbers.number(null, "failed")).isZero();
        assertThat(delivered(null, "instead")).isZero();

        assertThat(delivered(null, "failed")).isZero();
        assertThat(delivered(null, "failed")).isEqualTo(1);
    }

    @Test
    void whatIsRestoredIsRepeated() {
        delivered(null, "a");
        int mark = numbers.mark();
        delivered(null, "a");
        delivered(null, "b");
        delivered(0, "a");

        numbers.restore(mark);

        assertThat(delivered(null, "a")).isEqualTo(1);
        assertThat(delivered(null, "b")).isEqualTo(2);
        assertThat(delivered(0, "a")).isZero();
        assertThat(delivered(null, "a")).isEqualTo(3);
    }

    @Test
    void whatIsKeptIsNotRepeated() {
        delivered(null, "a");
        numbers.keep();
        assertThat(numbers.mark()).isZero();
        delivered(null, "a");

        numbers.restore(0);

        assertThat(delivered(null, "a")).isEqualTo(1);
    }

    @Test
    void whatFollowsARepeatThatIsShorterIsNoRepeat() {
        int mark = numbers.mark();
        delivered(null, "a");
        delivered(null, "a");
        delivered(0, "a");
        Map<Object, DeliveryNumbers.State> failed = numbers.states();
        numbers.restore(mark);
        assertThat(delivered(null, "a")).isZero();

        numbers.atLeast(failed);

        assertThat(numbers.number(null, "a")).isEqualTo(2);
        assertThat(numbers.number(0, "a")).isEqualTo(1);
    }

    @Test
    void whatFollowsARepeatThatIsLongerIsNoRepeat() {
        int mark = numbers.mark();
        delivered(null, "a");
        Map<Object, DeliveryNumbers.State> failed = numbers.states();
        numbers.restore(mark);
        delivered(null, "a");
        delivered(null, "b");
        delivered(null, "a");

        numbers.atLeast(failed);

        assertThat(delivered(null, "a")).isEqualTo(3);
        assertThat(delivered(null, "b")).isEqualTo(4);
    }

    @Test
    void aRedeliveryOfAllRepeatsAlsoWhatFollowedARepeat() {
        int mark = numbers.mark();
        delivered(null, "a");
        delivered(null, "a");
        Map<Object, DeliveryNumbers.State> failed = numbers.states();
        numbers.restore(mark);
        numbers.atLeast(failed);
        delivered(null, "b");

        numbers.restore(mark);

        assertThat(delivered(null, "a")).isZero();
        assertThat(delivered(null, "a")).isEqualTo(1);
        assertThat(delivered(null, "b")).isEqualTo(2);
    }
}
