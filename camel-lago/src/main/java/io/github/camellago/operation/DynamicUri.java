package io.github.camellago.operation;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.camellago.catalog.BoundOperation;
import io.github.camellago.catalog.Catalog;
import io.github.camellago.catalog.PathTemplate;
import io.github.camellago.catalog.Resource;
import io.github.camellago.client.Credentials;
import org.apache.camel.util.StringHelper;
import org.apache.camel.util.URISupport;
import org.apache.camel.util.UnsafeUriCharactersEncoder;

/**
 * The URI of a {@code toD} before its expressions are evaluated. It says which options the call has and which segments its path has.
 * Each computed value is evaluated by itself and stays one value: it adds neither options nor segments. Immutable.
 */
public final class DynamicUri {

    private static final char OPEN = '\uE000';
    private static final char CLOSE = '\uE001';
    private static final Pattern MARK = Pattern.compile(OPEN + "(\\d+)" + CLOSE);
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_]+");
    private static final Pattern WHOLE_PATH = Pattern.compile("(?!.*\\{\\{)[A-Za-z0-9_{}/-]+");
    private static final Pattern BEAN = Pattern.compile("#(?:bean:)?[\\w.-]+");
    private static final String API_KEY = "apiKey";
    /** With these options, an endpoint keeps what it has of one account. */
    private static final Set<String> OF_ONE_ACCOUNT = Set.of("batchInterval", "checkReferences");

    private final boolean sharedByKeys;
    private final List<String> expressions = new ArrayList<>();
    private final String prefix;
    private final String[] segments;
    private final Map<String, Object> fixed = new LinkedHashMap<>();
    private final Map<String, Object> perEndpoint = new LinkedHashMap<>();
    private final Map<String, Object> perMessage = new LinkedHashMap<>();

    /**
     * The result of a URI for one message.
     *
     * @param uri      the URI of an endpoint that serves all values
     * @param computed the options of this call, by their names; of them, {@code apiKey} is a {@link Credentials}
     */
    public record Call(String uri, Map<String, Object> computed) {}

    /**
     * @param  template                 the URI with its expressions, property placeholders resolved
     * @param  sharedByKeys             whether one endpoint can serve all API keys, as far as the options of its component go
     * @throws IllegalArgumentException if the name of an option is computed
     */
    public DynamicUri(String template, boolean sharedByKeys) throws URISyntaxException {
        this.sharedByKeys = sharedByKeys;
        String marked = mark(template);
        String address = StringHelper.before(marked, "?", marked);
        prefix = address.replaceFirst("(?s)(:/*).*", "$1");
        segments = address.substring(prefix.length()).split("/");
        String query = StringHelper.after(marked, "?");
        if (query != null) {
            URISupport.parseQuery(query).forEach((name, value) -> option(template, name, value));
        }
    }

    /** Whether nothing is computed. */
    public boolean isFixed() {
        return expressions.isEmpty();
    }

    /** Puts a mark in the place of each expression, so that nothing in an expression is taken for a part of the URI. */
    private String mark(String template) {
        StringBuilder marked = new StringBuilder();
        int at = 0;
        while (at < template.length()) {
            int brace = template.startsWith("${", at) ? at + 1 : template.startsWith("$simple{", at) ? at + 7 : -1;
            if (brace < 0) {
                marked.append(template.charAt(at++));
                continue;
            }
            int end = brace;
            int depth = 0;
            do {
                char c = template.charAt(end++);
                depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            } while (depth > 0 && end < template.length());
            marked.append(OPEN).append(expressions.size()).append(CLOSE);
            expressions.add(template.substring(at, end));
            at = end;
        }
        return marked.toString();
    }

    private void option(String template, String name, Object value) {
        if (isComputed(name)) {
            throw namesAreFixed(template);
        }
        Map<String, Object> one = new HashMap<>(Map.of(name, value));
        URISupport.resolveRawParameterValues(one);
        if (!isComputed(value)) {
            fixed.put(name, value);
        } else if (name.equals("filters")) {
            parse(one.get(name).toString()).forEach((filter, of) -> {
                if (isComputed(filter)) {
                    throw namesAreFixed(template);
                }
                perMessage.put("filter." + filter, of);
            });
        } else {
            boolean varies = name.equals("id") || name.equals("page") || name.startsWith("path.") || name.startsWith("filter.");
            (varies ? perMessage : perEndpoint).putAll(one);
        }
    }

    private Map<String, Object> parse(String filters) {
        try {
            return FilterParser.parse("The option filters", filters);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(original(e.getMessage()), e);
        }
    }

    private IllegalArgumentException namesAreFixed(String template) {
        return new IllegalArgumentException("The URI " + URISupport.sanitizeUri(template)
                + " computes the names of options. Write the names in the URI and compute values only, or use the header"
                + " CamelLagoFilter");
    }

    private static boolean isComputed(Object text) {
        return text.toString().indexOf(OPEN) >= 0;
    }

    /**
     * Evaluates the URI for one message.
     *
     * @param  evaluate                 evaluates text with expressions: to a text, or for a filter to a list, a map or a date
     * @throws IllegalArgumentException if a computed part of the path is more than a path
     */
    public Call call(Function<String, Object> evaluate) throws URISyntaxException {
        Map<String, Object> values = new HashMap<>();
        Map<String, Object> options = new LinkedHashMap<>(fixed);
        perEndpoint.forEach((name, value) -> {
            Object text = value(value, evaluate);
            requirePlain(name, value.toString(), text.toString().strip());
            options.put(name, text);
        });
        String path = path(evaluate, values);
        if (isSharedByKeys(path)) {
            values.put(API_KEY, Credentials.of(options.put(API_KEY, Credentials.PER_MESSAGE).toString()));
        }
        Object id = perMessage.get("id");
        if (id != null && options.containsKey("httpMethod")) {
            // a path that is not known has no place for an id yet
            PathTemplate withId = Catalog.withId(PathTemplate.of(path));
            path = withId.toString();
            values.put("path." + PathTemplate.name(withId.last()), value(id, evaluate));
        }
        Set<String> placeholders = placeholders(path);
        perMessage.forEach((name, value) -> {
            boolean fillsNothing = name.startsWith("path.") && !placeholders.contains(name.substring("path.".length()));
            // the endpoint refuses an option that fills no placeholder
            (fillsNothing ? options : values).put(name, name.startsWith("filter.") && isComputed(value)
                    ? evaluated(value, evaluate)
                    : value(value, evaluate));
        });
        return new Call(uri(prefix + path, options), values);
    }

    /** Whether the key of a message goes with the message. The key would be a part of the endpoint's URI otherwise. */
    private boolean isSharedByKeys(String path) {
        Object key = perEndpoint.get(API_KEY);
        return sharedByKeys && key != null && !key.toString().startsWith("#") && !path.startsWith("webhooks")
                && Stream.of(fixed, perEndpoint).map(Map::keySet)
                        .allMatch(names -> Collections.disjoint(names, OF_ONE_ACCOUNT));
    }

    /**
     * Refuses what Camel resolves in the options of an endpoint, since it would create objects and read properties: references, other
     * than to a bean if the URI says so, and property placeholders. An empty value would leave the option to the component or a header.
     */
    private static void requirePlain(String name, String template, String text) {
        boolean namesBean = template.startsWith("#") && BEAN.matcher(text).matches();
        if (text.isEmpty() || text.startsWith("RAW") || text.startsWith("#") && !namesBean || text.contains("{{")) {
            throw new IllegalArgumentException("The computed value of the option " + name
                    + (text.isEmpty() ? " is empty" : " must not begin with RAW or # and must not contain {{"));
        }
    }

    /** The URI of the endpoint. Camel decodes some options twice, so a computed value with an ampersand would add options. */
    private String uri(String address, Map<String, Object> options) throws URISyntaxException {
        if (options.isEmpty()) {
            return address;
        }
        String uri = address + '?' + URISupport.createQueryString(options);
        Map<String, Object> read = URISupport
                .parseParameters(new URI(UnsafeUriCharactersEncoder.encode(URISupport.normalizeUri(uri))));
        for (String name : options.keySet()) {
            boolean computed = !fixed.containsKey(name);
            if (computed && (read.size() != options.size() || !options.get(name).equals(read.get(name)))) {
                throw new IllegalArgumentException("The computed value of the option " + name
                        + " has characters, such as & or +, that an option cannot have in a URI");
            }
        }
        return uri;
    }

    private Object value(Object template, Function<String, Object> evaluate) {
        return isComputed(template) ? evaluated(template, evaluate).toString() : template;
    }

    /** The value of a template. A template that is no more than an expression may be a list, a map or a date. */
    private Object evaluated(Object template, Function<String, Object> evaluate) {
        if (template instanceof List<?> several) {
            return several.stream().map(one -> value(one, evaluate)).toList();
        }
        Object value = evaluate.apply(original(template.toString()));
        return value == null ? "" : value;
    }

    /** The text with its expressions. */
    private String original(String text) {
        return MARK.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(expressions.get(Integer.parseInt(found.group(1)))));
    }

    /** The path, with a placeholder for each computed id. */
    private String path(Function<String, Object> evaluate, Map<String, Object> values) {
        List<Integer> computed = IntStream.range(0, segments.length).filter(i -> isComputed(segments[i])).boxed().toList();
        if (computed.isEmpty()) {
            return String.join("/", segments);
        }
        // a computed segment is an id if Lago has such a path, else a word of Lago's; the fewer words the better
        List<Integer> words = fixed.containsKey("httpMethod") ? List.of() : words(computed, evaluate);
        String[] path = segments.clone();
        for (int i : computed) {
            if (words.contains(i) || i == 0) {
                path[i] = word(i, evaluate);
                if (path[i] == null) {
                    throw new IllegalArgumentException("The computed part \"" + value(segments[i], evaluate)
                            + "\" of the URI is not a path of Lago. Write options, and the words around an id, in the URI:"
                            + " lago:customers/${header.customer}/wallets?operation=list");
                }
            }
        }
        Resource resource = Catalog.get().find(PathTemplate.of(String.join("/", path)));
        for (int i : computed) {
            if (!words.contains(i) && i > 0) {
                String name = resource == null
                        ? "segment" + (i + 1)
                        : PathTemplate.name(resource.operations().get(0).operation().path().segments().get(i));
                values.put("path." + name, value(segments[i], evaluate));
                path[i] = '{' + name + '}';
            }
        }
        return String.join("/", path);
    }

    private List<Integer> words(List<Integer> computed, Function<String, Object> evaluate) {
        // each bit of a number says whether a segment is a word; numbers with fewer bits come first
        return IntStream.range(0, 1 << computed.size()).boxed().sorted(Comparator.comparing(Integer::bitCount))
                .map(bits -> computed.stream().filter(i -> (bits >> computed.indexOf(i) & 1) == 1).toList())
                .filter(words -> isPath(words, evaluate)).findFirst().orElse(computed);
    }

    /** Whether Lago has such a path if these segments are words, and the other computed ones are ids. */
    private boolean isPath(List<Integer> words, Function<String, Object> evaluate) {
        String[] path = segments.clone();
        words.forEach(i -> path[i] = word(i, evaluate));
        return !Arrays.asList(path).contains(null) && Catalog.get().find(PathTemplate.of(String.join("/", path))) != null;
    }

    /** A computed segment as a word of Lago's, or the whole path, or null if it cannot be one. */
    private String word(int index, Function<String, Object> evaluate) {
        String word = value(segments[index], evaluate).toString();
        return (segments.length == 1 ? WHOLE_PATH : WORD).matcher(word).matches() ? word : null;
    }

    private static Set<String> placeholders(String path) {
        PathTemplate template = PathTemplate.of(path);
        Set<String> names = new HashSet<>(template.placeholders());
        Resource resource = Catalog.get().find(template);
        if (resource != null) {
            resource.operations().stream().map(BoundOperation::path).forEach(p -> names.addAll(p.placeholders()));
        }
        return names;
    }
}
