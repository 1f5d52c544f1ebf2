package io.github.camellago.test;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/** The query of a call. Records the parameters that are read. */
final class QueryRecorder extends LinkedHashMap<String, List<String>> {

    private static final long serialVersionUID = 1L;

    private final transient Set<String> read = new TreeSet<>();
    private transient boolean iterated;

    /** The parameters that have been read, without the brackets of arrays. */
    Set<String> names() {
        return new TreeSet<>(read.stream().map(name -> name.replaceAll("\\[]$", "")).toList());
    }

    /** Whether all parameters have been iterated, as parameters of the form {@code name[key]=value} require. */
    boolean isIterated() {
        return iterated;
    }

    @Override
    public List<String> get(Object name) {
        read.add(String.valueOf(name));
        return super.get(name);
    }

    @Override
    public List<String> getOrDefault(Object name, List<String> otherwise) {
        read.add(String.valueOf(name));
        return super.getOrDefault(name, otherwise);
    }

    @Override
    public boolean containsKey(Object name) {
        read.add(String.valueOf(name));
        return super.containsKey(name);
    }

    @Override
    public void forEach(BiConsumer<? super String, ? super List<String>> action) {
        iterated = true;
        super.forEach(action);
    }

    @Override
    public Set<Map.Entry<String, List<String>>> entrySet() {
        iterated = true;
        return super.entrySet();
    }
}
