package io.github.camellago.examples.warehouse;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;

/** Writes to CSV files in place of PostgreSQL: one for each page, with a header line, in a folder for each list. */
class CsvSink extends RouteBuilder {

    /** Keeps numbers as they are, with all their digits. */
    private static final JsonMapper JSON = JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES).build();

    @Override
    public void configure() {
        String file = "file:{{mirror.folder}}?fileName=${variable.table}/${date:now:yyyyMMdd-HHmmss-SSS}-${exchangeId}.csv&tempPrefix=.";
        from("direct:page").process(CsvSink::toCsv).to(file);
        from("direct:deleted").setBody(simple("deleted\n${header.CamelLagoRecordKey}\n")).to(file);
        from("direct:complete").setBody(simple("complete\n${variable.poll}\n")).to(file);
    }

    private static void toCsv(Exchange exchange) throws JsonProcessingException {
        JsonNode parents = JSON.readTree(exchange.getVariable("parents", String.class));
        JsonNode page = JSON.readTree(exchange.getMessage().getBody(String.class));
        Set<String> columns = new LinkedHashSet<>();
        parents.fieldNames().forEachRemaining(columns::add);
        page.forEach(record -> record.fieldNames().forEachRemaining(columns::add));
        StringBuilder csv = new StringBuilder(String.join(",", columns)).append('\n');
        for (JsonNode record : page) {
            csv.append(columns.stream().map(column -> cell(parents.has(column) ? parents.get(column) : record.path(column)))
                    .collect(Collectors.joining(","))).append('\n');
        }
        exchange.getMessage().setBody(csv.toString());
    }

    /** Text in quotation marks, numbers as Lago has written them, objects as JSON. */
    private static String cell(JsonNode value) {
        if (value.isNull() || value.isMissingNode()) {
            return "";
        }
        String text = value.isValueNode() ? value.asText() : value.toString();
        return value.isNumber() || value.isBoolean() ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
