package io.github.camellago;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import io.github.camellago.client.BaseUrl;
import io.github.camellago.operation.CallOptions;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.spi.IdempotentRepository;
import org.apache.camel.spi.StateRepository;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;

/** The options of the component and its endpoints. */
@UriParams
public class LagoConfiguration implements Cloneable {

    /** The records of a page unless another number is set, as in Lago itself. */
    public static final int DEFAULT_PER_PAGE = 100;

    @UriParam(label = "security", secret = true)
    private String apiKey;
    @UriParam(label = "security", secret = true)
    private Supplier<String> credentials;
    @UriParam(defaultValue = "US")
    private LagoRegion region = LagoRegion.US;
    @UriParam
    private String baseUrl;
    @UriParam(label = "producer")
    private String ingestUrl;
    @UriParam(defaultValue = "100")
    private int perPage = DEFAULT_PER_PAGE;
    @UriParam(defaultValue = "MAP")
    private BodyType bodyType = BodyType.MAP;
    @UriParam
    private Class<?> outputClass;
    @UriParam(defaultValue = "10s", javaType = "java.time.Duration")
    private long connectTimeout = 10_000;
    @UriParam(defaultValue = "30s", javaType = "java.time.Duration")
    private long responseTimeout = 30_000;
    @UriParam(defaultValue = "2m", javaType = "java.time.Duration")
    private long callTimeout = 120_000;
    @UriParam(label = "advanced", defaultValue = "67108864")
    private long maxResponseSize = 64L << 20;
    @UriParam(label = "advanced", defaultValue = "reject", enums = "reject,send")
    private UnknownFilters unknownFilters = UnknownFilters.REJECT;
    @UriParam(defaultValue = "3")
    private int maxRetries = 3;
    @UriParam(defaultValue = "500ms", javaType = "java.time.Duration")
    private long retryDelay = 500;
    @UriParam(defaultValue = "20s", javaType = "java.time.Duration")
    private long maxRetryDelay = 20_000;
    @UriParam(label = "producer")
    private boolean streaming;
    @UriParam(label = "producer")
    private boolean dryRun;
    @UriParam(label = "producer")
    private boolean fetchFile;
    @UriParam(label = "producer", defaultValue = "60s", javaType = "java.time.Duration")
    private long fileTimeout = 60_000;
    @UriParam(label = "producer,advanced")
    private long maxFileSize;
    @UriParam(label = "producer,security")
    private String fileHosts;
    @UriParam(label = "producer", defaultValue = "100")
    private int batchSize = 100;
    @UriParam(label = "producer", defaultValue = "4")
    private int concurrentBatches = 4;
    @UriParam(label = "producer", javaType = "java.time.Duration", defaultValue = "0")
    private long batchInterval;
    @UriParam(label = "producer", defaultValue = "delivered", enums = "delivered,received")
    private Acknowledge acknowledge = Acknowledge.DELIVERED;
    @UriParam(label = "producer", defaultValue = "fail", enums = "fail,report")
    private OnRejected onRejected = OnRejected.FAIL;
    @UriParam(label = "producer", defaultValue = "reject", enums = "reject,drop")
    private UnknownFields unknownFields = UnknownFields.REJECT;
    @UriParam(label = "producer")
    private boolean repair;
    @UriParam(label = "producer")
    private boolean checkReferences;
    @UriParam(label = "producer,advanced", defaultValue = "10m", javaType = "java.time.Duration")
    private long referencesMaxAge = 600_000;
    @UriParam(label = "producer,advanced", defaultValue = "100000")
    private int referencesCacheSize = 100_000;

