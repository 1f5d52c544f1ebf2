package io.github.camellago.benchmarks;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** Answers lists of invoices with prepared pages. The invoices are as large as Lago's. */
public final class InvoicePages implements FastServer.Answers {

    static final int PAGES = 60;
    static final int PER_PAGE = 100;

    private static final String PAGE = "page=";

    private final byte[][] pages = new byte[PAGES][];

    public InvoicePages() {
        for (int i = 0; i < PAGES; i++) {
            pages[i] = page(i + 1);
        }
    }

    @Override
    public byte[] to(String method, String target, byte[] body, int length, FastServer.Counts counts) {
        int number = Math.min(PAGES, Math.max(1, number(target)));
        counts.items(PER_PAGE);
        return pages[number - 1];
    }

    private static int number(String target) {
        int at = target.indexOf('?' + PAGE);
        at = at < 0 ? target.indexOf('&' + PAGE) : at;
        if (at < 0) {
            return 1;
        }
        int end = target.indexOf('&', at + 1);
        return Integer.parseInt(target.substring(at + 1 + PAGE.length(), end < 0 ? target.length() : end));
    }

    private static byte[] page(int number) {
        StringBuilder json = new StringBuilder("{\"invoices\":[");
        for (int i = 0; i < PER_PAGE; i++) {
            json.append(i == 0 ? "" : ",").append(invoice((number - 1) * PER_PAGE + i));
        }
        json.append("],\"meta\":{\"current_page\":").append(number).append(",\"next_page\":")
                .append(number < PAGES ? String.valueOf(number + 1) : "null").append(",\"prev_page\":")
                .append(number > 1 ? String.valueOf(number - 1) : "null").append(",\"total_pages\":").append(PAGES)
                .append(",\"total_count\":").append(PAGES * PER_PAGE).append("}}");
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** An invoice of another customer than the invoices before: equal texts are those that are equal in most lists. */
    private static String invoice(int i) {
        int c = 10_000 + i % 5_000;
        String amounts = "";
        for (String name : new String[]{"fees_amount", "coupons_amount", "credit_notes_amount",
                "sub_total_excluding_taxes_amount",
                "taxes_amount", "sub_total_including_taxes_amount", "prepaid_credit_amount",
                "progressive_billing_credit_amount",
                "total_amount", "total_paid_amount", "total_due_amount"}) {
            amounts += "\"" + name + "_cents\":" + (12345L * (i + 1)) + ",";
        }
        return "{\"lago_id\":\"" + new UUID(0x1a901a901a904a90L, 0x8a901a9000000000L + i) + "\",\"sequential_id\":" + i
                + ",\"billing_entity_code\":\"acme_corp\",\"number\":\"LAG-1234-001-" + i
                + "\",\"issuing_date\":\"2026-04-30\",\"payment_due_date\":\"2026-05-30\",\"net_payment_term\":30,"
                + "\"payment_overdue\":false,\"invoice_type\":\"subscription\",\"status\":\"finalized\","
                + "\"payment_status\":\"pending\",\"payment_dispute_lost_at\":null,\"currency\":\"EUR\",\"version_number\":4,"
                + amounts + "\"self_billed\":false,\"file_url\":\"https://api.getlago.com/rails/active_storage/blobs/redirect/"
                + "eyJfcmFpbHMiOnsibWVzc2FnZSI6IkJBaDdDRG9J/" + i + "/invoice-LAG-1234-001-" + i + ".pdf\","
                + "\"created_at\":\"2026-04-30T00:10:11Z\",\"updated_at\":\"2026-04-30T00:12:13Z\","
                + "\"customer\":{\"lago_id\":\"" + new UUID(0x99a6094e199b4101L, 0x896a54e900000000L + c)
                + "\",\"sequential_id\":" + c + ",\"slug\":\"LAG-1234-" + c + "\","
                + "\"external_id\":\"" + new UUID(0x5eb02857a71e4ea2L, 0xbcf957d300000000L + c)
                + "\",\"billing_entity_code\":\"acme_corp\","
                + "\"address_line1\":\"" + c
                + " Penfield Ave\",\"address_line2\":null,\"applicable_timezone\":\"America/Los_Angeles\","
                + "\"city\":\"Woodland Hills\",\"country\":\"US\",\"currency\":\"EUR\",\"email\":\"dinesh" + c
                + "@piedpiper.example\","
                + "\"legal_name\":\"Coleman-Blair " + c + "\",\"legal_number\":\"49-00" + c
                + "\",\"logo_url\":\"http://hooli.example/logo.png\","
                + "\"name\":\"Gavin Belson " + c
                + "\",\"firstname\":\"Gavin\",\"lastname\":\"Belson\",\"account_type\":\"customer\","
                + "\"customer_type\":\"company\",\"phone\":\"1-171-88" + c
                + " x245\",\"state\":\"CA\",\"tax_identification_number\":"
                + "\"EU8315" + c + "\",\"timezone\":\"America/Los_Angeles\",\"url\":\"http://hooli.example\",\"zipcode\":\"9"
                + c % 10_000 + "\","
                + "\"net_payment_term\":30,\"created_at\":\"2022-04-29T08:59:51Z\",\"updated_at\":\"2022-04-29T08:59:51Z\","
                + "\"finalize_zero_amount_invoice\":\"inherit\",\"skip_invoice_custom_sections\":false,"
                + "\"billing_configuration\":{\"invoice_grace_period\":3,\"payment_provider\":\"stripe\",\"payment_provider_code\":"
                + "\"stripe-eu-1\",\"provider_customer_id\":\"cus_" + c + "\",\"sync\":true,\"sync_with_provider\":true,"
                + "\"document_locale\":\"fr\",\"provider_payment_methods\":[\"card\",\"sepa_debit\"]},\"shipping_address\":"
                + "{\"address_line1\":\"" + c + " Penfield Ave\",\"city\":\"Woodland Hills\",\"zipcode\":\"9" + c % 10_000
                + "\",\"country\":\"US\"}},"
                + "\"metadata\":[{\"lago_id\":\"27f12d13-4ae0-437b-b822-8771bcd62e3a\",\"key\":\"digital_ref_id\",\"value\":\"INV-"
                + i + "\",\"created_at\":\"2022-04-29T08:59:51Z\"}],\"applied_taxes\":[{\"lago_id\":"
                + "\"1a901a90-1a90-1a90-1a90-1a901a901a91\",\"lago_tax_id\":\"1a901a90-1a90-1a90-1a90-1a901a901a92\",\"tax_name\":"
                + "\"TVA\",\"tax_code\":\"french_standard_vat\",\"tax_rate\":20.0,\"tax_description\":\"French standard VAT\","
                + "\"amount_cents\":2000,\"amount_currency\":\"EUR\",\"fees_amount_cents\":20000,\"created_at\":\"2022-09-14T16:35:31Z\"}]}";
    }
}
