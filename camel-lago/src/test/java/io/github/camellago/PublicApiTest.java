package io.github.camellago;

import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The public types that users' code may use: those of the component's own package and of {@code api}. Removing one breaks users' code. */
class PublicApiTest {

    private static final Set<String> TYPES = Set.of(
            "Acknowledge", "BodyType", "LagoComponent", "LagoComponentConfigurer", "LagoConfiguration", "LagoConstants",
            "LagoConsumer", "LagoEndpoint", "LagoEndpointConfigurer", "LagoEndpointUriFactory", "LagoProducer",
            "LagoRegion", "LagoSendDynamicAware", "LagoSpanDecorator", "OnRejected", "ReadMode", "SignatureAlgo",
            "UnknownFields", "UnknownFilters", "api.EventJson", "api.Failure", "api.JacksonModules", "api.JdbcRecordRepository",
            "api.JdbcStateRepository", "api.JsonBody", "api.LagoAuthenticationException", "api.LagoCall",
            "api.LagoEvent", "api.LagoEventsRejectedException", "api.LagoEventsReport", "api.LagoException",
            "api.LagoList", "api.LagoNotAllowedException", "api.LagoNotAppliedException", "api.LagoNotFoundException",
            "api.LagoObserver", "api.LagoObserver$Outcome", "api.LagoObserver$PollOutcome", "api.LagoObserver$Reader",
            "api.LagoOptionException", "api.LagoOutputClassException", "api.LagoPermissionException",
            "api.LagoRateLimitException", "api.LagoServerException", "api.LagoTransportException",
            "api.LagoValidationException", "api.LagoWebhookException", "api.RateLimit", "api.ReconciledEvent",
            "api.ReconciledEvent$Difference", "api.ReconciledEvent$Status", "api.RecordRepository",
            "api.RecordRepository$Row", "api.RejectedEvent");

    @Test
    void theListOfPublicTypesIsComplete() {
        Set<String> types = new TreeSet<>();
        for (JavaClass type : new ClassFileImporter().importPath(Path.of("target/classes"))) {
            boolean ours = type.getPackageName().equals("io.github.camellago")
                    || type.getPackageName().equals("io.github.camellago.api");
            if (ours && type.getModifiers().contains(JavaModifier.PUBLIC)) {
                types.add(type.getName().substring("io.github.camellago.".length()));
            }
        }
        assertThat(types).as("public types. A removed or renamed one is a breaking change").isEqualTo(new TreeSet<>(TYPES));
    }
}
