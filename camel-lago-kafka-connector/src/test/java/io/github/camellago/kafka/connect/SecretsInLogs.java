package io.github.camellago.kafka.connect;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;

/** Finds secrets in log messages. */
final class SecretsInLogs extends AbstractAppender implements AutoCloseable {

    private final List<String> secrets = new CopyOnWriteArrayList<>();
    private final List<String> found = new CopyOnWriteArrayList<>();
    private final Logger root = ((LoggerContext) LogManager.getContext(false)).getRootLogger();

    private SecretsInLogs() {
        super("secrets", null, null, true, Property.EMPTY_ARRAY);
    }

    /** Logs the connectors in detail, and watches all messages for a secret. */
    static SecretsInLogs watch(String secret) {
        SecretsInLogs logs = new SecretsInLogs();
        logs.watchAlso(secret);
        logs.start();
        logs.root.getAppenders().values().forEach(logs.root::removeAppender);
        logs.root.addAppender(logs);
        Configurator.setRootLevel(Level.INFO);
        Configurator.setLevel("io.github.camellago", Level.TRACE);
        Configurator.setLevel("org.apache.kafka.connect", Level.DEBUG);
        return logs;
    }

    void watchAlso(String secret) {
        secrets.add(secret);
    }

    List<String> found() {
        return found;
    }

    @Override
    public void append(LogEvent event) {
        String message = event.getMessage().getFormattedMessage() + event.getThrown();
        if (secrets.stream().anyMatch(message::contains)) {
            found.add(message);
        }
    }

    @Override
    public void close() {
        root.removeAppender(this);
        stop();
    }
}
