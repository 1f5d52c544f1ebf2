package io.github.camellago.test.domain;

import java.util.List;
import java.util.Map;

import io.github.camellago.test.server.Call;
import io.github.camellago.test.server.Json;
import io.github.camellago.test.server.LagoError;

/**
 * The payment methods of customers. In Lago, payment providers create them. Tests must add them.
 */
final class PaymentMethods extends Crud {

    PaymentMethods(Context context) {
        super(context, "payment_methods");
    }

    @Override
    void register() {
        String path = "/customers/{external_customer_id}/payment_methods";
        on("GET", path, call -> list(call, of(call)));
        on("PUT", path + "/{lago_id}/set_as_default", call -> {
            Map<String, Object> chosen = find(call);
            of(call).forEach(
                    method -> table.update((String) method.get("lago_id"), Json.object("is_default", method == chosen)));
            return reply(find(call));
        });
        on("DELETE", path + "/{lago_id}", this::delete);
    }

    private List<Map<String, Object>> of(Call call) {
        return context.where("payment_methods", "external_customer_id",
                context.customer(call.param("external_customer_id")).get("external_id"));
    }

    @Override
    Map<String, Object> find(Call call) {
        String id = call.param("lago_id");
        return of(call).stream().filter(method -> id.equals(method.get("lago_id"))).findFirst()
                .orElseThrow(() -> LagoError.notFound("payment_method"));
    }

    @Override
    Map<String, Object> shown(Map<String, Object> method) {
        Map<String, Object> shown = super.shown(method);
        shown.remove("external_customer_id");
        return shown;
    }
}
