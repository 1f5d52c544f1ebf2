package io.github.camellago.benchmarks;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

import javax.xml.parsers.DocumentBuilderFactory;

import org.w3c.dom.Document;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class GrowthBenchmarkIT {

    @Test
    void drawsAChartOfTimeAndOneOfMemoryForEachSize() throws Exception {
        List<Plot> plots = GrowthBenchmark.plots(10_000, 1_000, 10);

        Document svg = DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(new ByteArrayInputStream(Plot.svg(plots).getBytes(StandardCharsets.UTF_8)));
        assertThat(svg.getDocumentElement().getElementsByTagName("g").getLength()).isEqualTo(8);
        assertThat(svg.getDocumentElement().getElementsByTagName("circle").getLength()).isEqualTo(2 * (1 + 1 + 2 + 2));
        assertThat(svg.getDocumentElement().getTextContent()).contains("seconds", "MB", "API keys, one event each");
    }
}
