package io.github.camellago.poll;

import java.util.Map;

import io.github.camellago.api.Failure;
import io.github.camellago.api.LagoException;
import io.github.camellago.api.LagoNotFoundException;
import io.github.camellago.poll.ParentLists.ParentKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parents whose lists a poll could not read while it read those of the others. For one thread. */
final class SkippedParents {

    private static final Logger LOG = LoggerFactory.getLogger(SkippedParents.class);

    private ParentKey parent;
    private RuntimeException first;
    private int count;

    /**
     * Skips a parent that was deleted, or whose list Lago refuses. Everything else is thrown.
     *
     * @return whether the parent has no records: Lago does not have the parent, or has nothing of this kind for it
     */
    boolean keepOrThrow(ParentKey at, LagoException e) {
        int status = e.getStatusCode();
        if (at.equals(ParentKey.NONE) || status / 100 != 4 || status == 401 || status == 429) {
            throw e;
        }
        if (e instanceof LagoNotFoundException && e.getCode() != null && !e.getCode().equals(RecordLookup.NO_SUCH_PATH)) {
            LOG.debug("Skipped {}: {}", at, e.getMessage());
            return true;
        }
        keep(at, e);
        return false;
    }

    /** Skips a parent; the poll fails at its end. */
    void keep(ParentKey at, RuntimeException e) {
        if (count++ == 0) {
            parent = at;
            first = e;
        }
        LOG.debug("Could not read the list of {}", at, e);
    }

    /** Fails the poll at its end, unless the lists of all existing parents were read. */
    void throwIfAny() {
        if (count > 0) {
            String message = "Could not read the list of " + parent
                    + (count == 1 ? "" : ", nor those of " + (count - 1) + " more")
                    + ": " + first.getMessage();
            throw new LagoException(first instanceof LagoException e
                    ? new Failure(message, e.getMethod(), e.getPath(), e.getStatusCode(), e.getCode(), e.getErrorDetails(),
                            e.mayHaveBeenProcessed(), e)
                    : new Failure(message, null, null, 0, null, Map.of(), false, first));
        }
    }
}
