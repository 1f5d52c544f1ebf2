package io.github.camellago.observe;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

import io.github.camellago.RouteTestSupport;
import io.github.camellago.client.LagoClient;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Log lines about the calls of a message have the message's MDC values, on each thread. */
class MdcTest extends RouteTestSupport {

    private final List<LogEvent> logged = new CopyOnWriteArrayList<>();
    private final LoggerContext logging = LoggerContext.getContext(false);

    @Override
    protected CamelContext createCamelContext() throws Exception {
        CamelContext context = super.createCamelContext();
        context.setUseMDCLogging(true);
        return context;
    }

    @BeforeEach
    void listen() {
        AbstractAppender appender = new AbstractAppender("mdc", null, null, false, Property.EMPTY_ARRAY) {
            @Override
            public void append(LogEvent event) {
                logged.add(event.toImmutable());
            }
        };
        appender.start();
        LoggerConfig calls = new LoggerConfig(LagoClient.class.getName(), Level.DEBUG, false);
        calls.addAppender(appender, Level.DEBUG, null);
        logging.getConfiguration().addLogger(LagoClient.class.getName(), calls);
        logging.updateLoggers();
    }

    @AfterEach
    void stopListening() {
        logging.getConfiguration().removeLogger(LagoClient.class.getName());
        logging.updateLoggers();
    }

    @Test
    void batchesOfAMessageLogUnderItsExchangeId() throws Exception {
        route("direct:events", "lago:events?concurrentBatches=3");

        Exchange exchange = send("direct:events", IntStream.range(0, 500).mapToObj(i -> event("t-" + i)).toList());

        assertThat(exchange.getException()).isNull();
        assertThat(logged).hasSizeGreaterThanOrEqualTo(5);
        assertThat(logged).extracting(LogEvent::getThreadName).anyMatch(name -> name.contains("LagoEvents"));
        assertThat(logged).allSatisfy(event -> assertThat(event.getContextData().toMap())
                .containsEntry("camel.exchangeId", exchange.getExchangeId()).containsKey("camel.routeId"));
    }
}