    @UriParam(label = "consumer", defaultValue = "changed", enums = "changed,new,all")
    private ReadMode readMode = ReadMode.CHANGED;
    @UriParam(label = "consumer", defaultValue = "true")
    private boolean splitPages = true;
    @UriParam(label = "consumer")
    private IdempotentRepository idempotentRepository;
    @UriParam(label = "consumer")
    private StateRepository<String, String> offsetRepository;
    @UriParam(label = "consumer")
    private boolean sendPollComplete;
    @UriParam(label = "consumer")
    private boolean deletions;
    @UriParam(label = "consumer", defaultValue = "3600000", javaType = "java.time.Duration")
    private long fullReadInterval = 3_600_000;
    @UriParam(label = "consumer", defaultValue = "2")
    private int prefetchPages = 2;
    @UriParam(label = "consumer")
    private int maxMessagesPerPoll;
    @UriParam(label = "webhook", defaultValue = "jwt", enums = "jwt,hmac")
    private SignatureAlgo signatureAlgo = SignatureAlgo.JWT;
    @UriParam(label = "webhook,security", secret = true)
    private String hmacKey;
    @UriParam(label = "webhook")
    private String issuer;
    @UriParam(label = "webhook")
    private String eventTypes;
    @UriParam(label = "webhook", defaultValue = "20971520")
    private long maxBodySize = 20L * 1024 * 1024;
    @UriParam(label = "webhook")
    private String organizationId;
    @UriParam(label = "webhook")
    private boolean removeOnStop;

    /** A copy to change. */
    public LagoConfiguration copy() {
        try {
            return (LagoConfiguration) super.clone();
        } catch (CloneNotSupportedException e) {
            throw new RuntimeCamelException(e);
        }
    }

    public String getApiKey() {
        return apiKey;
    }

    /** The Lago API key, sent as a bearer token. Required unless credentials is set. */
    public void setApiKey(String apiKey) {
        this.apiKey = apiKey;
    }

    public Supplier<String> getCredentials() {
        return credentials;
    }

    /**
     * Supplies the API key instead of apiKey. It is asked again when Lago rejects the key, so a rotated key needs no
     * restart.
     */
    public void setCredentials(Supplier<String> credentials) {
        this.credentials = credentials;
    }

    public LagoRegion getRegion() {
        return region;
    }

    /** The region of Lago Cloud. */
    public void setRegion(LagoRegion region) {
        this.region = region;
    }

    public String getBaseUrl() {
        return baseUrl;
    }

    /** The URL of a self-hosted Lago, with or without /api/v1. Takes precedence over region. */
    public void setBaseUrl(String baseUrl) {
        this.baseUrl = baseUrl;
    }

    public String getIngestUrl() {
        return ingestUrl;
    }

    /** The URL of a separate host for usage events, with or without /api/v1. All other calls go to region or baseUrl. */
    public void setIngestUrl(String ingestUrl) {
        this.ingestUrl = ingestUrl;
    }

    public int getPerPage() {
        return perPage;
    }

    /** Number of records per page. */
    public void setPerPage(int perPage) {
        this.perPage = perPage;
    }

    public BodyType getBodyType() {
        return bodyType;
    }

    /**
     * The type of a record in the message body: a Map, a JSON String, or Jackson's JsonNode. Amounts are exact in all of
     * them.
     */
    public void setBodyType(BodyType bodyType) {
        this.bodyType = bodyType;
    }

    public Class<?> getOutputClass() {
        return outputClass;
    }

    /** The class to bind records to with Jackson, instead of bodyType. */
    public void setOutputClass(Class<?> outputClass) {
        this.outputClass = outputClass;
    }

    public long getConnectTimeout() {
        return connectTimeout;
    }

    /** Maximum time to wait for a connection. */
    public void setConnectTimeout(long connectTimeout) {
        this.connectTimeout = connectTimeout;
    }

    public long getResponseTimeout() {
        return responseTimeout;
    }

    /** Maximum time to wait for data from Lago. */
    public void setResponseTimeout(long responseTimeout) {
        this.responseTimeout = responseTimeout;
    }

    public long getCallTimeout() {
        return callTimeout;
    }

    /** Maximum time for one try of a call, until the end of the answer is read. Files are not limited by it. */
    public void setCallTimeout(long callTimeout) {
        this.callTimeout = callTimeout;
    }

    public long getMaxResponseSize() {
        return maxResponseSize;
    }

    /** Maximum size of an answer in bytes, after decompression. A larger answer fails the call. Files are not limited by it. */
    public void setMaxResponseSize(long maxResponseSize) {
        this.maxResponseSize = maxResponseSize;
    }

    public UnknownFilters getUnknownFilters() {
        return unknownFilters;
    }

