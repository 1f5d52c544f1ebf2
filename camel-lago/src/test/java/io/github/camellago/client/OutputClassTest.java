package io.github.camellago.client;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.github.camellago.RouteTestSupport;
import io.github.camellago.api.LagoOutputClassException;
import io.github.camellago.api.LagoTransportException;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Classes that answers are bound to, and classes that do not fit. */
class OutputClassTest extends RouteTestSupport {

    /** A record with types of Java's own. */
    public record Plan(String code, Instant created_at, Optional<String> description) {}

    /** A plan of which one interval is missing. */
    public record OddPlan(String code, Interval interval) {}

    /** Not all intervals that Lago has. */
    public enum Interval {
        weekly
    }

    private static final Map<String, Object> PLAN = Map.of("code", "pro", "name", "Pro", "interval", "monthly",
            "amount_cents", 100, "amount_currency", "EUR", "pay_in_advance", false, "description", "for all");

    @Test
    void instantsAndOptionalsAreBound() throws Exception {
        sent("lago:plans", PLAN);

        Exchange exchange = sent("lago:plans?operation=get&id=pro&outputClass=" + name(Plan.class), null);

        assertThat(exchange.getMessage().getBody(Plan.class)).satisfies(plan -> {
            assertThat(plan.created_at()).isNotNull();
            assertThat(plan.description()).contains("for all");
        });
    }

    @Test
    void aClassThatDoesNotFitIsNamedAfterOneCall() throws Exception {
        Exchange exchange = send("lago:plans?outputClass=" + name(OddPlan.class), PLAN);

        assertThat(exchange.getException()).isInstanceOfSatisfying(LagoOutputClassException.class, e -> {
            assertThat(e.mayHaveBeenProcessed()).isTrue();
            assertThat(e.getStatusCode()).isEqualTo(200);
        }).hasMessageContaining(OddPlan.class.getName()).hasMessageContaining("see its field interval")
                .hasMessageContaining("monthly").hasMessageContaining("do not send it again");
        assertThat(sandbox.requestCount()).isEqualTo(1);

        assertThat(send("lago:plans?operation=get&id=pro&outputClass=" + name(OddPlan.class), null).getException())
                .isInstanceOfSatisfying(LagoOutputClassException.class,
                        e -> assertThat(e.mayHaveBeenProcessed()).isFalse());
        assertThat(send("lago:plans?operation=list&outputClass=" + name(OddPlan.class), null).getException())
                .isInstanceOf(LagoOutputClassException.class);
        assertThat(sandbox.requestCount()).isEqualTo(3);
    }

    @Test
    void brokenJsonIsNoMatterOfTheClass() throws Exception {
        sent("lago:plans", PLAN);
        sandbox.faults().on("GET", "/plans/pro").truncate();

        assertThat(send("lago:plans?operation=get&id=pro&outputClass=" + name(Plan.class), null).getException())
                .isInstanceOf(LagoTransportException.class);
        assertThat(sandbox.requestCount()).isEqualTo(5);
    }

    @Test
    void listsAreBoundToo() throws Exception {
        sent("lago:plans", PLAN);

        assertThat(sent("lago:plans?operation=list&outputClass=" + name(Plan.class), null).getMessage().getBody(List.class))
                .singleElement().isInstanceOf(Plan.class);
    }

    private static String name(Class<?> type) {
        return type.getName().replace("$", "%24");
    }
}
