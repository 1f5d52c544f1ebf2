package io.github.camellago.test.domain;

import java.util.List;
import java.util.Map;

import io.github.camellago.test.server.Call;
import io.github.camellago.test.server.LagoError;
import io.github.camellago.test.server.Reply;

/**
 * Receipts of payments. Lago generates their PDFs. {@code file_url} is null until then.
 */
final class PaymentReceipts extends Crud {

    private final Files files;

    PaymentReceipts(Context context, Files files) {
        super(context, "payment_receipts");
        this.files = files;
    }

    @Override
    Reply list(Call call) {
        List.copyOf(table.all()).forEach(receipt -> files.withPdf(this, receipt));
        return super.list(call);
    }

    @Override
    Reply get(Call call) {
        return reply(files.withPdf(this, find(call)));
    }

    /** Lago answers {@code invoice_not_found} for an unknown receipt. */
    @Override
    Map<String, Object> find(Call call) {
        Map<String, Object> receipt = table.byId(call.param("lago_id"));
        if (receipt == null) {
            throw LagoError.notFound("invoice");
        }
        return receipt;
    }
}
