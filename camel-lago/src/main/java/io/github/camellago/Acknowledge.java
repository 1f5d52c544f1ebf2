package io.github.camellago;

/** When a message whose event waits for others is done. */
public enum Acknowledge {
    /** when Lago has the event: whatever happens to this process, the message's source still has it until then */
    DELIVERED,
    /** when the event is in this process's memory: quick for a source that gives one message at a time, but lost if the process is killed */
    RECEIVED
}
