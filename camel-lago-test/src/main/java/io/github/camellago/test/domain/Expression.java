package io.github.camellago.test.domain;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.camellago.test.server.Json;

/**
 * The expressions of billable metrics: {@code round(event.properties.value * 60)}, {@code concat(event.properties.id, '-', event.code)}.
 * Supports {@code + - * /}, parentheses, numbers, {@code 'text'}, {@code concat}, {@code round}, {@code ceil}, {@code floor}.
 */
final class Expression {

    private final String text;
    private final Map<String, Object> event;
    private int at;

    private Expression(String text, Map<String, Object> event) {
        this.text = text;
        this.event = event;
    }

    /** Whether the text is a valid expression. */
    static boolean isValid(String text) {
        try {
            evaluate(text, null);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The value as a string or a {@link BigDecimal}. Throws {@link IllegalArgumentException} if the expression is invalid. */
    static Object evaluate(String text, Map<String, Object> event) {
        Expression expression = new Expression(text, event);
        Object value = expression.sum();
        if (expression.peek() != 0) {
            throw expression.error();
        }
        return value instanceof BigDecimal number ? new BigDecimal(number.stripTrailingZeros().toPlainString()) : value;
    }

    private Object sum() {
        Object left = product();
        for (char operator = peek(); operator == '+' || operator == '-'; operator = peek()) {
            at++;
            BigDecimal right = number(product());
            left = operator == '+' ? number(left).add(right) : number(left).subtract(right);
        }
        return left;
    }

    private Object product() {
        Object left = atom();
        for (char operator = peek(); operator == '*' || operator == '/'; operator = peek()) {
            at++;
            BigDecimal right = number(atom());
            if (operator == '/' && right.signum() == 0) {
                if (event != null) {
                    throw new IllegalArgumentException("Division by zero");
                }
                right = BigDecimal.ONE;
            }
            left = operator == '*' ? number(left).multiply(right) : number(left).divide(right, MathContext.DECIMAL64);
        }
        return left;
    }

    private Object atom() {
        char next = peek();
        if (next == '(') {
            at++;
            Object value = sum();
            expect(')');
            return value;
        }
        if (next == '-') {
            at++;
            return number(atom()).negate();
        }
        if (next == '\'' || next == '"') {
            int end = text.indexOf(next, at + 1);
            if (end < 0) {
                throw error();
            }
            String value = text.substring(at + 1, end);
            at = end + 1;
            return value;
        }
        return Character.isDigit(next) ? new BigDecimal(word()) : named(word());
    }

    private Object named(String name) {
        if (name.startsWith("event.")) {
            Object value = event == null ? BigDecimal.ONE : Json.at(event, name.substring("event.".length()));
            if (value == null) {
                throw new IllegalArgumentException("Variable: " + name.substring(name.lastIndexOf('.') + 1) + " not found");
            }
            return value;
        }
        expect('(');
        List<Object> arguments = new ArrayList<>();
        do {
            arguments.add(sum());
        } while (skip(','));
        expect(')');
        int scale = arguments.size() > 1 && !"concat".equals(name) ? number(arguments.get(1)).intValue() : 0;
        return switch (name) {
            case "concat" -> arguments.stream().map(Json::asText).reduce("", String::concat);
            case "round" -> number(arguments.get(0)).setScale(scale, RoundingMode.HALF_UP);
            case "ceil" -> number(arguments.get(0)).setScale(scale, RoundingMode.CEILING);
            case "floor" -> number(arguments.get(0)).setScale(scale, RoundingMode.FLOOR);
            default -> throw error();
        };
    }

    private String word() {
        int start = at;
        while (at < text.length()
                && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_' || text.charAt(at) == '.')) {
            at++;
        }
        if (start == at) {
            throw error();
        }
        return text.substring(start, at);
    }

    private BigDecimal number(Object value) {
        BigDecimal number = Amounts.decimal(value);
        if (number == null && event == null) {
            return BigDecimal.ONE;
        }
        if (number == null) {
            throw new IllegalArgumentException(value + " is not a number");
        }
        return number;
    }

    private char peek() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at < text.length() ? text.charAt(at) : 0;
    }

    private boolean skip(char expected) {
        if (peek() == expected) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(char expected) {
        if (!skip(expected)) {
            throw error();
        }
    }

    private IllegalArgumentException error() {
        return new IllegalArgumentException("Invalid expression: " + text + " at " + at);
    }
}
