package io.github.camellago.examples.springboot;

import javax.sql.DataSource;

import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.processor.idempotent.jdbc.JdbcMessageIdRepository;
import org.apache.camel.spi.IdempotentRepository;
import org.springframework.context.annotation.Bean;
import org.springframework.stereotype.Component;

/** Stores each new or changed invoice as a row. The same database stores which invoices have been processed. */
@Component
class InvoiceRoutes extends RouteBuilder {

    @Override
    public void configure() {
        from("lago:invoices?delay={{example.invoices.delay}}&initialDelay=0&idempotentRepository=#invoicesRead")
                .routeId("invoices")
                .to("""
                        sql:merge into invoice (lago_id, number, customer, status, payment_status, amount_cents, currency, issued)
                            key (lago_id)
                            values (:#${body[lago_id]}, :#${body[number]}, :#${body[customer][external_id]}, :#${body[status]},
                                    :#${body[payment_status]}, :#${body[total_amount_cents]}, :#${body[currency]},
                                    :#${body[issuing_date]})"""
                        .replaceAll("\\s+", " "));
    }

    @Bean
    IdempotentRepository invoicesRead(DataSource database) {
        return new JdbcMessageIdRepository(database, "invoices");
    }
}