    /**
     * What to do with a filter that the component does not know for the operation. reject refuses the call and names the known
     * filters. send sends the filter as it is.
     */
    public void setUnknownFilters(UnknownFilters unknownFilters) {
        this.unknownFilters = unknownFilters;
    }

    public int getMaxRetries() {
        return maxRetries;
    }

    /**
     * Maximum number of retries. Idempotent calls are retried after connection errors, timeouts and responses 429, 502,
     * 503 and 504. Other calls are retried only if Lago cannot have processed them.
     */
    public void setMaxRetries(int maxRetries) {
        this.maxRetries = maxRetries;
    }

    public long getRetryDelay() {
        return retryDelay;
    }

    /**
     * Delay before the first retry. It doubles with each further retry, with jitter. A delay that Lago requests takes
     * precedence.
     */
    public void setRetryDelay(long retryDelay) {
        this.retryDelay = retryDelay;
    }

    public long getMaxRetryDelay() {
        return maxRetryDelay;
    }

    /** Maximum delay between retries. */
    public void setMaxRetryDelay(long maxRetryDelay) {
        this.maxRetryDelay = maxRetryDelay;
    }

    public boolean isStreaming() {
        return streaming;
    }

    /**
     * If true, the operation list returns an Iterator over all records that reads further pages on demand. If false, it
     * returns a List with the records of one page.
     */
    public void setStreaming(boolean streaming) {
        this.streaming = streaming;
    }

    public boolean isDryRun() {
        return dryRun;
    }

    /**
     * If true, the operation upsert changes nothing in Lago. It sets the header CamelLagoResult, and the body becomes a report
     * of the differences. Other operations are refused.
     */
    public void setDryRun(boolean dryRun) {
        this.dryRun = dryRun;
    }

    public boolean isFetchFile() {
        return fetchFile;
    }

    /**
     * If true, the operation download returns the content of the file as a stream. If false, it returns the object with
     * its file_url. The API key is never sent to the host of the file.
     */
    public void setFetchFile(boolean fetchFile) {
        this.fetchFile = fetchFile;
    }

    public long getFileTimeout() {
        return fileTimeout;
    }

    /**
     * Maximum time to wait for Lago to generate the file, if fetchFile is set, and maximum time to read the file from its
     * host.
     */
    public void setFileTimeout(long fileTimeout) {
        this.fileTimeout = fileTimeout;
    }

    public long getMaxFileSize() {
        return maxFileSize;
    }

    /** Maximum size of a file in bytes, if fetchFile is set. A larger file fails the call. 0 means no limit. */
    public void setMaxFileSize(long maxFileSize) {
        this.maxFileSize = maxFileSize;
    }

    public String getFileHosts() {
        return fileHosts;
    }

    /** Comma-separated list of the only hosts that fetchFile reads files from, redirects included. By default any host. */
    public void setFileHosts(String fileHosts) {
        this.fileHosts = fileHosts;
    }

    /** The server of all calls but those to ingestUrl. */
    BaseUrl server() {
        return CallOptions.isBlank(baseUrl) ? region.baseUrl() : BaseUrl.of(baseUrl, "baseUrl");
    }

    Set<String> fileHosts() {
        return fileHosts == null
                ? Set.of()
                : Arrays.stream(fileHosts.toLowerCase(Locale.ROOT).split(",")).map(String::strip).filter(h -> !h.isEmpty())
                        .collect(Collectors.toUnmodifiableSet());
    }

    public int getBatchSize() {
        return batchSize;
    }

    /**
     * Maximum number of usage events per batch. Lago accepts up to 100. A self-hosted Lago may be configured with another
     * maximum.
     */
    public void setBatchSize(int batchSize) {
        this.batchSize = batchSize;
    }

    public int getConcurrentBatches() {
        return concurrentBatches;
    }

    /** Maximum number of batches of one message that are sent concurrently. */
    public void setConcurrentBatches(int concurrentBatches) {
        this.concurrentBatches = concurrentBatches;
    }

    public long getBatchInterval() {
        return batchInterval;
    }

