package io.github.camellago.operation;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camellago.RouteTestSupport;
import io.github.camellago.api.LagoException;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.dataformat.JsonLibrary;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A streaming list as JSON, for components that know nothing of it. */
class StreamingListTest extends RouteTestSupport {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String LIST = "lago:customers?operation=list&streaming=true&perPage=10";

    @TempDir
    private Path directory;

    @BeforeEach
    void addCustomers() {
        IntStream.range(0, 25).forEach(i -> sandbox.add("customers", Map.of("external_id", "c-" + i)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"MAP", "JSON", "JSON_NODE"})
    void convertsToOneJsonForm(String bodyType) throws Exception {
        Object body = sent(LIST + "&bodyType=" + bodyType, null).getMessage().getBody();

        String json = convert(String.class, body);

        assertThat(JSON.readTree(json).findValuesAsText("external_id")).hasSize(25).doesNotHaveDuplicates();
        assertThat(new String(convert(byte[].class, body), StandardCharsets.UTF_8)).isEqualTo(json);
        assertThat(convert(JsonNode.class, body).toString()).isEqualTo(JSON.readTree(json).toString());
        assertThat((List<?>) convert(Map.class, body).get("records")).hasSize(25);
        assertThat(body.toString()).isNotBlank().doesNotContain("@");
        try (InputStream in = convert(InputStream.class, body)) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(json);
        }
        assertThat(((Iterator<?>) body).hasNext()).isFalse();
    }

    @Test
    void loggingAListConsumesNoRecords() throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").to(LIST).log("${body}").to("log:list").split(body()).streaming().to("mock:record");
            }
        });

        sent("direct:in", null);

        assertThat(mock("record").getExchanges()).hasSize(25);
    }

    @Test
    void keepsTheRecordsIfAPageCannotBeReadForJson() throws Exception {
        Object body = sent(LIST + "&maxRetries=0", null).getMessage().getBody();
        sandbox.faults().on("GET", "/customers").nth(2).times(1).status(500);

        assertThatThrownBy(() -> convert(String.class, body)).hasRootCauseInstanceOf(LagoException.class);

        assertThat(JSON.readTree(convert(String.class, body))).hasSize(25);
    }

    @Test
    void writesAListToAFile() throws Exception {
        route(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").to(LIST).to("file:" + directory + "?fileName=list.json");
                from("direct:marshal").to(LIST).marshal().json(JsonLibrary.Jackson);
            }
        });

        sent("direct:in", null);

        JsonNode file = JSON.readTree(Files.readString(directory.resolve("list.json")));
        assertThat(file).hasSize(25);
        Exchange marshalled = sent("direct:marshal", null);
        assertThat(JSON.readTree(marshalled.getMessage().getBody(byte[].class))).isEqualTo(file);
    }

    @Test
    void serializesAsAListOfRecords() throws Exception {
        Object body = sent(LIST, null).getMessage().getBody();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(body);
        }

        Object read = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();

        assertThat((List<?>) read).hasSize(25);
        assertThat(JSON.writeValueAsString(read)).isEqualTo(convert(String.class, body));
    }

    private <T> T convert(Class<T> type, Object body) throws Exception {
        return context.getTypeConverter().mandatoryConvertTo(type, body);
    }
}
