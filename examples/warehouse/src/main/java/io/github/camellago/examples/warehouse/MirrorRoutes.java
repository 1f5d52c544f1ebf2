package io.github.camellago.examples.warehouse;

import java.util.List;

import org.apache.camel.builder.RouteBuilder;

/**
 * Reads each list of Lago with the same route. One instance reads at a time. What has been processed is stored in the database, so that
 * another instance can continue.
 */
class MirrorRoutes extends RouteBuilder {

    private final List<MirroredList> lists;

    MirrorRoutes(List<MirroredList> lists) {
        this.lists = lists;
    }

    @Override
    public void configure() {
        routeTemplate("mirror").templateParameter("table").templateParameter("keys", "").templateParameter("mode")
                .templateParameter("uri")
                .from("master:warehouse:{{uri}}&bodyType=JSON&splitPages=false&sendPollComplete=true"
                        + "&idempotentRepository=#processed&offsetRepository=#offsets"
                        + "&perPage={{mirror.page}}&initialDelay=0&delay={{mirror.delay}}")
                .setVariable("table", constant("{{table}}"))
                .setVariable("keys", constant("{{keys}}"))
                .setVariable("mode", constant("{{mode}}"))
                .setVariable("poll", simple("${header.CamelLagoPollStarted}", String.class))
                .process(new Page())
                .choice()
                .when(header("CamelLagoPollComplete")).to("direct:complete")
                .when(header("CamelLagoDeleted")).to("direct:deleted")
                .otherwise().to("direct:page");

        for (MirroredList list : lists) {
            templatedRoute("mirror").routeId(list.table()).parameter("table", list.table())
                    .parameter("keys", String.join(",", list.keys())).parameter("mode", list.mode())
                    .parameter("uri", list.uri());
        }
    }
}
