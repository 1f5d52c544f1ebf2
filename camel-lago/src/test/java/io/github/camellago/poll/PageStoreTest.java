package io.github.camellago.poll;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import io.github.camellago.api.JdbcRecordRepository;
import io.github.camellago.api.RecordRepository.Row;
import io.github.camellago.catalog.RecordType;
import io.github.camellago.client.LagoRecord;
import io.github.camellago.client.Page;
import io.github.camellago.poll.Reading.Claim;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** How {@code readMode=changed} reads and writes a record repository. */
class PageStoreTest {

    private static int databases;

    private final List<String> calls = new ArrayList<>();
    private JdbcRecordRepository repository;
    private boolean down;

    @BeforeEach
    void open() {
        JdbcDataSource database = new JdbcDataSource();
        database.setUrl("jdbc:h2:mem:pagestore" + ++databases + ";DB_CLOSE_DELAY=-1");
        repository = new JdbcRecordRepository(database) {
            @Override
            public Map<String, Row> find(String list, Collection<String> keys) {
                call("find " + keys.size());
                return super.find(list, keys);
            }

            @Override
            public void save(Collection<Row> rows) {
                call("save " + rows.size());
                super.save(rows);
            }

            @Override
            public List<Row> next(String list, String after, int count) {
                call("next");
                return super.next(list, after, count);
            }
        };
        repository.init();
    }

    private void call(String what) {
        calls.add(what);
        if (down) {
            throw new IllegalStateException("the database is down");
        }
    }

    @Test
    void asksAndWritesOncePerPage() {
        ChangedSelection selection = selection();
        Reading reading = selection.begin("list");
        for (int page = 0; page < 3; page++) {
            List<Claim> claims = claim(reading, page(page * 10, 10, "1"));
            assertThat(claims).hasSize(10);
            claims.forEach(Claim::processed);
            selection.flush();
        }
        selection.polled(true);

        assertThat(calls).containsExactly("next", "find 10", "save 10", "find 10", "save 10", "find 10", "save 10");
    }

    @Test
    void asksOnceForAListThatHasNotChangedAfterARestart() {
        poll(selection(), page(0, 10, "1"));
        calls.clear();
        ChangedSelection restarted = selection();

        assertThat(poll(restarted, page(0, 10, "1"))).isZero();
        assertThat(calls).containsExactly("next");
        assertThat(poll(restarted, page(0, 10, "1"))).isZero();
        assertThat(calls).containsExactly("next");
        assertThat(poll(restarted, page(0, 10, "2"))).isEqualTo(10);
    }

    @Test
    void theNextWriteRepeatsAFailedOne() {
        ChangedSelection selection = selection();
        List<Claim> claims = claim(selection.begin("list"), page(0, 10, "1"));
        down = true;
        claims.forEach(Claim::processed);
        assertThatThrownBy(selection::flush).hasMessageContaining("down");
        assertThatThrownBy(() -> selection.polled(false)).hasMessageContaining("down");
        down = false;

        assertThat(poll(selection, page(0, 10, "1"))).isZero();
        assertThat(poll(selection(), page(0, 10, "1"))).isZero();
    }

    @Test
    void recordsProcessedAfterThePollAreWrittenTogether() {
        ChangedSelection selection = selection();
        List<Claim> claims = claim(selection.begin("list"), page(0, 10, "1"));
        selection.polled(true);
        calls.clear();
        claims.forEach(Claim::processed);

        assertThat(calls).containsExactly("save 10");
    }

    @Test
    void noMoreThanAPageWaitsToBeWritten() {
        ChangedSelection selection = selection();
        Reading reading = selection.begin("list");
        List<Claim> claims = new ArrayList<>(claim(reading, page(0, 10, "1")));
        claims.addAll(claim(reading, page(10, 10, "1")));
        calls.clear();
        claims.subList(0, 15).forEach(Claim::processed);

        assertThat(calls).containsExactly("save 10");
        selection.flush();
        assertThat(calls).containsExactly("save 10", "save 5");
    }

    @Test
    void anotherInstancesVersionIsNotProcessedAgain() {
        ChangedSelection one = selection();
        ChangedSelection two = selection();
        poll(one, page(0, 1, "1"));
        assertThat(poll(two, page(0, 1, "1"))).isZero();
        assertThat(poll(one, page(0, 1, "2"))).isEqualTo(1);

        assertThat(poll(two, page(0, 1, "2"))).isZero();
        assertThat(poll(two, page(0, 1, "3"))).isEqualTo(1);
        assertThat(poll(one, page(0, 1, "3"))).isZero();
    }

    @Test
    void looksUpAChangedPageOnceAndRowsWithoutAKeyThatAreKnownNotAtAll() {
        for (String key : new String[]{"lago_id", null}) {
            ChangedSelection selection = selection(key);
            poll(selection, page(0, 10, "1"));
            calls.clear();
            assertThat(poll(selection, page(0, 10, "1"))).isZero();
            assertThat(calls).isEmpty();
            assertThat(poll(selection, page(0, 10, "2"))).isEqualTo(10);
            assertThat(calls).containsExactly("find 10", "save 10");
        }
    }

