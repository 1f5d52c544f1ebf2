package io.github.camellago.test.server;

import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Serves calls below {@code /api/v1}: finds the route, checks the key, and runs the handler under the lock.
 */
public final class Server {

    private final Router router;
    private final Keys keys;
    private final Store store;

    public Server(Router router, Keys keys, Store store) {
        this.router = router;
        this.keys = keys;
        this.store = store;
    }

    /**
     * @param admission called after the check of the key, before anything else. Throws to reject the call
     */
    public Reply serve(Call call, String authorization, Runnable admission, BiConsumer<Call, Reply> served) {
        try {
            Router.Match match = router.match(call);
            Router.Route route = match.route();
            if (route.permission() == null) {
                return store.locked(() -> route.handler().handle(match.call()));
            }
            Set<String> allowed = keys.authenticate(authorization);
            admission.run();
            Keys.authorize(allowed, route);
            return store.locked(() -> {
                Reply reply = answer(match);
                served.accept(match.call(), reply);
                return reply;
            });
        } catch (LagoError e) {
            return e.reply();
        }
    }

    private static Reply answer(Router.Match match) {
        try {
            return match.route().handler().handle(match.call());
        } catch (LagoError e) {
            return e.reply();
        }
    }
}
