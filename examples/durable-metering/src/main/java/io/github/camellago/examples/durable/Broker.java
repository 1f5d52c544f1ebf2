package io.github.camellago.examples.durable;

import java.nio.file.Path;

import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.Queue;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressFullMessagePolicy;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.springframework.jms.connection.CachingConnectionFactory;

/**
 * An Artemis broker inside this process, without a port. A message is on disk before its sender goes on. Some megabytes of messages are in memory, all
 * others only on disk.
 */
final class Broker implements AutoCloseable {

    static final String USAGE = "usage";
    static final String REJECTED = "usage.rejected";
    private static final int IN_MEMORY = 8 << 20;
    private static final int PAGE = 1 << 20;
    private static final int SESSIONS = 50;
    /** The bytes that a consumer gets ahead. */
    private static final int AHEAD = 32 << 10;
    private static final int FOR_EVER = -1;

    private final EmbeddedActiveMQ server = new EmbeddedActiveMQ();
    private final CachingConnectionFactory connections;

    /** @param folder where the messages are kept */
    Broker(Path folder) throws Exception {
        AddressSettings settings = new AddressSettings().setAddressFullMessagePolicy(AddressFullMessagePolicy.PAGE)
                .setMaxSizeBytes(IN_MEMORY).setPageSizeBytes(PAGE)
                // a message that was in flight when the process was killed is delivered again, however often that happens
                .setMaxDeliveryAttempts(FOR_EVER);
        Configuration configuration = new ConfigurationImpl().setSecurityEnabled(false).setPersistenceEnabled(true)
                .setJournalType(JournalType.NIO).setJournalDirectory(folder.resolve("journal").toString())
                .setBindingsDirectory(folder.resolve("bindings").toString())
                .setPagingDirectory(folder.resolve("paging").toString())
                .setLargeMessagesDirectory(folder.resolve("large").toString())
                .setGlobalMaxSize(2L * IN_MEMORY).addAcceptorConfiguration("vm", "vm://1")
                .addAddressSetting("#", settings);
        for (String queue : new String[]{USAGE, REJECTED}) {
            configuration
                    .addQueueConfiguration(QueueConfiguration.of(queue).setRoutingType(RoutingType.ANYCAST).setDurable(true));
        }
        server.setConfiguration(configuration).start();
        connections = new CachingConnectionFactory(
                new ActiveMQConnectionFactory("vm://1?blockOnDurableSend=true&consumerWindowSize=" + AHEAD));
        connections.setSessionCacheSize(SESSIONS);
    }

    CachingConnectionFactory connections() {
        return connections;
    }

    /** The number of messages that wait or are in flight. */
    long size(String queue) {
        Queue found = server.getActiveMQServer().locateQueue(queue);
        return found == null ? 0 : found.getMessageCount();
    }

    @Override
    public void close() throws Exception {
        connections.destroy();
        server.stop();
    }
}