    @Test
    void asksOnceForWhatAnotherInstanceProcessed() {
        ChangedSelection selection = selection();
        poll(selection, page(0, 1, "1"));
        poll(selection(), page(1, 9, "1"));
        assertThat(poll(selection, page(0, 10, "1"))).isZero();
        calls.clear();

        assertThat(poll(selection, page(0, 10, "1"))).isZero();
        assertThat(calls).isEmpty();
    }

    @Test
    void theEndOfAPollWritesWhatWasProcessedSinceItsLastPage() {
        ChangedSelection selection = selection();
        List<Claim> claims = claim(selection.begin("list"), page(0, 3, "1"));
        selection.flush();
        claims.get(0).processed();
        selection.polled(true);

        assertThat(calls).containsExactly("next", "find 3", "save 1");
    }

    @Test
    void aRowThatMayHaveLeftTheListIsLookedUpWhenItIsBack() {
        poll(selection(), page(0, 2, "1"));
        Row row = repository.find("list", List.of("0")).get("0");
        repository.save(List.of(new Row("list", "0", row.id(), row.version(), 1)));
        calls.clear();

        assertThat(poll(selection(), page(0, 2, "1"))).isZero();
        assertThat(calls).containsExactly("next", "find 1", "save 1");
        assertThat(repository.find("list", List.of("0")).get("0").missed()).isZero();
    }

    @Test
    void aFailureIsTheEndOfWhatIsInFlight() {
        ChangedSelection selection = selection();
        List<Claim> claims = claim(selection.begin("list"), page(0, 2, "1"));
        selection.polled(true);
        calls.clear();
        claims.get(0).processed();
        assertThat(calls).isEmpty();

        claims.get(1).failed();
        assertThat(calls).containsExactly("save 1");
    }

    @Test
    void whatWasLookedUpCountsOnlyUntilThePollEnds() {
        PageStore store = new PageStore(repository, 10);
        RecordId id = RecordId.of("list", "list/0", null);
        LagoRecord record = page(0, 1, "1").records().get(0);
        store.lookUp("list", List.of(id));
        store.pollEnded();
        repository.save(List.of(new Row("list", "0", null, Version.of(record, 0), 0)));

        assertThat(store.find(id, record, true, 0)).isEqualTo(new RecordStore.Found(Version.of(record, 0), true));
    }

    @Test
    void whatWasDeletedIsNeitherWrittenNorRemembered() {
        PageStore store = new PageStore(repository, 10);
        RecordId id = RecordId.of("list", "list/0", null);
        LagoRecord record = page(0, 1, "1").records().get(0);
        store.processed(id, 5, 0);
        store.flush();
        store.processed(id, 6, 0);
        store.lookUp("list", List.of(id));
        store.forget(id);
        store.flush();

        assertThat(store.find(id, record, false, 0)).isNull();
        assertThat(repository.find("list", List.of("0"))).isEmpty();
    }

    @Test
    void aRowThatIsBackIsWrittenAndOthersAreNot() {
        RecordId id = RecordId.of("list", "list/0", null);
        LagoRecord record = page(0, 1, "1").records().get(0);
        long version = Version.of(record, 0);
        PageStore store = new PageStore(repository, 10);
        for (int missed = 0; missed < 3; missed++) {
            repository.save(List.of(new Row("list", "0", null, version, missed)));
            calls.clear();
            assertThat(store.find(id, record, true, 0)).isEqualTo(new RecordStore.Found(version, true));
            store.flush();
            assertThat(calls).containsExactlyElementsOf(missed == 0 ? List.of("find 1") : List.of("find 1", "save 1"));
            assertThat(repository.find("list", List.of("0")).get("0").missed()).isZero();
        }
    }

    private ChangedSelection selection() {
        return selection("lago_id");
    }

    private ChangedSelection selection(String key) {
        return new ChangedSelection(new ChangedSelection.Settings(new RecordType("lago_id", key, List.of(), false, null),
                false, true, false, 1, 10), repository);
    }

    private static int poll(ChangedSelection selection, Page page) {
        List<Claim> claims = claim(selection.begin("list"), page);
        claims.forEach(Claim::processed);
        selection.flush();
        selection.polled(true);
        return claims.size();
    }

    private static List<Claim> claim(Reading reading, Page page) {
        reading.prepare(page);
        reading.turnTo(page);
        List<Claim> claims = new ArrayList<>();
        for (LagoRecord record : page.records()) {
            Claim claim = reading.claim(record, 0);
            if (claim != null && claim != Reading.IN_FLIGHT) {
                claims.add(claim);
            }
        }
        return claims;
    }

    private static Page page(int from, int count, String version) {
        return new Page(IntStream.range(from, from + count).mapToObj(i -> {
            byte[] json = ("{\"lago_id\":\"" + i + "\",\"version\":\"" + version + "\"}").getBytes(StandardCharsets.UTF_8);
            return new LagoRecord(null, Map.of("lago_id", String.valueOf(i)), json, 0, json.length);
        }).toList(), null, null, null, null);
    }
}
