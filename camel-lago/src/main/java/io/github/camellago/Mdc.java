package io.github.camellago;

import java.util.Map;
import java.util.concurrent.Executor;

import org.slf4j.MDC;

/** Work that another thread does for a message logs under the message's MDC. */
final class Mdc {

    private Mdc() {}

    /** An executor whose tasks have the MDC of whoever hands them over. */
    static Executor carriedBy(Executor executor) {
        return task -> {
            Map<String, String> mdc = MDC.getCopyOfContextMap();
            executor.execute(mdc == null || mdc.isEmpty() ? task : () -> run(task, mdc));
        };
    }

    private static void run(Runnable task, Map<String, String> mdc) {
        MDC.setContextMap(mdc);
        try {
            task.run();
        } finally {
            MDC.clear();
        }
    }
}
