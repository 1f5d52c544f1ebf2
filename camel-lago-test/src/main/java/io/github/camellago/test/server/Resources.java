package io.github.camellago.test.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The resources of the sandbox, from {@code resources.json}.
 */
public final class Resources {

    private static final Resources LOADED = load();

    private final Map<String, Resource> byName = new LinkedHashMap<>();

    private Resources() {}

    public static Resources get() {
        return LOADED;
    }

    public Collection<Resource> all() {
        return byName.values();
    }

    private static Resources load() {
        try (InputStream in = Resources.class.getResourceAsStream("resources.json")) {
            Resources resources = new Resources();
            Json.asObject(Json.parse(in.readAllBytes()))
                    .forEach((name, json) -> resources.byName.put(name, Resource.from(name, Json.asObject(json))));
            return resources;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
