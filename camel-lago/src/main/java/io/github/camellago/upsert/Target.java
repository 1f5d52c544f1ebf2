package io.github.camellago.upsert;

import java.io.IOException;
import java.util.concurrent.locks.Lock;

/** The object that an upsert is about. */
interface Target {

    /** Its code or external id, or null. */
    String key();

    /** The lock to hold during the upsert, or null. */
    default Lock lock() {
        return null;
    }

    /** The object as Lago has it, or null. */
    Found find();

    /** @throws io.github.camellago.api.LagoNotFoundException if the object that this one would belong to does not exist */
    void requireParent();

    /** The actions that change the object at Lago to the object of the message. */
    Decision decide(Found found);

    /** Does what was decided. The object as Lago then has it. */
    Found write(Decision decision) throws IOException;
}
