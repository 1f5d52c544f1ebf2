package io.github.camellago.client;

import java.util.List;

/**
 * One page of a list.
 *
 * @param records    its records, in Lago's order
 * @param nextPage   the next page's number, or null at the end
 * @param totalPages how many pages Lago believes there are (may be up to 30 minutes old), or null
 * @param totalCount how many records Lago believes there are (may be up to 30 minutes old), or null
 * @param response   the answer it came in
 */
public record Page(List<LagoRecord> records, Integer nextPage, Integer totalPages, Integer totalCount, LagoResponse response) {}