    /**
     * Maximum time to wait for more events before a batch is sent. With acknowledge=delivered, events are sent earlier
     * in up to concurrentBatches batches of equal size, while at least half of the rate limit is left. 0 disables
     * batching across messages.
     */
    public void setBatchInterval(long batchInterval) {
        this.batchInterval = batchInterval;
    }

    public Acknowledge getAcknowledge() {
        return acknowledge;
    }

    /**
     * When an exchange completes if batchInterval is set. delivered: after Lago has accepted its event. received: as
     * soon as the event is queued in memory. Queued events are lost if the process is killed.
     */
    public void setAcknowledge(Acknowledge acknowledge) {
        this.acknowledge = acknowledge;
    }

    public OnRejected getOnRejected() {
        return onRejected;
    }

    /**
     * What happens if Lago rejects events, after all others were delivered. fail: the exchange fails with a
     * LagoEventsRejectedException. report: the rejected events are only listed in the report.
     */
    public void setOnRejected(OnRejected onRejected) {
        this.onRejected = onRejected;
    }

    public UnknownFields getUnknownFields() {
        return unknownFields;
    }

    /**
     * What to do with a usage event that has a key that Lago does not read, and with an upsert that has a field that Lago does not show.
     * reject rejects the event or the upsert and names the key. drop sends it, and Lago drops the key without an error.
     */
    public void setUnknownFields(UnknownFields unknownFields) {
        this.unknownFields = unknownFields;
    }

    public boolean isRepair() {
        return repair;
    }

    /** If true, the operation reconcile sends the events that Lago does not have. Events that Lago has with other content are never sent again. */
    public void setRepair(boolean repair) {
        this.repair = repair;
    }

    public boolean isCheckReferences() {
        return checkReferences;
    }

    /**
     * Whether to reject usage events that Lago would accept and not bill: of an unknown metric, of an unknown or ended subscription, or
     * without the property that the metric aggregates. Metrics and subscriptions are looked up at Lago and kept in memory.
     */
    public void setCheckReferences(boolean checkReferences) {
        this.checkReferences = checkReferences;
    }

    public long getReferencesMaxAge() {
        return referencesMaxAge;
    }

    /**
     * Maximum age of a metric or subscription that checkReferences relies on, at least a minute. Those in use are looked up again in the
     * background after half of this time.
     */
    public void setReferencesMaxAge(long referencesMaxAge) {
        this.referencesMaxAge = referencesMaxAge;
    }

    public int getReferencesCacheSize() {
        return referencesCacheSize;
    }

    /** Maximum number of metrics, and of subscriptions, that checkReferences keeps in memory. */
    public void setReferencesCacheSize(int referencesCacheSize) {
        this.referencesCacheSize = referencesCacheSize;
    }

    public ReadMode getReadMode() {
        return readMode;
    }

    /**
     * Which records a poll delivers. changed: records that are new or have changed since they were last processed. new:
     * records created since the last complete poll. all: all records, in every poll.
     */
    public void setReadMode(ReadMode readMode) {
        this.readMode = readMode;
    }

    public boolean isSplitPages() {
        return splitPages;
    }

    /** If true, each record is one exchange. If false, each page is one exchange with a List. */
    public void setSplitPages(boolean splitPages) {
        this.splitPages = splitPages;
    }

    public IdempotentRepository getIdempotentRepository() {
        return idempotentRepository;
    }

    /**
     * Stores which records (and, for readMode=changed, which versions) have been processed. In memory by default. Use
     * JdbcRecordRepository for large lists. For webhooks: stores the keys of processed webhooks, so that a redelivered webhook is
     * dropped; none by default.
     */
    public void setIdempotentRepository(IdempotentRepository idempotentRepository) {
        this.idempotentRepository = idempotentRepository;
    }

    public boolean isDeletions() {
        return deletions;
    }

    /**
     * Whether to deliver deleted records, with readMode=changed: a message without a body, with the headers CamelLagoDeleted and
     * CamelLagoId. Records that a complete poll did not find are looked up. The idempotentRepository must be a JdbcRecordRepository,
     * if it is set.
     */
    public void setDeletions(boolean deletions) {
        this.deletions = deletions;
    }

