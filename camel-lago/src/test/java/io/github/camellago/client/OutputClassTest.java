package io.github.camellago.client;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.github.camellago.RouteTestSupport;
import io.github.camellago.api.LagoOutputClassException;
import io.github.camellago.api.LagoTransportException;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    /** A plan with a field that cannot hold every amount. */
    public record SmallPlan(String code, byte amount_cents) {}

    /** A plan that fails when it is made, without a message. */
    public static class BrokenPlan {
        public void setCode(String code) {
            throw new StackOverflowError();
        }
    }

    /** A plan whose class cannot be loaded. */
    public static class UnloadablePlan {
        static {
            if (PLAN != null) {
                throw new IllegalStateException("not loadable");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {OddPlan.class, SmallPlan.class, BrokenPlan.class, UnloadablePlan.class})
    void aClassThatDoesNotFitIsOneExceptionAfterEachOperation(Class<?> outputClass) throws Exception {
        Map<String, Object> plan = new HashMap<>(PLAN);
        plan.put("amount_cents", 100_000);
        for (String uri : List.of("lago:plans", "lago:plans?operation=get&id=pro", "lago:plans?operation=list",
                "lago:plans?operation=upsert")) {
            Exchange exchange = send(uri + (uri.contains("?") ? "&" : "?") + "outputClass=" + name(outputClass),
                    uri.matches(".*(get|list)") ? null : plan);

            assertThat(exchange.getException()).as(uri).isInstanceOf(LagoOutputClassException.class)
                    .hasMessageContaining(outputClass.getName());
        }
        assertThat(sandbox.requestCount()).isEqualTo(4);
    }

    @Test
    void aClassThatDoesNotFitIsNamedAfterALostAnswerAndAfterAnUpsertThatWrites() {
        sandbox.faults().on("POST", "/plans").times(1).dropAfter();

        assertThat(send("lago:plans?outputClass=" + name(OddPlan.class), PLAN).getException())
                .isInstanceOfSatisfying(LagoOutputClassException.class, e -> assertThat(e.mayHaveBeenProcessed()).isTrue());

        Map<String, Object> changed = new HashMap<>(PLAN);
        changed.put("name", "Professional");
        assertThat(send("lago:plans?operation=upsert&outputClass=" + name(OddPlan.class), changed).getException())
                .isInstanceOfSatisfying(LagoOutputClassException.class, e -> assertThat(e.mayHaveBeenProcessed()).isTrue());
    }

    @Test
    void brokenJsonIsNoOutputClassException() throws Exception {
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
