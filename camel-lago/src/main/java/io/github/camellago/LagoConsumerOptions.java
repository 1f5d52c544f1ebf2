package io.github.camellago;

import io.github.camellago.poll.ReadMode;
import org.apache.camel.spi.IdempotentRepository;
import org.apache.camel.spi.StateRepository;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;

/** The options for reading: what a poll hands over, and how it is remembered. */
@UriParams
public class LagoConsumerOptions extends LagoWebhookOptions {

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
}
