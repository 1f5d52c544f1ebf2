package io.github.camellago.examples.kubernetes;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.RollingUpdateDeployment;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The manifests, read with the model that the Kubernetes client generates from Kubernetes' schemas. */
class ManifestsTest {

    private static final Path DEPLOY = Path.of("deploy");
    private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();

    @Test
    void manifestsHaveNoFieldsThatKubernetesDoesNotKnow() throws IOException {
        List<HasMetadata> resources = read(Files.readString(DEPLOY.resolve("base/lago-billing.yaml")));

        assertThat(resources).extracting(HasMetadata::getKind).containsExactly("ServiceAccount", "Role", "RoleBinding",
                "Deployment", "Service", "PodDisruptionBudget");
        assertThatThrownBy(() -> read("apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {selectors: {a: b}}"))
                .hasMessageContaining("selectors");
    }

    @Test
    void aRollingUpdateWaitsForReadyReplicasAndLetsOldOnesFinish() throws IOException {
        Deployment deployment = deployment(read(Files.readString(DEPLOY.resolve("base/lago-billing.yaml"))));
        PodSpec pod = deployment.getSpec().getTemplate().getSpec();
        Container container = pod.getContainers().get(0);
        RollingUpdateDeployment update = deployment.getSpec().getStrategy().getRollingUpdate();

        assertThat(deployment.getSpec().getReplicas()).isEqualTo(2);
        assertThat(update.getMaxUnavailable().getIntVal()).isZero();
        assertThat(update.getMaxSurge().getIntVal()).isEqualTo(1);
        long preStop = container.getLifecycle().getPreStop().getSleep().getSeconds();
        String properties = Files.readString(Path.of("src/main/resources/application.properties"));
        long shutdown = Long.parseLong(properties.replaceAll("(?s).*shutdown-timeout = (\\d+).*", "$1"));
        assertThat(pod.getTerminationGracePeriodSeconds()).isGreaterThan(preStop + shutdown)
                .isGreaterThanOrEqualTo(preStop + Replica.GRACE_SECONDS);
        assertThat(container.getReadinessProbe().getHttpGet().getPath()).isEqualTo("/observe/health/ready");
        assertThat(container.getLivenessProbe().getHttpGet().getPath()).isEqualTo("/observe/health/live");
    }

    @Test
    void secretsAreReferencedAndTheirKeysExist() throws IOException {
        Map<String, Secret> secrets = read(Files.readString(DEPLOY.resolve("base/secret.yaml"))).stream()
                .map(Secret.class::cast)
                .collect(Collectors.toMap(secret -> secret.getMetadata().getName(), secret -> secret));
        List<EnvVar> environment = deployment(read(Files.readString(DEPLOY.resolve("base/lago-billing.yaml")))).getSpec()
                .getTemplate().getSpec().getContainers().get(0).getEnv();

        assertThat(environment).filteredOn(variable -> variable.getName().matches(".*(KEY|PASSWORD|USER)")).hasSize(3)
                .allSatisfy(variable -> {
                    assertThat(variable.getValue()).isNull();
                    var reference = variable.getValueFrom().getSecretKeyRef();
                    assertThat(secrets.get(reference.getName()).getStringData()).containsKey(reference.getKey());
                });
    }

    @Test
    void kustomizeRendersTheProductionOverlay(@TempDir Path directory) throws Exception {
        Assumptions.assumeTrue(hasKubectl(), "kubectl is not installed");
        for (String file : List.of("base/lago-billing.yaml", "base/kustomization.yaml", "production/kustomization.yaml")) {
            Files.createDirectories(directory.resolve(file).getParent());
            Files.copy(DEPLOY.resolve(file), directory.resolve(file));
        }
        Files.writeString(directory.resolve("production/lago.env"), "api-key=k");
        Files.writeString(directory.resolve("production/database.env"), "user=u\npassword=p");
        Process kubectl = new ProcessBuilder("kubectl", "kustomize", directory.resolve("production").toString()).start();
        String rendered = new String(kubectl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(kubectl.waitFor()).isZero();
        List<HasMetadata> resources = read(rendered);
        Deployment deployment = deployment(resources);
        assertThat(deployment.getSpec().getReplicas()).isEqualTo(3);
        Container container = deployment.getSpec().getTemplate().getSpec().getContainers().get(0);
        assertThat(container.getImage()).isEqualTo("registry.example.com/lago-billing:0.1.0");
        String secret = container.getEnv().get(0).getValueFrom().getSecretKeyRef().getName();
        assertThat(resources.stream().filter(Secret.class::isInstance).map(each -> each.getMetadata().getName()))
                .contains(secret);
    }

    private static boolean hasKubectl() {
        return Stream.of(System.getenv("PATH").split(":")).anyMatch(folder -> Files.isExecutable(Path.of(folder, "kubectl")));
    }

    private static Deployment deployment(List<HasMetadata> resources) {
        return (Deployment) resources.stream().filter(Deployment.class::isInstance).findFirst().orElseThrow();
    }

    private static List<HasMetadata> read(String yaml) {
        List<HasMetadata> resources = Stream.of(yaml.split("(?m)^---$"))
                .map(each -> (HasMetadata) SERIALIZATION
                        .<Object>unmarshal(new ByteArrayInputStream(each.getBytes(StandardCharsets.UTF_8))))
                .toList();
        resources.forEach(resource -> requireKnownFields(resource, resource.getKind()));
        return resources;
    }

    /** The model keeps fields that it does not know as additional properties. */
    private static void requireKnownFields(Object value, String path) {
        if (value instanceof Collection<?> list) {
            list.forEach(each -> requireKnownFields(each, path));
        } else if (value instanceof Map<?, ?> map) {
            map.forEach((key, each) -> requireKnownFields(each, path + '.' + key));
        } else if (value != null && value.getClass().getName().startsWith("io.fabric8.kubernetes.api.model.")) {
            for (Method getter : value.getClass().getMethods()) {
                if (getter.getName().startsWith("get") && getter.getParameterCount() == 0 && getter.getName().length() > 3) {
                    Object found = call(getter, value);
                    if (getter.getName().equals("getAdditionalProperties") && !((Map<?, ?>) found).isEmpty()) {
                        throw new IllegalArgumentException(path + " has unknown fields: " + found);
                    }
                    requireKnownFields(found, path + '.' + getter.getName().substring(3));
                }
            }
        }
    }

    private static Object call(Method getter, Object value) {
        try {
            return getter.invoke(value);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
