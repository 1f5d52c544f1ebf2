package io.github.camellago;

import java.util.function.Supplier;

import org.apache.camel.RuntimeCamelException;
import org.apache.camel.spi.IdempotentRepository;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.StateRepository;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;

/** The options of the component and its endpoints. */
@UriParams
public class LagoConfiguration implements Cloneable {

    @UriParam(label = "security")
    @Metadata(secret = true)
    private String apiKey;
    @UriParam(label = "security")
    @Metadata(secret = true)
    private Supplier<String> credentials;
    @UriParam(defaultValue = "US")
    private LagoRegion region = LagoRegion.US;
    @UriParam
    private String baseUrl;
    @UriParam(label = "producer")
    private String ingestUrl;
    @UriParam(enums = "list,get,create,update,delete,delete_all,replace,merge,batch,finalize,void,retry,retry_payment,download,"
            + "refresh,lose_dispute,payment_url,preview,estimate,estimate_fees,estimate_instant_fees,batch_estimate_instant_fees,"
            + "evaluate_expression,portal_url,checkout_url,current_usage,projected_usage,past_usage,set_as_default,consumptions,"
            + "fundings,public_key,json_public_key,verify")
    private String operation;
    @UriParam
    private String id;
    @UriParam(defaultValue = "100")
    private int perPage = 100;
    @UriParam(defaultValue = "MAP")
    private BodyType bodyType = BodyType.MAP;
    @UriParam
    private Class<?> outputClass;
    @UriParam(defaultValue = "10s", javaType = "java.time.Duration")
    private long connectTimeout = 10_000;
    @UriParam(defaultValue = "30s", javaType = "java.time.Duration")
    private long responseTimeout = 30_000;
    @UriParam(label = "advanced", enums = "GET,POST,PUT,PATCH,DELETE")
    private String httpMethod;
    @UriParam(defaultValue = "3")
    private int maxRetries = 3;
    @UriParam(defaultValue = "500ms", javaType = "java.time.Duration")
    private long retryDelay = 500;
    @UriParam(defaultValue = "20s", javaType = "java.time.Duration")
    private long maxRetryDelay = 20_000;
    @UriParam(label = "producer", defaultValue = "1")
    private int page = 1;
    @UriParam(label = "producer")
    private boolean streaming;
    @UriParam(label = "producer")
    private boolean fetchFile;
    @UriParam(label = "producer", defaultValue = "60s", javaType = "java.time.Duration")
    private long fileTimeout = 60_000;
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

    @UriParam(label = "consumer", defaultValue = "changed", enums = "changed,new,all")
    private ReadMode readMode = ReadMode.CHANGED;
    @UriParam(label = "consumer", defaultValue = "true")
    private boolean splitPages = true;
    @UriParam(label = "consumer")
    private IdempotentRepository idempotentRepository;
    @UriParam(label = "consumer")
    private StateRepository<String, String> offsetRepository;
    @UriParam(label = "consumer", defaultValue = "2")
    private int prefetchPages = 2;
    @UriParam(label = "consumer")
    private int maxMessagesPerPoll;
    @UriParam(label = "webhook", defaultValue = "jwt", enums = "jwt,hmac")
    private SignatureAlgo signatureAlgo = SignatureAlgo.JWT;
    @UriParam(label = "webhook,security")
    @Metadata(secret = true)
    private String hmacKey;
    @UriParam(label = "webhook")
    private String issuer;
    @UriParam(label = "webhook")
    private String eventTypes;
    @UriParam(label = "webhook", defaultValue = "20971520")
    private long maxBodySize = 20L * 1024 * 1024;
    @UriParam(label = "webhook", defaultValue = "true")
    private boolean removeOnStop = true;

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

    /** Lago's API key, sent as a bearer token. Required, unless credentials is set. */
    public void setApiKey(String apiKey) {
        this.apiKey = apiKey;
    }

    public Supplier<String> getCredentials() {
        return credentials;
    }

    /**
     * Supplies the API key in place of apiKey. It is asked again when Lago stops accepting the key, so that a rotated key needs
     * no restart.
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

    /** The URL of a self-hosted Lago, with or without /api/v1. Wins over region. */
    public void setBaseUrl(String baseUrl) {
        this.baseUrl = baseUrl;
    }

    public String getIngestUrl() {
        return ingestUrl;
    }

    /** The URL of another host that takes usage events, with or without /api/v1. Everything else still goes to region or baseUrl. */
    public void setIngestUrl(String ingestUrl) {
        this.ingestUrl = ingestUrl;
    }

    public String getOperation() {
        return operation;
    }

