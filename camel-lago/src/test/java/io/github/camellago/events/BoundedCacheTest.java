package io.github.camellago.events;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class BoundedCacheTest {

    private final BoundedCache<Integer> cache = new BoundedCache<>(100);

    @Test
    void neverHoldsMoreThanItsSize() {
        for (int i = 0; i < 1_000; i++) {
            cache.put("n-" + i, i);
            assertThat(cache.entries().count()).isLessThanOrEqualTo(100);
        }
        assertThat(cache.get("n-999")).isEqualTo(999);
        assertThat(cache.get("n-0")).isNull();
    }

    @Test
    void keepsWhatIsUsed() {
        cache.put("used", 1);
        for (int i = 0; i < 1_000; i++) {
            cache.put("n-" + i, i);
            assertThat(cache.get("used")).isEqualTo(1);
        }
    }

    @Test
    void aNewValueReplacesTheOldOne() {
        cache.put("name", 1);
        for (int i = 0; i < 60; i++) {
            cache.put("n-" + i, i);
        }
        cache.put("name", 2);
        assertThat(cache.get("name")).isEqualTo(2);
    }

    @Test
    void saysWhetherThereIsRoom() {
        for (int i = 0; cache.hasRoom(); i++) {
            cache.put("n-" + i, i);
        }
        assertThat(cache.entries().count()).isBetween(45L, 50L);
        cache.clear();
        assertThat(cache.hasRoom()).isTrue();
        assertThat(cache.entries()).isEmpty();
    }
}
