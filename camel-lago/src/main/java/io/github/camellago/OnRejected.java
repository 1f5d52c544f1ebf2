package io.github.camellago;

import io.github.camellago.api.LagoEventsRejectedException;

/** What to do when Lago rejects events. */
public enum OnRejected {
    /** throw {@link LagoEventsRejectedException}, after all other events were delivered */
    FAIL,
    /** only list them in the report */
    REPORT
}
