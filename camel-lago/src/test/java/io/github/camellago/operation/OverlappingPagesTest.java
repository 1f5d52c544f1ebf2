package io.github.camellago.operation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

import io.github.camellago.client.LagoRecord;
import io.github.camellago.client.Page;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Lists that move while they are read page by page. */
class OverlappingPagesTest {

    private final List<Integer> list = new ArrayList<>();
    private final List<Integer> read = new ArrayList<>();
    private int requests;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 7, 10, 100})
    void missesNoRecordThatExistsDuringTheWholeReading(int size) {
        int moved = 0;
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            fill(1 + random.nextInt(8 * size));
            List<Integer> before = List.copyOf(list);
            Pages pages = pages(1, size, () -> {
                for (int moves = random.nextInt(4); moves > 0; moves--) {
                    if (random.nextBoolean() && !list.isEmpty()) {
                        list.remove(random.nextInt(Math.min(list.size(), 2 * size)));
                    } else {
                        list.add(random.nextInt(list.size() + 1), 1000 + requests * 10 + moves);
                    }
                }
            });
            while (pages.hasNext()) {
                pages.next().records().forEach(record -> read.add((Integer) record.body()));
            }
            Set<Integer> missed = new HashSet<>(before);
            missed.retainAll(list);
            read.forEach(missed::remove);
            if (pages.moved()) {
                moved++;
            } else {
                assertThat(missed).as("seed %d", seed).isEmpty();
            }
        }
        assertThat(moved).as("given up").isLessThan(100);
    }

    @Test
    void readsFewRecordsTwice() {
        fill(100_000);
        Pages pages = pages(1, 100, () -> {});
        int records = 0;
        while (pages.hasNext()) {
            records += pages.next().records().size();
        }
        assertThat(records).isEqualTo(100_000);
        assertThat(requests).isLessThan(1_150);
    }

    @Test
    void saysThatTheListMovedIfItDoesSoAllTheTime() {
        fill(5_000);
        Pages pages = pages(1, 10, () -> list.subList(0, Math.min(list.size(), 40)).clear());
        while (pages.hasNext()) {
            pages.next();
        }
        assertThat(pages.moved()).isTrue();
    }

    @Test
    void beginsAtAPage() {
        fill(10);
        Pages pages = pages(2, 4, () -> {});
        while (pages.hasNext()) {
            pages.next().records().forEach(record -> read.add((Integer) record.body()));
        }
        assertThat(read).containsExactly(4, 5, 6, 7, 8, 9);
    }

    /** Such as a stub that goes by the page's number only. */
    @ParameterizedTest
    @ValueSource(ints = {150, 200, 1_234})
    void readsAListWhoseServerIgnoresThePageSize(int count) {
        fill(count);
        Pages pages = Pages.overlapping((number, size) -> page(number, 100), 1, 100, null, 0,
                record -> record.body().toString());
        while (pages.hasNext()) {
            pages.next().records().forEach(record -> read.add((Integer) record.body()));
        }
        assertThat(read).containsExactlyElementsOf(list);
        assertThat(requests).isLessThanOrEqualTo(count / 100 + 4);
        assertThat(pages.moved()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7})
    void readsAListOfSmallPagesWhoseServerIgnoresThePageSize(int size) {
        fill(5 * size + 1);
        Pages pages = Pages.overlapping((number, ignored) -> page(number, size), 1, size, null, 0,
                record -> record.body().toString());
        while (pages.hasNext()) {
            pages.next().records().forEach(record -> read.add((Integer) record.body()));
        }
        assertThat(read).containsExactlyElementsOf(list);
    }

    @Test
    void readsAListWhoseServerAllowsOnlySmallerPages() {
        fill(170);
        Pages pages = Pages.overlapping((number, size) -> page(number, Math.min(size, 50)), 1, 100, null, 0,
                record -> record.body().toString());
        while (pages.hasNext()) {
            pages.next().records().forEach(record -> read.add((Integer) record.body()));
        }
        assertThat(read).containsExactlyElementsOf(list);
        assertThat(pages.moved()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"100, 10", "100, 7", "100, 3", "100, 2", "100, 1", "10, 10", "4, 4", "3, 3", "2, 3", "1, 3", "1, 1"})
    void readsALongListWhoseServerAllowsOnlySmallPages(int perPage, int most) {
        fill(300);
        Pages pages = Pages.overlapping((number, size) -> page(number, Math.min(size, most)), 1, perPage, null, 0,
                record -> record.body().toString());
        while (pages.hasNext()) {
            pages.next().records().forEach(record -> read.add((Integer) record.body()));
        }
        assertThat(read).containsExactlyElementsOf(list);
        assertThat(pages.moved()).isFalse();
        assertThat(requests).isLessThan(2 * 300 / Math.min(perPage, most) + 10);
    }

    private void fill(int count) {
        list.clear();
        read.clear();
        requests = 0;
        IntStream.range(0, count).forEach(list::add);
    }

    private Pages pages(int first, int size, Runnable beforeEachPage) {
        return Pages.overlapping((number, count) -> {
            if (number > 1) {
                beforeEachPage.run();
            }
            return page(number, count);
        }, first, size, null, 0, record -> record.body().toString());
    }

    private Page page(int number, int size) {
        requests++;
        int from = Math.min(list.size(), (number - 1) * size);
        int to = Math.min(list.size(), from + size);
        List<LagoRecord> records = list.subList(from, to).stream().map(i -> new LagoRecord(i, Map.of(), null, 0, 0)).toList();
        return new Page(records, to < list.size() ? number + 1 : null, null, null, null);
    }
}
