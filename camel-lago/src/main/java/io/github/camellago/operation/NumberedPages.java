package io.github.camellago.operation;

import io.github.camellago.client.Page;
import io.github.camellago.operation.Pages.Step;

/**
 * Page 1, 2, 3, … The end is where Lago names no next page, or answers an empty one. {@code total_pages} only says which pages
 * can be fetched at the same time: it may be half an hour old, or that of another list. So the next page's number is looked at
 * again on each page.
 */
final class NumberedPages implements PagePlan {

    private final int size;
    private Step next;
    private int last;

    NumberedPages(int first, int size) {
        this.size = size;
        this.next = new Step(first, size);
        this.last = first;
    }

    @Override
    public Step next() {
        return next;
    }

    @Override
    public Step after(Step step) {
        return step.number() < last ? new Step(step.number() + 1, size) : null;
    }

    @Override
    public Page accept(Page page) {
        int number = next.number();
        Integer named = page.nextPage();
        if (page.records().isEmpty() || named == null || named <= number) {
            next = null;
        } else {
            next = new Step(named, size);
            last = Math.max(named, page.totalPages() == null ? 0 : page.totalPages());
        }
        return page;
    }
}
