package io.github.camellago.events;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import io.github.camellago.LogCapture;
import io.github.camellago.api.LagoException;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** How batches are resolved by the answers of a server. */
class BatchResolverTest extends BatchTestSupport {

    private final List<String> delivered = new ArrayList<>();
    private final EventCounter counter = new EventCounter(
            (item, stored) -> delivered.add(item.index() + (stored ? " stored" : " known")));

    private static Batch batch(int from, int to) {
        return new Batch(IntStream.range(from, to).mapToObj(i -> {
            byte[] json = ("{\"transaction_id\":\"t" + i
                    + "\",\"code\":\"c\",\"external_subscription_id\":\"s\",\"timestamp\":1}")
                    .getBytes(StandardCharsets.UTF_8);
            return new EncodedEvent(new EventItem(i, json, "o", 0), json, "t" + i, false);
        }).toList());
    }

    private Batch resolved(Batch batch, boolean lone) {
        resolver.resolve(batch, counter, lone);
        assertThat(batch.pending()).isEmpty();
        return batch;
    }

    private void fails(Batch batch, int status, int left) {
        assertThatThrownBy(() -> resolver.resolve(batch, counter, false))
                .isInstanceOfSatisfying(LagoException.class, e -> assertThat(e.getStatusCode()).isEqualTo(status));
        assertThat(batch.pending()).hasSize(left);
    }

    private List<String> rejected() {
        return counter.report().rejected().stream().map(event -> event.index() + " " + event.describe()).toList();
    }

