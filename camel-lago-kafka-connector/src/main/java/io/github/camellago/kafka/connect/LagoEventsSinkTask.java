package io.github.camellago.kafka.connect;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

import io.github.camellago.LagoComponent;
import io.github.camellago.api.LagoAuthenticationException;
import io.github.camellago.api.LagoEventsReport;
import io.github.camellago.api.LagoPermissionException;
import io.github.camellago.api.LagoRateLimitException;
import io.github.camellago.api.LagoServerException;
import io.github.camellago.api.LagoTransportException;
import io.github.camellago.api.RejectedEvent;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends records to Lago. {@link #put} returns when Lago has all events or has rejected them, so that Kafka Connect commits no other offsets. If
 * Lago cannot be reached, Kafka Connect is asked to deliver the same records again: Lago knows the events that it has by their transaction_id.
 */
public class LagoEventsSinkTask extends SinkTask {

    private static final Logger LOG = LoggerFactory.getLogger(LagoEventsSinkTask.class);

    private final TaskMetrics metrics = new TaskMetrics();
    private SinkConfig config;
    private EventMapper mapper;
    private CamelContext camel;
    private ProducerTemplate template;
    private String uri;

    @Override
    public void start(Map<String, String> properties) {
        config = new SinkConfig(properties);
        mapper = new EventMapper(config);
        camel = config.camelContext();
        camel.getComponent("lago", LagoComponent.class).setObserver(metrics);
        metrics.show(properties);
        camel.start();
        template = camel.createProducerTemplate();
        uri = config.uri();
        camel.getEndpoint(uri).start();
    }

    @Override
    public void put(Collection<SinkRecord> records) {
        List<SinkRecord> sent = new ArrayList<>(records.size());
        List<Map<String, Object>> events = new ArrayList<>(records.size());
        Map<SinkRecord, DataException> rejected = new LinkedHashMap<>();
        for (SinkRecord record : records) {
            try {
                events.add(mapper.event(record));
                sent.add(record);
            } catch (DataException e) {
                rejected.put(record, e);
            }
        }
        if (!events.isEmpty()) {
            for (RejectedEvent event : send(events).rejected()) {
                rejected.put(sent.get((int) event.index()),
                        new DataException("Lago rejected the event: " + event.describe()));
            }
        }
        // after the events were delivered: if this put is repeated, or fails for one record, the others are neither lost nor reported twice
        List<Future<Void>> reports = new ArrayList<>();
        rejected.forEach((record, reason) -> reports.add(report(record, reason)));
        await(reports);
    }

    private LagoEventsReport send(List<Map<String, Object>> events) {
        Exchange exchange = template.request(uri, message -> message.getMessage().setBody(events));
        Exception failure = exchange.getException();
        if (failure == null) {
            return exchange.getMessage().getBody(LagoEventsReport.class);
        }
        if (failure instanceof LagoAuthenticationException || failure instanceof LagoPermissionException) {
            throw new ConnectException("Lago does not accept the API key in " + ConnectionConfig.API_KEY
                    + ". Set a valid key and restart the task", failure);
        }
        if (failure instanceof LagoTransportException || failure instanceof LagoServerException
                || failure instanceof LagoRateLimitException) {
            LOG.warn("{} events are sent again, because they could not be delivered: {}", events.size(), failure.getMessage());
            context.timeout(config.getLong(SinkConfig.RETRY_BACKOFF));
            throw new RetriableException("Events could not be delivered to Lago", failure);
        }
        throw new ConnectException("Events could not be sent to Lago", failure);
    }

    private Future<Void> report(SinkRecord record, DataException reason) {
        ErrantRecordReporter reporter = context.errantRecordReporter();
        if (reporter == null) {
            throw notTolerated(record, reason, reason);
        }
        try {
            return reporter.report(record, reason);
        } catch (ConnectException e) {
            throw notTolerated(record, reason, e);
        }
    }

    private static ConnectException notTolerated(SinkRecord record, DataException reason, ConnectException cause) {
        return new ConnectException(record.topic() + '-' + record.kafkaPartition() + " offset " + record.kafkaOffset() + ": "
                + reason.getMessage() + ". To go on, set errors.tolerance=all, and errors.deadletterqueue.topic.name or "
                + "errors.log.enable=true", cause);
    }

    /** Rejected records are in the error topic before their offsets can be committed. */
    private static void await(List<Future<Void>> reports) {
        try {
            for (Future<Void> report : reports) {
                report.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RetriableException("Interrupted while rejected records were reported", e);
        } catch (ExecutionException e) {
            throw new RetriableException("Rejected records could not be reported", e.getCause());
        }
    }

    @Override
    public void stop() {
        if (camel != null) {
            camel.stop();
        }
        metrics.close();
    }

    @Override
    public String version() {
        return Version.VERSION;
    }
}
