package io.github.camellago.api;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Some events were refused. All others of the message were delivered before; {@link #getReport()} lists the refused ones with
 * their reasons, of which {@link #getErrorDetails()} has the first thousand, by index. Sending the message again is harmless.
 */
public class LagoEventsRejectedException extends LagoException {

    private static final long serialVersionUID = 1L;
    private static final int REASONS = 5;
    private static final int DETAILS = 1000;

    private final LagoEventsReport report;

    public LagoEventsRejectedException(LagoEventsReport report, String path) {
        super(new Failure(message(report), "POST", path, 422, "validation_errors", details(report), false, null));
        this.report = report;
    }

    /** The outcome of all events of the message. */
    public LagoEventsReport getReport() {
        return report;
    }

    private static String message(LagoEventsReport report) {
        StringBuilder message = new StringBuilder().append(report.rejected().size()).append(" of ").append(report.total())
                .append(" events were rejected, all others delivered:");
        Map<String, Long> reasons = report.rejectedByReason();
        reasons.entrySet().stream().limit(REASONS)
                .forEach(r -> message.append(' ').append(r.getValue()).append(" × ").append(r.getKey()).append('.'));
        if (reasons.size() > REASONS) {
            message.append(" And ").append(reasons.size() - REASONS).append(" more reasons.");
        }
        return message.toString();
    }

    private static Map<String, Object> details(LagoEventsReport report) {
        Map<String, Object> details = new LinkedHashMap<>();
        report.rejected().stream().limit(DETAILS).forEach(r -> details.put(String.valueOf(r.index()), r.reasons()));
        return details;
    }
}
