package io.github.camellago.examples.warehouse;

import org.apache.camel.builder.RouteBuilder;

/** Writes to PostgreSQL, with the functions of {@code mirror.sql}. */
class PostgresSink extends RouteBuilder {

    @Override
    public void configure() {
        from("direct:page").to("sql:classpath:sql/page.sql");
        from("direct:deleted").to("sql:classpath:sql/deleted.sql");
        from("direct:complete").to("sql:classpath:sql/complete.sql");
    }
}
