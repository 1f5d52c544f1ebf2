package io.github.camellago.operation;

import java.util.Map;
import java.util.concurrent.Executor;

import org.slf4j.MDC;

/** Work that another thread does for a message logs under the message's MDC. */
public final class MdcExecutor {

    private MdcExecutor() {}

    /** Wraps an executor: its tasks have the MDC of the thread that submits them. */
    public static Executor wrap(Executor executor) {
        return task -> {
            Map<String, String> mdc = MDC.getCopyOfContextMap();
            executor.execute(mdc == null || mdc.isEmpty() ? task : () -> {
                MDC.setContextMap(mdc);
                try {
                    task.run();
                } finally {
                    MDC.clear();
                }
            });
        };
    }
}
