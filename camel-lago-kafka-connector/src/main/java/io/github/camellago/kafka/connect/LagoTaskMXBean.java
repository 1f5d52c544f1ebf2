package io.github.camellago.kafka.connect;

/** The numbers of a task since it started, in JMX: {@code io.github.camellago:type=connect-task,connector=NAME,task=NUMBER}. */
public interface LagoTaskMXBean {

    /** Requests to Lago, retries included. */
    long getRequests();

    /** Requests that were sent again. */
    long getRetries();

    /** The time for which calls have waited because of Lago's rate limit, in milliseconds. */
    long getRateLimitWaitMillis();

    /** Events that Lago has accepted. */
    long getAcceptedEvents();

    /** Events that Lago had before. */
    long getDuplicateEvents();

    /** Events that were rejected. Records that are no events are counted by Kafka Connect's task-error-metrics. */
    long getRejectedEvents();

    /** Readings of a list that were complete. */
    long getCompletePolls();

    /** Readings of a list that failed or were interrupted. */
    long getIncompletePolls();
}
