package io.github.camellago.operation;

import io.github.camellago.client.LagoRequest;

/** Makes the requests for the pages of one list; its path and filters are resolved. */
@FunctionalInterface
public interface PageRequests {

    /**
     * @param page the number of the page, from 1
     * @param size how many records a page has, for this request
     */
    LagoRequest page(int page, int size);
}
