package io.github.camellago.catalog;

import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/**
 * The resource of an endpoint's path: the operations that can be reached from it.
 *
 * @param path       the path as typed in the URI
 * @param operations the operations, first those of exactly this path
 */
public record Resource(PathTemplate path, List<BoundOperation> operations) {

    /** The operation of that name in any of its spellings ({@code retry_payment}, {@code retryPayment}, {@code retry-payment}), or null. */
    public BoundOperation operation(String name) {
        String wanted = canonical(name);
        return operations.stream().filter(candidate -> candidate.name().equals(wanted)).findFirst().orElse(null);
    }

    /** The operations of exactly this path, without the ones that add an id or a verb to it. */
    public List<BoundOperation> direct() {
        // not the record's own equals, whose first call takes 10 ms of the start
        return operations.stream().filter(o -> o.path().segments().equals(path.segments())).toList();
    }

    /** The operation that calls exactly this path with that HTTP method, or null. */
    public BoundOperation direct(String method) {
        return direct().stream().filter(o -> o.operation().method().equals(method)).findFirst().orElse(null);
    }

    /**
     * The default of a producer: the only call of this path that Lago's contract has, else {@code create}, else {@code get}. Null if
     * the path has none of them.
     */
    public BoundOperation byDefault() {
        List<BoundOperation> direct = direct();
        if (direct.size() > 1) {
            List<BoundOperation> published = direct.stream().filter(o -> o.operation().operationId() != null).toList();
            direct = published.isEmpty() ? direct : published;
        }
        if (direct.size() == 1) {
            return direct.get(0);
        }
        if (operations.size() == 1) {
            return operations.get(0);
        }
        BoundOperation create = operation("create");
        return create != null
                ? create
                : direct.stream().filter(o -> o.name().equals("get")).findFirst().orElse(null);
    }

    /** The operation that a consumer reads by default: the list, otherwise the only read of this path; null if the path has neither. */
    public BoundOperation reading() {
        BoundOperation list = operation("list");
        if (list != null) {
            return list;
        }
        List<BoundOperation> reads = direct().stream().filter(o -> o.operation().reads()).toList();
        return reads.size() == 1 ? reads.get(0) : null;
    }

    /** The operations' names, in alphabetical order, for messages. */
    public String operationNames() {
        return String.join(", ", new TreeSet<>(operations.stream().map(BoundOperation::name).toList()));
    }

    /** {@code retryPayment} and {@code retry-payment} as {@code retry_payment}. */
    static String canonical(String name) {
        return name.strip().replace('-', '_').replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
    }
}
