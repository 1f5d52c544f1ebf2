package io.github.camellago.events;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import io.github.camellago.RouteTestSupport;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** A long stream says in the log how far it is. */
class EventsProgressTest extends RouteTestSupport {

    private final List<String> said = new CopyOnWriteArrayList<>();
    private final AbstractAppender listener = new AbstractAppender("said", null, null, true, Property.EMPTY_ARRAY) {
        @Override
        public void append(LogEvent event) {
            said.add(event.getMessage().getFormattedMessage());
        }
    };

    @BeforeEach
    void listen() {
        Configurator.setLevel(EventsSession.class, Level.INFO);
        listener.start();
        ((Logger) LogManager.getLogger(EventsSession.class)).addAppender(listener);
    }

    @AfterEach
    void leave() {
        ((Logger) LogManager.getLogger(EventsSession.class)).removeAppender(listener);
        Configurator.setLevel(EventsSession.class, Level.WARN);
    }

    @Test
    void logsTheProgressOfALongStreamOnly() throws Exception {
        sent("lago:events", Stream.iterate(0, i -> i < 500, i -> i + 1).map(i -> event("short-" + i)).iterator());
        assertThat(said).isEmpty();

        // as long as it takes to say so
        sent("lago:events", Stream.iterate(0, i -> said.isEmpty(), i -> i + 1).map(i -> event("t-" + i)).iterator());

        assertThat(said).hasSize(1);
        assertThat(said.get(0)).matches("Sending events to Lago, so far: accepted [1-9][0-9,.]*, duplicate 0, rejected 0");
    }
}
