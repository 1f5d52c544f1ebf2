package io.github.camellago.test;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(LagoSandboxExtension.class)
class WalletsTest {

    LagoSandbox sandbox;
    Api api;

    @BeforeEach
    void prepare() {
        api = new Api(sandbox);
        api.create("customers", "customer", Map.of("external_id", "acme", "currency", "EUR"));
    }

    private String wallet() {
        return api.create("wallets", "wallet",
                Map.of("external_customer_id", "acme", "name", "Main", "rate_amount", "2", "currency", "EUR",
                        "granted_credits", "10"))
                .at("wallet.lago_id");
    }

    private Api.Answer topUp(String wallet, String kind, String credits) {
        return api.post("/wallet_transactions", Map.of("wallet_transaction", Map.of("wallet_id", wallet, kind, credits)));
    }

    @Test
    void addsGrantedCreditsAtOnce() {
        Api.Answer wallet = api.get("/wallets/" + wallet());
        assertThat(wallet.at("wallet.credits_balance")).isEqualTo("10.0");
        assertThat(wallet.number("wallet.balance_cents")).isEqualTo("2000");
        assertThat(wallet.at("wallet.rate_amount")).isEqualTo("2.0");
    }

    @Test
    void repeatedTopUpChargesAgain() {
        String wallet = wallet();
        Api.Answer first = topUp(wallet, "paid_credits", "5");
        assertThat(first.at("wallet_transactions.0.transaction_status")).isEqualTo("purchased");
        assertThat(first.at("wallet_transactions.0.status")).isEqualTo("pending");
        topUp(wallet, "paid_credits", "5");
        assertThat(api.get("/invoices?invoice_type=credit").each("invoices", "total_amount_cents")).containsExactly("1000",
                "1000");
        assertThat(api.get("/wallets/" + wallet + "/wallet_transactions?transaction_status=purchased").json()
                .get("wallet_transactions"))
                .hasSize(2);
    }

    @Test
    void addsPurchasedCreditsWhenTheirInvoiceIsPaid() {
        String wallet = wallet();
        Api.Answer bought = topUp(wallet, "paid_credits", "5");
        assertThat(api.get("/wallets/" + wallet).at("wallet.credits_balance")).isEqualTo("10.0");
        String transaction = bought.at("wallet_transactions.0.lago_id");
        assertThat(api.post("/wallet_transactions/" + transaction + "/payment_url")
                .at("wallet_transaction_payment_details.payment_url"))
                .startsWith("http");
        api.ok("PUT", "/invoices/" + bought.at("wallet_transactions.0.lago_invoice_id"),
                Map.of("invoice", Map.of("payment_status", "succeeded")));
        assertThat(api.get("/wallets/" + wallet).at("wallet.credits_balance")).isEqualTo("15.0");
        assertThat(api.get("/wallet_transactions/" + transaction).at("wallet_transaction.status")).isEqualTo("settled");
        assertThat(api.post("/wallet_transactions/" + transaction + "/payment_url").status()).isEqualTo(422);
    }

    @Test
    void deductsVoidedCreditsFromGrantedOnes() {
        String wallet = wallet();
        Api.Answer out = topUp(wallet, "voided_credits", "4");
        assertThat(api.get("/wallets/" + wallet).at("wallet.credits_balance")).isEqualTo("6.0");
        String outbound = out.at("wallet_transactions.0.lago_id");
        Api.Answer fundings = api.get("/wallet_transactions/" + outbound + "/fundings");
        assertThat(fundings.number("wallet_transaction_fundings.0.amount_cents")).isEqualTo("800");
        String inbound = fundings.at("wallet_transaction_fundings.0.wallet_transaction.lago_id");
        assertThat(api.get("/wallet_transactions/" + inbound + "/consumptions").at(
                "wallet_transaction_consumptions.0.wallet_transaction.lago_id")).isEqualTo(outbound);
        assertThat(api.get("/wallet_transactions/" + inbound).at("wallet_transaction.remaining_credit_amount"))
                .isEqualTo("6.0");
        assertThat(api.get("/wallet_transactions/" + inbound + "/fundings").status()).isEqualTo(422);
        assertThat(topUp(wallet, "voided_credits", "7").at("error_details.voided_credits.0")).isEqualTo("insufficient_credits");
    }

    @Test
    void requiresAnActiveWalletForTransactions() {
        assertThat(topUp("nothing", "paid_credits", "1").at("error_details.wallet_id.0")).isEqualTo("wallet_not_found");
        String wallet = wallet();
        assertThat(topUp(wallet, "paid_credits", "lots").at("error_details.paid_credits.0")).isEqualTo("invalid_paid_credits");
        assertThat(api.delete("/wallets/" + wallet).at("wallet.status")).isEqualTo("terminated");
        assertThat(topUp(wallet, "paid_credits", "1").at("error_details.wallet_id.0")).isEqualTo("wallet_is_terminated");
    }

    @Test
    void findsACustomersWalletsByCode() {
        wallet();
        String own = "/customers/acme/wallets";
        api.ok("POST", own, Map.of("wallet", Map.of("code", "spare", "rate_amount", "1", "currency", "EUR")));
        assertThat(api.get(own).each("wallets", "code")).containsExactlyInAnyOrder("spare", "main");
        assertThat(api.get("/wallets?external_customer_id=acme").json().get("wallets")).hasSize(2);
        assertThat(api.get("/wallets").json().get("wallets")).hasSize(2);
        assertThat(api.get("/wallets?external_customer_id=").code()).isEqualTo("customer_not_found");
        assertThat(api.put(own + "/spare", Map.of("wallet", Map.of("name", "Spare"))).at("wallet.name")).isEqualTo("Spare");
        assertThat(api.ok("POST", own + "/spare/metadata", Map.of("metadata", Map.of("a", "1"))).at("metadata.a"))
                .isEqualTo("1");
        assertThat(api
                .ok("POST", own + "/spare/alerts", Map.of("alert", Map.of("code", "low", "alert_type", "wallet_balance_amount",
                        "thresholds", List.of(Map.of("value", "5")))))
                .at("alert.wallet_code")).isEqualTo("spare");
        assertThat(api.get(own + "/spare/alerts/low").at("alert.direction")).isEqualTo("decreasing");
        assertThat(api.delete(own + "/spare").at("wallet.status")).isEqualTo("terminated");
        assertThat(api.get(own + "/none").code()).isEqualTo("wallet_not_found");
        assertThat(api.post(own, Map.of("wallet", Map.of("code", "main", "rate_amount", "1", "currency", "EUR"))).status())
                .isEqualTo(422);
    }

    @Test
    void setsAndRemovesPaymentMethods() {
        Object first = sandbox.add("payment_methods", Map.of("external_customer_id", "acme", "is_default", true))
                .get("lago_id");
        Object second = sandbox.add("payment_methods", Map.of("external_customer_id", "acme")).get("lago_id");
        String path = "/customers/acme/payment_methods";
        assertThat(api.put(path + "/" + second + "/set_as_default").at("payment_method.is_default")).isEqualTo("true");
        assertThat(sandbox.records("payment_methods")).filteredOn(one -> Boolean.TRUE.equals(one.get("is_default")))
                .extracting(one -> one.get("lago_id")).containsExactly(second);
        assertThat(api.delete(path + "/" + first).status()).isEqualTo(200);
        assertThat(api.get(path).each("payment_methods", "lago_id")).containsExactly(second.toString());
        assertThat(api.delete(path + "/" + first).code()).isEqualTo("payment_method_not_found");
    }
}
