package io.github.camellago.client;

import java.util.List;
import java.util.Map;

import io.github.camellago.LagoConstants;
import io.github.camellago.api.LagoException;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;

/** Writes one record. A write that fails is sent again only if Lago cannot have processed it, or a repeat is harmless. */
final class WriteRun extends MatrixRun {

    /** The kinds of writes. */
    enum Write {
        TOP_UP("wallet_transactions"), INVOICE("invoices"), CUSTOMER("customers"), PLAN("plans"), DELETE("plans");

        private final String resource;

        Write(String resource) {
            this.resource = resource;
        }
    }

    private final Write write;
    private Object body;
    /** The key of this run's records at Lago. */
    private Object name;
    private boolean done;
    private LagoException uncertain;

    WriteRun(World world, Write write, Cell cell, String id) {
        super(world, write.name(), cell, id);
        this.write = write;
    }

    static RouteBuilder routes() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(defaultErrorHandler().logExhausted(false));
                for (Write write : Write.values()) {
                    from("direct:" + write).toD("lago:" + write.resource + "?operation="
                            + (write == Write.DELETE ? "delete" : "create") + '&' + OPTIONS);
                }
            }
        };
    }

    @Override
    void prepare() {
        name = id;
        switch (write) {
            case TOP_UP -> {
                customer();
                name = world.sandbox().add("wallets", Map.of("external_customer_id", id, "rate_amount", "1", "currency", "EUR"))
                        .get("lago_id");
                body = Map.of("wallet_id", name, "granted_credits", "10");
            }
            case INVOICE -> {
                customer();
                body = Map.of("external_customer_id", id, "currency", "EUR", "fees",
                        List.of(Map.of("add_on_code", "set-up", "units", "1")));
            }
            case CUSTOMER -> body = Map.of("external_id", id, "name", "Acme");
            default -> {
                body = Map.of("code", id, "name", "Plan", "interval", "monthly", "amount_cents", 100, "amount_currency", "EUR",
                        "pay_in_advance", false);
                if (write == Write.DELETE) {
                    world.sandbox().add("plans", Map.of("code", id, "name", "Plan"));
                    body = null;
                }
            }
        }
    }

    private void customer() {
        world.sandbox().add("customers", Map.of("external_id", id, "currency", "EUR"));
    }

    @Override
    void work() throws Exception {
        while (!done && uncertain == null) {
            Exchange exchange = world.template().request("direct:" + write, e -> {
                e.getMessage().setBody(body);
                headers().forEach(e.getMessage()::setHeader);
                if (write == Write.DELETE) {
                    e.getMessage().setHeader(LagoConstants.ID, id);
                }
            });
            if (exchange.getException() == null) {
                done = true;
            } else if (!(exchange.getException() instanceof LagoException failure)) {
                throw exchange.getException();
            } else if (failure.mayHaveBeenProcessed() && write != Write.CUSTOMER) {
                uncertain = failure;
            }
        }
    }

    @Override
    void judge(MatrixState state) {
        int count = state.count(write.resource, name);
        if (done && (write == Write.DELETE) != (count == 0)) {
            lost.add("the write");
        }
        if (count > 1) {
            doubled.add(count + " records");
        }
    }
}
