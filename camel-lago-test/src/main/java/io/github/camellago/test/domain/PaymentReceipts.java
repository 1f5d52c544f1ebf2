package io.github.camellago.test.domain;

import java.util.List;
import java.util.Map;

/**
 * Receipts of payments, with their PDFs.
 */
final class PaymentReceipts extends Crud {

    private final Files files;

    PaymentReceipts(Context context, Files files) {
        super(context, "payment_receipts");
        this.files = files;
    }

    @Override
    void register() {
        super.register();
        on("POST", "/payment_receipts/{lago_id}/download", call -> files.download(this, find(call)));
    }

    @Override
    Map<String, Object> shown(Map<String, Object> record) {
        Map<String, Object> shown = super.shown(record);
        List.of("file_url").forEach(field -> shown.remove(field, null));
        return shown;
    }
}
