package io.github.camellago.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;

import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultAsyncProducer;
import org.apache.camel.support.DefaultEndpoint;

/** What Camel itself needs for the same route, in a context that the component does not follow. */
final class Floor implements Contestant {

    private final String name;
    private final CamelContext context = new DefaultCamelContext();
    private final Semaphore inFlight = new Semaphore(SingleMessages.IN_FLIGHT);
    private final LongAdder done = new LongAdder();
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final SampleEvents events;
    private final ProducerTemplate template;

    private Floor(String name, SampleEvents events) {
        this.name = name;
        this.events = events;
        this.template = context.createProducerTemplate();
    }

    /** A route without an endpoint. */
    static Floor noEndpoint(String name, SampleEvents events) throws Exception {
        return new Floor(name, events).start(false);
    }

    /** A route to an endpoint that does nothing, and completes messages in another thread. */
    static Floor asynchronous(String name, SampleEvents events) throws Exception {
        return new Floor(name, events).start(true);
    }

    private Floor start(boolean asynchronous) throws Exception {
        context.addEndpoint("nothing:floor", new Nothing());
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                var route = from("seda:floor").onException(Exception.class).handled(true).process(e -> inFlight.release())
                        .end();
                (asynchronous ? route.to("nothing:floor") : route.process(e -> {})).process(e -> {
                    done.increment();
                    inFlight.release();
                });
            }
        });
        context.start();
        List.copyOf(context.getManagementStrategy().getEventNotifiers())
                .forEach(context.getManagementStrategy()::removeEventNotifier);
        return this;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long items() {
        return done.sum();
    }

    @Override
    public Outside run(Duration time) throws InterruptedException {
        return new AsynchronousSource(name, template, context.getEndpoint("seda:floor"), inFlight,
                SingleMessages.IN_FLIGHT, events).run(time);
    }

    @Override
    public void close() throws Exception {
        context.close();
        thread.shutdown();
    }

    private final class Nothing extends DefaultEndpoint {

        Nothing() {
            setCamelContext(context);
        }

        @Override
        protected String createEndpointUri() {
            return "nothing:floor";
        }

        @Override
        public Producer createProducer() {
            return new DefaultAsyncProducer(this) {
                @Override
                public boolean process(Exchange exchange, AsyncCallback callback) {
                    thread.execute(() -> callback.done(false));
                    return false;
                }
            };
        }

        @Override
        public Consumer createConsumer(Processor processor) {
            throw new UnsupportedOperationException();
        }
    }
}
