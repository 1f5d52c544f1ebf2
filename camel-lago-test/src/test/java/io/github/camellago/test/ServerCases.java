package io.github.camellago.test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Replays recorded calls on a sandbox and compares the answers with those of Lago's server. The file has one step per line, as JSON:
 * <ul>
 * <li>{@code group} – the steps of a group run one after another on an empty server</li>
 * <li>{@code method}, {@code path} (below {@code /api/v1}, sent unchanged), {@code body} (null for none)</li>
 * <li>{@code status} – one allowed status, or several</li>
 * <li>{@code expect} – JSON pointer → value, {@code ""} being the whole body; a value may also be {@code {"$matches": regex}},
 * {@code {"$type": "string"}}, {@code {"$length": n}} or {@code {"$in": [values]}}</li>
 * <li>{@code absent} – pointers without a value</li>
 * <li>{@code save} – variable → pointer. Path, body and expect may contain {@code ${variable}}, and {@code ${now+3d}} for a time</li>
 * <li>{@code permissions} – the permissions of the key</li>
 * <li>{@code within} – seconds within which the answer must match</li>
 * <li>{@code needs} – {@code premium}, which the sandbox has</li>
 * </ul>
 */
final class ServerCases {

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}]+)}");
    private static final Pattern TIME = Pattern.compile("now(?:([+-]\\d+)([dhms]))?");
    private static final Comparator<JsonNode> SAME_NUMBER = (one, other) -> one.equals(other)
            || one.isNumber() && other.isNumber() && one.decimalValue().compareTo(other.decimalValue()) == 0 ? 0 : 1;

    private final LagoSandbox sandbox;
    private final Map<String, JsonNode> variables = new HashMap<>();
    private JsonNode answer;

    private ServerCases(LagoSandbox sandbox) {
        this.sandbox = sandbox;
    }

    /** All steps of a file in order, by group. */
    static Map<String, List<JsonNode>> read(Path file) throws IOException {
        Map<String, List<JsonNode>> groups = new LinkedHashMap<>();
        for (String line : Files.readAllLines(file)) {
            if (!line.isBlank()) {
                JsonNode step = Api.JSON.readTree(line);
                groups.computeIfAbsent(step.get("group").asText(), group -> new ArrayList<>()).add(step);
            }
        }
        return groups;
    }

    /** Replays the steps of one group. Returns a line for each step with a different answer. */
    static List<String> replay(LagoSandbox sandbox, List<JsonNode> group) {
        sandbox.reset();
        ServerCases cases = new ServerCases(sandbox);
        List<String> wrong = new ArrayList<>();
        for (JsonNode step : group) {
            List<String> differences = cases.replay(step);
            if (!differences.isEmpty()) {
                wrong.add("%s: %s (%s %s): %s".formatted(step.get("group").asText(), step.get("name").asText(),
                        step.get("method").asText(), step.get("path").asText(), String.join("; ", differences)));
            }
        }
        return wrong;
    }

    private List<String> replay(JsonNode step) {
        List<String> permissions = new ArrayList<>();
        step.path("permissions").forEach(permission -> permissions.add(permission.asText()));
        Api api = permissions.isEmpty()
                ? new Api(sandbox)
                : new Api(sandbox, sandbox.createKey(permissions.toArray(String[]::new)));
        AtomicReference<List<String>> differences = new AtomicReference<>(List.of());
        try {
            Awaitility.await().pollInSameThread().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(100))
                    .atMost(Duration.ofSeconds(Math.max(1, step.path("within").asInt() * 10L))).until(() -> {
                        differences.set(attempt(api, step));
                        return differences.get().isEmpty() || !step.has("within");
                    });
        } catch (ConditionTimeoutException e) {
            return differences.get();
        }
        List<String> wrong = new ArrayList<>(differences.get());
        step.path("save").properties().forEach(save -> {
            JsonNode value = answer.at(save.getValue().asText());
            if (value.isMissingNode() || value.isNull()) {
                wrong.add("expected " + save.getValue().asText() + " to save");
            } else {
                variables.put(save.getKey(), value);
            }
        });
        return wrong;
    }

    private List<String> attempt(Api api, JsonNode step) throws IOException {
        JsonNode body = step.path("body");
        Api.Answer got = api.send(step.get("method").asText(), fill(step.get("path").asText()),
                body.isNull() || body.isMissingNode() ? null : fill(body));
        String text = got.response().body();
        answer = text.isBlank() ? NullNode.getInstance() : Api.JSON.readTree(text);
        JsonNode status = step.get("status");
        boolean asExpected = status.isArray()
                ? contains(status, Api.JSON.getNodeFactory().numberNode(got.status()))
                : status.asInt() == got.status();
        if (!asExpected) {
            return List.of("expected " + status + ", got " + got.status() + " " + shortened(text));
        }
        List<String> wrong = new ArrayList<>();
        step.path("expect").properties().forEach(expected -> {
            JsonNode value = at(expected.getKey());
            JsonNode wanted = fill(expected.getValue());
            if (!fits(value, wanted)) {
                wrong.add(
                        "expected %s %s, got %s".formatted(expected.getKey().isEmpty() ? "the body" : expected.getKey(), wanted,
                                value.isMissingNode() ? "nothing" : shortened(value.toString())));
            }
        });
        step.path("absent").forEach(pointer -> {
            if (!at(pointer.asText()).isMissingNode()) {
                wrong.add("expected no " + pointer.asText());
            }
        });
        return wrong;
    }

    private JsonNode at(String pointer) {
        return pointer.isEmpty() ? answer : answer.at(pointer);
    }

    private static boolean fits(JsonNode value, JsonNode wanted) {
        if (value.isMissingNode()) {
            return false;
        }
        String rule = wanted.isObject() && !wanted.isEmpty() ? wanted.fieldNames().next() : "";
        return switch (rule) {
            case "$matches" -> value.isValueNode() && Pattern.compile(wanted.get(rule).asText()).matcher(value.asText()).find();
            case "$type" -> wanted.get(rule).asText().equals(value.getNodeType().name().toLowerCase());
            case "$length" -> (value.isArray() ? value.size() : value.asText().length()) == wanted.get(rule).asInt();
            case "$in" -> contains(wanted.get(rule), value);
            default -> wanted.equals(SAME_NUMBER, value);
        };
    }

    private static boolean contains(JsonNode values, JsonNode value) {
        for (JsonNode one : values) {
            if (one.equals(SAME_NUMBER, value)) {
                return true;
            }
        }
        return false;
    }

    private JsonNode fill(JsonNode value) {
        if (value.isTextual()) {
            return TextNode.valueOf(fill(value.asText()));
        }
        JsonNode filled = value.deepCopy();
        if (filled instanceof ObjectNode object) {
            value.properties().forEach(field -> object.set(field.getKey(), fill(field.getValue())));
        } else if (filled instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, fill(value.get(i)));
            }
        }
        return filled;
    }

    private String fill(String text) {
        return VARIABLE.matcher(text).replaceAll(match -> Matcher.quoteReplacement(variable(match.group(1))));
    }

    private String variable(String name) {
        Matcher time = TIME.matcher(name);
        if (!time.matches()) {
            return variables.getOrDefault(name, MissingNode.getInstance()).asText("no " + name);
        }
        Instant now = sandbox.now().truncatedTo(ChronoUnit.SECONDS);
        if (time.group(1) == null) {
            return now.toString();
        }
        long amount = Long.parseLong(time.group(1));
        return now.plus(switch (time.group(2)) {
            case "d" -> Duration.ofDays(amount);
            case "h" -> Duration.ofHours(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofSeconds(amount);
        }).toString();
    }

    private static String shortened(String text) {
        return text.length() > 300 ? text.substring(0, 300) + "…" : text;
    }
}
