package io.github.camellago.transform;

/** The names that Camel gives to the attributes of CloudEvents 1.0 as message headers. */
final class CloudEvent {

    static final String ID = "CamelCloudEventID";
    static final String SOURCE = "CamelCloudEventSource";
    static final String SPEC_VERSION = "CamelCloudEventVersion";
    static final String TYPE = "CamelCloudEventType";
    static final String SUBJECT = "CamelCloudEventSubject";
    static final String TIME = "CamelCloudEventTime";
    static final String CONTENT_TYPE = "Content-Type";

    private CloudEvent() {}
}
