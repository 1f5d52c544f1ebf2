package io.github.camellago.operation;

import io.github.camellago.client.Page;
import io.github.camellago.operation.Pages.Step;

/** Decides which page of a list is read next. For one thread. */
interface PagePlan {

    /** The page to read now, or null at the end. */
    Step next();

    /** The page that is known to follow a page that was not read yet, or null. */
    default Step after(Step step) {
        return null;
    }

    /** Takes the page of {@link #next}, and says what of it is to be processed; null if it has to be read again further back. */
    Page accept(Page page);

    /** Whether records may have been missed because the list moved. */
    default boolean moved() {
        return false;
    }
}
