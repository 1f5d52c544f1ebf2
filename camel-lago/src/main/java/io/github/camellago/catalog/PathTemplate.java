package io.github.camellago.catalog;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.apache.hc.core5.net.PercentCodec;

/**
 * A path below {@code /api/v1}, or with a later version as its first segment below {@code /api}, whose segments are literal or {@code {name}} placeholders. Immutable.
 */
public record PathTemplate(List<String> segments) {

    public PathTemplate {
        segments = List.copyOf(segments);
    }

    /** Reads a path as it stands in the catalog, or in an endpoint's URI once Camel has decoded that. */
    public static PathTemplate of(String path) {
        return new PathTemplate(Stream.of(path.split("/")).filter(segment -> !segment.isEmpty()).toList());
    }

    public static boolean isPlaceholder(String segment) {
        return segment.length() > 2 && segment.startsWith("{") && segment.endsWith("}");
    }

    public static String name(String placeholder) {
        return placeholder.substring(1, placeholder.length() - 1);
    }

    public String last() {
        return segments.isEmpty() ? "" : segments.get(segments.size() - 1);
    }

    int size() {
        return segments.size();
    }

    /** The names of the placeholders, from left to right. */
    public List<String> placeholders() {
        return segments.stream().filter(PathTemplate::isPlaceholder).map(PathTemplate::name).toList();
    }

    /** The first segments of this path. */
    public PathTemplate first(int count) {
        return new PathTemplate(segments.subList(0, count));
    }

    /** This path without the version in front: {@code v2/plans} becomes {@code plans}. */
    public PathTemplate withoutVersion() {
        return segments.get(0).equals("v2") ? new PathTemplate(segments.subList(1, segments.size())) : this;
    }

    /** This path with a placeholder after it. */
    public PathTemplate with(String placeholder) {
        return new PathTemplate(Stream.concat(segments.stream(), Stream.of('{' + placeholder + '}')).toList());
    }

    /** The path of which this is the end, with the segments of another one before it. */
    PathTemplate prefixed(PathTemplate prefix) {
        return new PathTemplate(Stream.concat(prefix.segments.stream(), segments.stream().skip(prefix.size())).toList());
    }

    /**
     * Fills the placeholders and percent-encodes each segment as one, so that an id such as {@code a/b c} or {@code acme.com} is safe.
     *
     * @param values asked for each placeholder's value; must not answer null
     */
    public String expand(UnaryOperator<String> values) {
        return segments.stream()
                .map(segment -> encodeSegment(isPlaceholder(segment) ? values.apply(name(segment)) : segment))
                .collect(Collectors.joining("/"));
    }

    /** Percent-encodes a value as one segment of a path, dots included: Lago ends many ids at a dot that is not encoded. */
    public static String encodeSegment(String value) {
        return encode(value).replace(".", "%2E");
    }

    /** Percent-encodes everything that RFC 3986 does not call unreserved. */
    public static String encode(String value) {
        return PercentCodec.encode(value, StandardCharsets.UTF_8);
    }

    /**
     * How a path of an endpoint's URI leads to this template: null if it does not, otherwise a letter for each segment of the URI: {@code l} if a
     * literal meets a literal or a placeholder a placeholder, {@code v} if a literal stands for a placeholder.
     */
    String match(PathTemplate uri) {
        StringBuilder match = new StringBuilder();
        for (int i = 0; i < uri.size(); i++) {
            String mine = i < size() ? segments.get(i) : null;
            String theirs = uri.segments.get(i);
            if (mine == null || !isPlaceholder(mine) && !mine.equals(theirs)) {
                return null;
            }
            match.append(isPlaceholder(mine) && !isPlaceholder(theirs) ? 'v' : 'l');
        }
        return match.toString();
    }

    /** How far a path of an endpoint's URI is from this template: the letters that differ; what stands for a placeholder may be any. */
    int distance(PathTemplate uri) {
        int distance = 0;
        for (int i = 0; i < Math.max(size(), uri.size()); i++) {
            String mine = i < size() ? segments.get(i) : "";
            String theirs = i < uri.size() ? uri.segments.get(i) : "";
            boolean placeholder = isPlaceholder(mine) && !theirs.isEmpty();
            distance += placeholder ? isPlaceholder(theirs) ? 0 : 1 : Spelling.distance(mine, theirs);
        }
        return distance;
    }

    /** The name of the placeholder at an index, or null if the segment is no placeholder. */
    String placeholderAt(int index) {
        return index >= 0 && isPlaceholder(segments.get(index)) ? name(segments.get(index)) : null;
    }

    @Override
    public String toString() {
        return String.join("/", segments);
    }
}