    /**
     * What to do: list, get, create, update, delete, or Lago's own verb as its path ends (finalize, void, retry_payment, ...);
     * verify on lago:webhooks checks that a message that came over HTTP is a webhook of Lago's.
     * By default the only operation that the path has, else create for producers and list for consumers.
     */
    public void setOperation(String operation) {
        this.operation = operation;
    }

    public String getId() {
        return id;
    }

    /** The object's own id: lago_id, external_id or code, as Lago's API keys that resource. */
    public void setId(String id) {
        this.id = id;
    }

    public int getPerPage() {
        return perPage;
    }

    /** How many records a page of a list has. */
    public void setPerPage(int perPage) {
        this.perPage = perPage;
    }

    public BodyType getBodyType() {
        return bodyType;
    }

    /** What records are handed over as: a Map, a String of JSON, or Jackson's JsonNode. Amounts are exact in all of them. */
    public void setBodyType(BodyType bodyType) {
        this.bodyType = bodyType;
    }

    public Class<?> getOutputClass() {
        return outputClass;
    }

    /** A class to bind records to with Jackson, instead of bodyType. */
    public void setOutputClass(Class<?> outputClass) {
        this.outputClass = outputClass;
    }

    public long getConnectTimeout() {
        return connectTimeout;
    }

    /** How long to wait for a connection. */
    public void setConnectTimeout(long connectTimeout) {
        this.connectTimeout = connectTimeout;
    }

    public long getResponseTimeout() {
        return responseTimeout;
    }

    /** How long to wait for an answer. */
    public void setResponseTimeout(long responseTimeout) {
        this.responseTimeout = responseTimeout;
    }

    public String getHttpMethod() {
        return httpMethod;
    }

    /** The HTTP method for a path that the component does not know. It is then called as it stands. */
    public void setHttpMethod(String httpMethod) {
        this.httpMethod = httpMethod;
    }

    public int getMaxRetries() {
        return maxRetries;
    }

    /**
     * How often a call is tried again: what may be repeated without harm after any loss of connection, time-out, 429, 502, 503 and
     * 504, anything else only when Lago cannot have acted.
     */
    public void setMaxRetries(int maxRetries) {
        this.maxRetries = maxRetries;
    }

    public long getRetryDelay() {
        return retryDelay;
    }

    /** The time before the first retry. It doubles with each further one, with jitter. What Lago asks for goes first. */
    public void setRetryDelay(long retryDelay) {
        this.retryDelay = retryDelay;
    }

    public long getMaxRetryDelay() {
        return maxRetryDelay;
    }

    /** The most that the growing time between retries comes to. */
    public void setMaxRetryDelay(long maxRetryDelay) {
        this.maxRetryDelay = maxRetryDelay;
    }

    public int getPage() {
        return page;
    }

    /** The page that the operation list reads. */
    public void setPage(int page) {
        this.page = page;
    }

    public boolean isStreaming() {
        return streaming;
    }

    /**
     * Whether the operation list hands over an Iterator over all records from page on, which reads further pages as they are asked for,
     * instead of a List of one page.
     */
    public void setStreaming(boolean streaming) {
        this.streaming = streaming;
    }

    public boolean isFetchFile() {
        return fetchFile;
    }

    /**
     * Whether the operation download hands over the file itself, as a stream, instead of the object with its file_url. The API key is
     * not sent to where the file is.
     */
    public void setFetchFile(boolean fetchFile) {
        this.fetchFile = fetchFile;
    }

    public long getFileTimeout() {
        return fileTimeout;
    }

    /** How long fetchFile waits for Lago to make the file. */
    public void setFileTimeout(long fileTimeout) {
        this.fileTimeout = fileTimeout;
    }

    public int getBatchSize() {
        return batchSize;
    }

    /** How many usage events go into one batch. Lago takes up to 100; a self-hosted one may be set to another maximum. */
    public void setBatchSize(int batchSize) {
        this.batchSize = batchSize;
    }

    public int getConcurrentBatches() {
        return concurrentBatches;
    }

    /** How many batches of one message are under way at a time. */
    public void setConcurrentBatches(int concurrentBatches) {
        this.concurrentBatches = concurrentBatches;
    }

    public long getBatchInterval() {
        return batchInterval;
    }

    /**
     * How long the event of a message may at most wait for those of others, to go out in one batch with them. With
     * acknowledge=delivered it waits only while another batch is under way, for its message holds up its source: events that come
     * now and then go out alone and at once, many at a time go out together. With acknowledge=received it waits until the batch is
     * full or the interval is over. 0 sends each message's events as they come.
     */
    public void setBatchInterval(long batchInterval) {
        this.batchInterval = batchInterval;
    }

