package io.github.camellago.examples.kubernetes;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.kubernetes.cluster.KubernetesClusterService;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The election of the reader with a Lease, against the Kubernetes client's own API server for tests. */
@EnableKubernetesMockClient(crud = true, https = false)
class LeaseIT {

    private static final String NAMESPACE = "billing";

    private static KubernetesClient client;

    private final Map<String, DefaultCamelContext> replicas = new HashMap<>();
    private final Set<String> readers = ConcurrentHashMap.newKeySet();

    @AfterEach
    void stop() {
        replicas.values().forEach(DefaultCamelContext::stop);
        System.clearProperty(Config.KUBERNETES_MASTER_SYSTEM_PROPERTY);
    }

    @Test
    void oneReplicaReadsAndAnotherTakesOverWhenItEnds() throws Exception {
        System.setProperty(Config.KUBERNETES_MASTER_SYSTEM_PROPERTY, client.getMasterUrl().toString());
        start("pod-1");
        start("pod-2");
        await().atMost(Duration.ofMinutes(1)).until(() -> !readers.isEmpty());
        String reader = readers.iterator().next();
        assertThat(client.resources(Lease.class).inNamespace(NAMESPACE).list().getItems()).singleElement()
                .satisfies(lease -> assertThat(lease.getSpec().getHolderIdentity()).isEqualTo(reader));

        replicas.remove(reader).stop();
        client.pods().inNamespace(NAMESPACE).withName(reader).delete();

        await().atMost(Duration.ofMinutes(1)).until(() -> readers.size() == 2);
        assertThat(readers).isEqualTo(Set.copyOf(List.of("pod-1", "pod-2")));
    }

    private void start(String pod) throws Exception {
        client.pods().inNamespace(NAMESPACE).resource(new PodBuilder().withNewMetadata().withName(pod)
                .addToLabels("app", "lago-billing").endMetadata().withNewStatus().withPhase("Running").addNewCondition()
                .withType("Ready")
                .withStatus("True").endCondition().endStatus().build()).create();
        KubernetesClusterService cluster = (KubernetesClusterService) Application
                .cluster(Map.of("POD_NAME", pod, "POD_NAMESPACE", NAMESPACE));
        cluster.setLeaseDurationMillis(3_000);
        cluster.setRenewDeadlineMillis(2_000);
        cluster.setRetryPeriodMillis(300);
        DefaultCamelContext camel = new DefaultCamelContext();
        camel.addService(cluster);
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("master:invoices:timer:read?period=100").process(exchange -> readers.add(pod));
            }
        });
        camel.start();
        replicas.put(pod, camel);
    }
}