    public StateRepository<String, String> getOffsetRepository() {
        return offsetRepository;
    }

    /**
     * Stores the position of the consumer for readMode=new. In memory by default, so all records are read again after a
     * restart.
     */
    public void setOffsetRepository(StateRepository<String, String> offsetRepository) {
        this.offsetRepository = offsetRepository;
    }

    public boolean isSendPollComplete() {
        return sendPollComplete;
    }

    /**
     * Whether to send one more message, without a body, after each complete poll: all lists were read to their ends, and no
     * message has failed.
     */
    public void setSendPollComplete(boolean sendPollComplete) {
        this.sendPollComplete = sendPollComplete;
    }

    public long getFullReadInterval() {
        return fullReadInterval;
    }

    /**
     * With readMode=new, how often invoices, credit notes and events are read completely to find back-dated ones. 0 turns
     * this off. Other lists need no such reading.
     */
    public void setFullReadInterval(long fullReadInterval) {
        this.fullReadInterval = fullReadInterval;
    }

    public int getPrefetchPages() {
        return prefetchPages;
    }

    /**
     * Number of pages that are fetched ahead of processing, and the maximum number held in memory. 0 fetches each page
     * when it is needed.
     */
    public void setPrefetchPages(int prefetchPages) {
        this.prefetchPages = prefetchPages;
    }

    public int getMaxMessagesPerPoll() {
        return maxMessagesPerPoll;
    }

    /** Maximum number of exchanges per poll. The next poll continues. 0 means no limit. */
    public void setMaxMessagesPerPoll(int maxMessagesPerPoll) {
        this.maxMessagesPerPoll = maxMessagesPerPoll;
    }

    public SignatureAlgo getSignatureAlgo() {
        return signatureAlgo;
    }

    /**
     * The signature algorithm to request and to accept. Webhooks signed otherwise are rejected. jwt uses Lago's public key, hmac uses
     * hmacKey. A jwt signature repeats the whole body in an HTTP header, which many servers and proxies limit to 8 KB. hmac has no such
     * limit.
     */
    public void setSignatureAlgo(SignatureAlgo signatureAlgo) {
        this.signatureAlgo = signatureAlgo;
    }

    public String getHmacKey() {
        return hmacKey;
    }

    /** The organization's HMAC key, from Lago's dashboard. It is not the API key. Required for signatureAlgo=hmac. */
    public void setHmacKey(String hmacKey) {
        this.hmacKey = hmacKey;
    }

    public String getIssuer() {
        return issuer;
    }

    /** The URL of the Lago server, as in the claim iss of its jwt signatures. If set, webhooks of other Lago servers are rejected. */
    public void setIssuer(String issuer) {
        this.issuer = issuer;
    }

    public String getEventTypes() {
        return eventTypes;
    }

    /**
     * The types of webhooks to receive, as a comma-separated list such as invoice.created,events.errors. A type that ends with an
     * asterisk matches all known types with that prefix: invoice.* matches invoice.created. Default: all types.
     */
    public void setEventTypes(String eventTypes) {
        this.eventTypes = eventTypes;
    }

    public long getMaxBodySize() {
        return maxBodySize;
    }

    /** Maximum size of a webhook's body, in bytes. Larger webhooks are answered with 413. */
    public void setMaxBodySize(long maxBodySize) {
        this.maxBodySize = maxBodySize;
    }

    public String getOrganizationId() {
        return organizationId;
    }

    /**
     * Lago's id of the organization whose webhooks are accepted. Webhooks of other organizations on the same Lago server are rejected.
     * By default the organization of the API key. Required if the key may neither register webhook endpoints nor read the
     * organization.
     */
    public void setOrganizationId(String organizationId) {
        this.organizationId = organizationId;
    }

    public boolean isRemoveOnStop() {
        return removeOnStop;
    }

    /**
     * Whether to remove the webhook endpoint from Lago when the route stops. Keep it off if several instances share the URL, as in any
     * rolling update: the first instance to stop would remove it for all. While the endpoint stays, Lago retries webhooks that were
     * not accepted.
     */
    public void setRemoveOnStop(boolean removeOnStop) {
        this.removeOnStop = removeOnStop;
    }
}