    public Acknowledge getAcknowledge() {
        return acknowledge;
    }

    /**
     * With batchInterval, when a message is done: delivered is when Lago has its event, received is as soon as the event is taken
     * over. It is then tried until Lago has it, but is lost if the process is killed before.
     */
    public void setAcknowledge(Acknowledge acknowledge) {
        this.acknowledge = acknowledge;
    }

    public OnRejected getOnRejected() {
        return onRejected;
    }

    /**
     * What to do when Lago rejects events, after all others were delivered: fail throws LagoEventsRejectedException, report only
     * lists them in the report.
     */
    public void setOnRejected(OnRejected onRejected) {
        this.onRejected = onRejected;
    }

    public ReadMode getReadMode() {
        return readMode;
    }

    /**
     * What a poll hands over: changed is each record that is new or differs from when it was last handed over, new is each record
     * created since, all is everything that matches.
     */
    public void setReadMode(ReadMode readMode) {
        this.readMode = readMode;
    }

    public boolean isSplitPages() {
        return splitPages;
    }

    /** Whether each record is a message of its own, or each page one, with a List. */
    public void setSplitPages(boolean splitPages) {
        this.splitPages = splitPages;
    }

    public IdempotentRepository getIdempotentRepository() {
        return idempotentRepository;
    }

    /**
     * Where the consumer keeps which records it has handed over, with readMode=changed in which version. With readMode=new only
     * those since the offset count, but nothing removes the others: it grows by a key per record. In memory by default: after a
     * restart everything comes again. Instances that share one and poll at the same
     * moment may all hand a record over; master: keeps them apart. For webhooks, where the keys of completed
     * ones are kept, so that one that Lago sends again is dropped; none by default.
     */
    public void setIdempotentRepository(IdempotentRepository idempotentRepository) {
        this.idempotentRepository = idempotentRepository;
    }

    public StateRepository<String, String> getOffsetRepository() {
        return offsetRepository;
    }

    /**
     * Where the consumer keeps how far it has come with readMode=new. In memory by default: after a restart everything comes
     * again.
     */
    public void setOffsetRepository(StateRepository<String, String> offsetRepository) {
        this.offsetRepository = offsetRepository;
    }

    public int getPrefetchPages() {
        return prefetchPages;
    }

    /**
     * How many pages are fetched ahead of the one whose records are being processed, several at a time where it is known that they
     * exist. So many pages are held in memory at most. 0 fetches each page when it is needed.
     */
    public void setPrefetchPages(int prefetchPages) {
        this.prefetchPages = prefetchPages;
    }

    public int getMaxMessagesPerPoll() {
        return maxMessagesPerPoll;
    }

    /** The most messages of one poll; the rest comes with the next ones. 0 or less is no limit. */
    public void setMaxMessagesPerPoll(int maxMessagesPerPoll) {
        this.maxMessagesPerPoll = maxMessagesPerPoll;
    }

    public SignatureAlgo getSignatureAlgo() {
        return signatureAlgo;
    }

    /**
     * How webhooks are signed, which is the only way that is accepted: jwt with Lago's own key, or hmac with hmacKey. A jwt repeats
     * the whole body in an HTTP header, for which many servers and proxies have a limit of 8 KB; hmac has no such limit.
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

    /** The Lago server's own URL as its jwt signatures state it (the claim iss). Signatures of any other are then refused. */
    public void setIssuer(String issuer) {
        this.issuer = issuer;
    }

    public String getEventTypes() {
        return eventTypes;
    }

    /**
     * The types of webhooks that Lago is to send, as a comma list such as invoice.created,event.error. A beginning and an asterisk
     * stand for all known types that begin so. By default all.
     */
    public void setEventTypes(String eventTypes) {
        this.eventTypes = eventTypes;
    }

    public long getMaxBodySize() {
        return maxBodySize;
    }

    /** The largest body of a webhook that is accepted, in bytes. What is larger is answered 413. */
    public void setMaxBodySize(long maxBodySize) {
        this.maxBodySize = maxBodySize;
    }

    public boolean isRemoveOnStop() {
        return removeOnStop;
    }

    /**
     * Whether a webhook endpoint that was registered on start is removed from Lago on stop. Where several instances share a URL, or
     * what happens during a restart must not be missed, set it to false: Lago then keeps sending, and tries again what is not accepted.
     */
    public void setRemoveOnStop(boolean removeOnStop) {
        this.removeOnStop = removeOnStop;
    }
}