    @Test
    void eventsThatAreStoredAreAccepted() {
        resolved(batch(0, 3), false);

        assertThat(delivered).containsExactly("0 stored", "1 stored", "2 stored");
        assertThat(counter.report().accepted()).isEqualTo(3);
        assertThat(counter.lastAnswer().status()).isEqualTo(200);
        assertThat(paths).containsExactly("/api/v1/events/batch");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"events\":[{}]}", "{\"events\":[{},{},{}]}", "{\"events\":[{},{},1]}", "{\"events\":{}}",
            "{\"events\":[{},{}]",
            "{\"event\":{}}", "[{},{}]", "{}", "", "{\"events\":[{},{}]}}"})
    void anAnswerWithoutTheSameNumberOfEventsIsNoSuccess(String body) {
        lago = ids -> new Answer(200, body);

        fails(batch(0, 2), 200, 2);
        assertThat(delivered).isEmpty();
        assertThat(requests).hasSize(2);
    }

    @Test
    void otherFieldsOfAnAnswerAreSkipped() {
        lago = ids -> new Answer(200, "{\"meta\":{\"events\":1},\"events\":[{\"a\":[1]},{}],\"more\":[{}]}");

        resolved(batch(0, 2), false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"event\":{\"a\":{}},\"more\":{}}", "{\"event\":[]}", "{\"events\":[{}]}", "{\"event\":{}"})
    void theAnswerToASingleEventIsAnObject(String body) {
        resolver = new BatchResolver(client, true);
        lago = ids -> new Answer(200, body);
        Batch one = batch(0, 1);

        if (body.endsWith("\"more\":{}}")) {
            resolved(one, true);
        } else {
            fails(one, 200, 1);
        }
        assertThat(paths).containsOnly("/api/v1/events");
    }

    @Test
    void aRefusedBatchIsTakenApart() {
        lago = ids -> ids.size() == 4
                ? refused("{\"0\":{\"transaction_id\":[\"value_already_exist\"]},\"2\":{\"code\":[\"bad\"]}}")
                : stored(ids);

        resolved(batch(0, 4), false);

        assertThat(delivered).containsExactly("0 known", "1 stored", "3 stored");
        assertThat(rejected()).containsExactly("2 code: bad");
        assertThat(requests).hasSize(2);
    }

    @Test
    void aServerThatStoresTheGoodPartOfARefusedBatchHasAcceptedIt() {
        lago = ids -> ids.size() == 3
                ? refused("{\"0\":{\"code\":[\"bad\"]}}")
                : refused(
                        "{\"0\":{\"transaction_id\":[\"value_already_exist\"]},\"1\":{\"transaction_id\":[\"value_already_exist\"]}}");

        resolved(batch(0, 3), false);

        assertThat(delivered).containsExactly("1 stored", "2 stored");
    }

    @Test
    void aServerThatRefusesWholeBatchesKnowsItsDuplicates() {
        lago = ids -> ids.contains("t0") ? refused("{\"" + ids.indexOf("t0") + "\":{\"code\":[\"bad\"]}}") : stored(ids);
        resolved(batch(0, 2), false);
        lago = ids -> ids.size() == 3
                ? refused("{\"0\":{\"code\":[\"bad\"]}}")
                : refused(
                        "{\"0\":{\"transaction_id\":[\"value_already_exist\"]},\"1\":{\"transaction_id\":[\"value_already_exist\"]}}");

        resolved(batch(10, 13), false);

        assertThat(delivered).containsExactly("1 stored", "11 known", "12 known");
    }

    @Test
    void duplicatesOfAFirstAnswerAreKnown() {
        lago = ids -> refused("{\"0\":{\"transaction_id\":[\"value_already_exist\"]}}");

        resolved(batch(0, 1), false);

        assertThat(delivered).containsExactly("0 known");
    }

    @Test
    void aRefusalWithAnotherStatusIsAFailure() {
        lago = ids -> new Answer(403, REFUSED.formatted(403, "null"));

        fails(batch(0, 2), 403, 2);
        assertThat(requests).hasSize(1);

        lago = ids -> new Answer(400, REFUSED.formatted(400, "null"));
        fails(batch(0, 2), 400, 2);
        assertThat(rejected()).isEmpty();
    }

    @Test
    void aServerThatTakesFewerEventsGetsSmallerBatches() {
        lago = ids -> ids.size() > 2 ? refused("{\"events\":[\"too_many_events\"]}") : stored(ids);

        resolved(batch(0, 4), false);
        assertThat(requests).extracting(List::size).containsExactly(4, 2, 2);
        requests.clear();
        resolved(batch(4, 8), false);

        assertThat(requests).extracting(List::size).containsExactly(2, 2);
    }

    @Test
    void aRefusalWithoutIndexesIsDividedWithoutALimit() {
        lago = ids -> ids.contains("t3") ? refused("{\"base\":[\"bad\"]}") : stored(ids);

        resolved(batch(0, 4), false);
        assertThat(rejected()).containsExactly("3 base: bad");
        assertThat(counter.lastStatus()).isEqualTo(422);
        requests.clear();
        resolved(batch(10, 14), false);

        assertThat(requests).extracting(List::size).containsExactly(4);
    }

    @Test
    void whatIsLeftOfADividedBatchStaysPending() {
        lago = ids -> ids.size() > 2 ? new Answer(413, "") : ids.contains("t2") ? new Answer(502, "") : stored(ids);

        fails(batch(0, 4), 502, 2);
        assertThat(delivered).containsExactly("0 stored", "1 stored");
        assertThat(requests).extracting(List::size).containsExactly(4, 2, 2, 2);

        lago = ids -> ids.size() > 2 ? new Answer(413, "") : ids.contains("t10") ? new Answer(502, "") : stored(ids);
        fails(batch(10, 14), 502, 4);
    }

    @Test
    void anEventThatIsTooLargeIsRejectedIfTheServerTakesSmallerRequests() {
        lago = ids -> ids.contains("t1") ? new Answer(413, "") : stored(ids);

        resolved(batch(0, 2), false);

        assertThat(delivered).containsExactly("0 stored");
        assertThat(rejected()).containsExactly("1 event: it is too large for the server (413)");
        // two tries, the smallest request, two tries
        assertThat(requests.subList(2, requests.size())).extracting(List::size).containsExactly(1, 1, 0, 1, 1);
    }

    @Test
    void aLoneEventThatIsTooLargeIsRejectedAtOnce() {
        lago = ids -> new Answer(413, "");

        resolved(batch(0, 1), true);

        assertThat(rejected()).hasSize(1);
        assertThat(requests).extracting(List::size).containsExactly(1, 1);
    }

    @Test
    void nothingIsRejectedIfTheSmallestRequestIsTooLarge() {
        lago = ids -> new Answer(413, "");

        fails(batch(0, 1), 413, 1);

        assertThat(rejected()).isEmpty();
        assertThat(requests).extracting(List::size).containsExactly(1, 1, 0);
    }

    @Test
    void theEventOnWhichTheServerAlwaysFailsIsRejected() {
        lago = ids -> ids.contains("t2") ? new Answer(500, "") : stored(ids);

        try (LogCapture log = LogCapture.from(Level.DEBUG)) {
            resolved(batch(0, 5), false);

            assertThat(log.lines()).as("pauses").filteredOn(line -> line.contains("has no answer yet; trying again in"))
                    .hasSize(3);
        }

        assertThat(delivered).containsExactlyInAnyOrder("0 stored", "1 stored", "3 stored", "4 stored");
        assertThat(rejected()).containsExactly("2 event: the server fails on it with status 500, and accepts other events");
        // alone: once to find it, and three times to be certain
        assertThat(requests).filteredOn(ids -> ids.equals(List.of("t2"))).hasSize(4);
    }

    @Test
    void nothingIsRejectedInAnOutage() {
        lago = ids -> new Answer(500, "");

        fails(batch(0, 8), 500, 8);
        assertThat(rejected()).isEmpty();
        requests.clear();
        fails(batch(0, 1), 500, 1);
        assertThat(requests).hasSize(2);
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void anOutageThatAnotherBatchHasFoundIsNotLookedForAgain() {
        resolved(batch(0, 1), false);
        requests.clear();
        AtomicBoolean first = new AtomicBoolean(true);
        lago = ids -> {
            if (ids.contains("t10") && first.getAndSet(false)) {
                fails(batch(1, 3), 500, 2);
            }
            return new Answer(500, "");
        };

        fails(batch(10, 12), 500, 2);

        assertThat(requests).containsExactly(List.of("t10", "t11"), List.of("t1", "t2"), List.of("t1", "t2"), List.of("t0"),
                List.of("t10", "t11"));
    }

    @Test
    void theFailureOfTheWholeBatchIsTheFailureOfAnOutage() {
        lago = ids -> new Answer(ids.size() == 2 ? 500 : 400, "");

        fails(batch(0, 2), 500, 2);
    }

    @Test
    void aDuplicateIsAnEventThatTheServerHasStored() {
        lago = ids -> ids.contains("t0")
                ? refused("{\"0\":{\"transaction_id\":[\"value_already_exist\"]}}")
                : new Answer(500, "");
        resolved(batch(0, 1), false);

        resolved(batch(1, 2), false);

        assertThat(rejected()).hasSize(1);
    }

    @Test
    void nothingIsTriedAloneIfTheServerFailsOnWhatItHasStored() {
        resolved(batch(0, 1), false);
        lago = ids -> new Answer(500, "");
        requests.clear();

        fails(batch(1, 9), 500, 8);

        assertThat(requests).extracting(List::size).containsExactly(8, 8, 1);
        assertThat(requests.get(2)).containsExactly("t0");
    }

    @Test
    void aSingleEventIsRejectedOnlyIfTheServerAcceptsWhatItHasStored() {
        lago = ids -> ids.contains("t1") ? new Answer(500, "") : stored(ids);
        fails(batch(1, 2), 500, 1);

        resolved(batch(0, 1), false);
        resolved(batch(1, 2), false);

        assertThat(rejected()).hasSize(1);
    }

    @Test
    void nothingIsRejectedIfTheServerFailsDuringTheRetries() {
        resolved(batch(0, 1), false);
        lago = ids -> {
            boolean retried = requests.stream().filter(sent -> sent.equals(List.of("t2"))).count() > 1;
            return ids.contains("t2") || retried ? new Answer(500, "") : stored(ids);
        };

        fails(batch(1, 3), 500, 1);
        assertThat(rejected()).isEmpty();
    }

    @Test
    void anotherFailureDuringTheSearchIsTheFailure() {
        lago = ids -> ids.contains("t3")
                ? new Answer(ids.size() == 1 ? 403 : 500, ids.size() == 1 ? REFUSED.formatted(403, "null") : "")
                : stored(ids);

        fails(batch(0, 4), 403, 1);
    }

    @Test
    void aRejectedEventThatMayBeStoredIsShownAsSent() {
        EventItem given = new EventItem(0, "{\"code\":\"c\",\"external_subscription_id\":\"s\"}", "origin", 1_000);
        lago = ids -> new Answer(413, "");
        resolved(batch(0, 1), true);

        Object shown = BatchResolver.shown(given, counter.report().rejected().get(0));

        assertThat(shown).asString().contains("transaction_id", "timestamp");
        lago = ids -> refused("{\"0\":{\"code\":[\"bad\"]}}");
        resolved(batch(1, 2), true);
        assertThat(BatchResolver.shown(given, counter.report().rejected().get(1))).isEqualTo(given.event());
        lago = ids -> ids.contains("t3") ? new Answer(500, "") : stored(ids);
        resolved(batch(2, 4), false);
        assertThat(BatchResolver.shown(given, counter.report().rejected().get(2))).asString().contains("transaction_id");
    }
}
