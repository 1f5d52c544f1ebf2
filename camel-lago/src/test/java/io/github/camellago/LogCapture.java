package io.github.camellago;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;

/**
 * Keeps all that is logged from some level on, until it is closed: logger, message and stack trace. Levels that a test has set meanwhile
 * end with it.
 */
public final class LogCapture extends AbstractAppender implements AutoCloseable {

    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final Logger root;
    private final Level before;

    private LogCapture(Logger root) {
        super("capture", null, null, true, Property.EMPTY_ARRAY);
        this.root = root;
        this.before = root.getLevel();
    }

    public static LogCapture from(Level level) {
        LogCapture capture = new LogCapture(((LoggerContext) LogManager.getContext(false)).getRootLogger());
        capture.start();
        capture.root.addAppender(capture);
        Configurator.setRootLevel(level);
        return capture;
    }

    @Override
    public void append(LogEvent event) {
        StringWriter line = new StringWriter().append(event.getLevel().name()).append(' ').append(event.getLoggerName())
                .append(' ')
                .append(event.getMessage().getFormattedMessage());
        if (event.getThrown() != null) {
            event.getThrown().printStackTrace(new PrintWriter(line));
        }
        lines.add(line.toString());
    }

    public Queue<String> lines() {
        return lines;
    }

    @Override
    public void close() {
        Configuration configuration = root.getContext().getConfiguration();
        List.copyOf(configuration.getLoggers().keySet()).stream().filter(name -> !name.isEmpty())
                .forEach(configuration::removeLogger);
        Configurator.setRootLevel(before);
        root.getContext().updateLoggers();
        root.removeAppender(this);
        stop();
    }
}
