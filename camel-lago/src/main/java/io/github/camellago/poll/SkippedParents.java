package io.github.camellago.poll;

import java.util.Map;

import io.github.camellago.api.Failure;
import io.github.camellago.api.LagoException;
import io.github.camellago.api.LagoNotFoundException;
import io.github.camellago.poll.ParentLists.ParentKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parents whose lists a poll could not read, while it read those of the others. For one thread. */
final class SkippedParents {

    private static final Logger LOG = LoggerFactory.getLogger(SkippedParents.class);

    private ParentKey place;
    private RuntimeException first;
    private int count;

    /** A parent that is gone by now is none; one that Lago refuses does not keep the others from being read. All else is thrown. */
    void keepOrThrow(ParentKey at, LagoException e) {
        int status = e.getStatusCode();
        if (at.equals(ParentKey.NONE) || status / 100 != 4 || status == 401 || status == 429) {
            throw e;
        }
        if (e instanceof LagoNotFoundException) {
            LOG.debug("Left out {}: {}", at, e.getMessage());
        } else {
            keep(at, e);
        }
    }

    /** What no list can be asked for does not keep the others from being read either. */
    void keep(ParentKey at, RuntimeException e) {
        if (count++ == 0) {
            place = at;
            first = e;
        }
        LOG.debug("Could not read the list of {}", at, e);
    }

    /** Fails the poll when it is over, unless all parents that are there were read. */
    void throwIfAny() {
        if (count > 0) {
            String message = "Could not read the list of " + place
                    + (count == 1 ? "" : ", nor those of " + (count - 1) + " more")
                    + ": " + first.getMessage();
            throw new LagoException(first instanceof LagoException e
                    ? new Failure(message, e.getMethod(), e.getPath(), e.getStatusCode(), e.getCode(), e.getErrorDetails(),
                            e.mayHaveBeenProcessed(), e)
                    : new Failure(message, null, null, 0, null, Map.of(), false, first));
        }
    }
}
