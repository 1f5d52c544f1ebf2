// The calls of the client's README and API reference, for each of its resources.

const customer = 'acme';
const subscription = 'sub-acme';

export default async function makeCalls(call) {
  await organization(call);
  await catalog(call);
  await plans(call);
  await customers(call);
  await subscriptions(call);
  await events(call);
  await invoices(call);
  await creditNotes(call);
  await payments(call);
  await wallets(call);
  await customerWallets(call);
  await quotes(call);
  await logs(call);
  await analytics(call);
  await removals(call);
}

async function organization({ organizations, billingEntities, webhooks, webhookEndpoints, taxes }) {
  await organizations.findOrganization();
  await organizations.updateOrganization({ organization: { country: 'FR', timezone: 'Europe/Paris' } });
  await billingEntities.listBillingEntities();
  await billingEntities.createBillingEntity({ billing_entity: { code: 'eu', name: 'Europe', default_currency: 'EUR' } });
  await billingEntities.updateBillingEntity('eu', { billing_entity: { name: 'Europe SAS' } });
  await billingEntities.getBillingEntity('eu');
  await webhooks.fetchPublicKey();
  await webhooks.fetchJsonPublicKey();
  const { webhook_endpoint: endpoint } = await webhookEndpoints.createWebhookEndpoint({
    webhook_endpoint: { webhook_url: 'http://127.0.0.1:9/hook', signature_algo: 'hmac' },
  });
  await webhookEndpoints.updateWebhookEndpoint(endpoint.lago_id, { webhook_endpoint: { webhook_url: 'http://127.0.0.1:9/other' } });
  await webhookEndpoints.findWebhookEndpoint(endpoint.lago_id);
  await webhookEndpoints.findAllWebhookEndpoints({ page: 1, per_page: 10 });
  await webhookEndpoints.destroyWebhookEndpoint(endpoint.lago_id);
  await taxes.createTax({ tax: { name: 'VAT', code: 'vat', rate: '20.0', description: 'French VAT' } });
  await taxes.updateTax('vat', { tax: { name: 'VAT 20' } });
  await taxes.findTax('vat');
  await taxes.findAllTaxes();
}

async function catalog({ billableMetrics, addOns, coupons, features }) {
  await billableMetrics.createBillableMetric({
    billable_metric: {
      name: 'Storage', code: 'storage', aggregation_type: 'sum_agg', field_name: 'gb', recurring: false,
      filters: [{ key: 'region', values: ['eu', 'us'] }],
    },
  });
  await billableMetrics.createBillableMetric({ billable_metric: { name: 'Calls', code: 'calls', aggregation_type: 'count_agg' } });
  await billableMetrics.updateBillableMetric('storage', { billable_metric: { description: 'Gigabytes' } });
  await billableMetrics.findBillableMetric('storage');
  await billableMetrics.findAllBillableMetrics({ per_page: 1 });
  await billableMetrics.evaluateBillableMetricExpression({
    expression: 'round(event.properties.value * 2)', event: { code: 'storage', timestamp: 1700000000, properties: { value: '2.5' } },
  });
  await addOns.createAddOn({ add_on: { name: 'Setup', code: 'setup', amount_cents: 50000, amount_currency: 'EUR', tax_codes: ['vat'] } });
  await addOns.updateAddOn('setup', { add_on: { description: 'Once' } });
  await addOns.findAddOn('setup');
  await addOns.findAllAddOns();
  await coupons.createCoupon({
    coupon: {
      name: 'Ten', code: 'ten', coupon_type: 'percentage', percentage_rate: '10', frequency: 'once', expiration: 'no_expiration',
      reusable: true,
    },
  });
  await coupons.updateCoupon('ten', { coupon: { name: 'Ten percent' } });
  await coupons.findCoupon('ten');
  await coupons.findAllCoupons();
  await features.createFeature({
    feature: {
      code: 'seats', name: 'Seats', description: 'Places',
      privileges: [{ code: 'max', name: 'Most', value_type: 'integer' }, { code: 'sso', value_type: 'boolean' }],
    },
  });
  await features.updateFeature('seats', { feature: { name: 'Places' } });
  await features.findFeature('seats');
  await features.findAllFeatures({ search_term: 'pla' });
}

const charge = code => ({
  billable_metric_id: undefined, billable_metric_code: code, code, charge_model: 'standard', properties: { amount: '0.5' },
});

async function plans({ plans: api, billableMetrics, addOns }) {
  const { billable_metric: metric } = await billableMetrics.findBillableMetric('storage');
  const { billable_metric: calls } = await billableMetrics.findBillableMetric('calls');
  const { add_on: addOn } = await addOns.findAddOn('setup');
  await api.createPlan({
    plan: {
      name: 'Pro', code: 'pro', interval: 'monthly', amount_cents: 4900, amount_currency: 'EUR', pay_in_advance: false,
      tax_codes: ['vat'], minimum_commitment: { amount_cents: 100, invoice_display_name: 'Minimum' },
      usage_thresholds: [{ amount_cents: 10000, threshold_display_name: 'Much' }],
      charges: [
        { ...charge('storage'), billable_metric_id: metric.lago_id },
        {
          billable_metric_id: calls.lago_id, code: 'instant', charge_model: 'percentage', pay_in_advance: true, invoiceable: true,
          properties: { rate: '1', fixed_amount: '0.1' },
        },
      ],
      fixed_charges: [{ add_on_id: addOn.lago_id, code: 'fixed', charge_model: 'standard', units: '1', properties: { amount: '3' } }],
    },
  });
  await api.createPlan({ plan: { name: 'Old', code: 'old', interval: 'yearly', amount_cents: 1, amount_currency: 'EUR', pay_in_advance: true } });
  await api.updatePlan('pro', { plan: { description: 'For professionals' } });
  await api.findPlan('pro');
  await api.findAllPlans();
  await api.createPlanCharge('pro', { charge: { ...charge('calls'), code: 'more', billable_metric_id: calls.lago_id } });
  await api.updatePlanCharge('pro', 'more', { charge: { charge_model: 'standard', invoice_display_name: 'Calls', properties: { amount: '1' } } });
  await api.findPlanCharge('pro', 'storage');
  await api.findAllPlanCharges('pro');
  await api.destroyPlanCharge('pro', 'more', { charge: { cascade_updates: false } });
  const { filter } = await api.createPlanChargeFilter('pro', 'storage', {
    filter: { invoice_display_name: 'Europe', values: { region: ['eu'] }, properties: { amount: '0.4' } },
  });
  await api.updatePlanChargeFilter('pro', 'storage', filter.lago_id, { filter: { properties: { amount: '0.3' } } });
  await api.findPlanChargeFilter('pro', 'storage', filter.lago_id);
  await api.findAllPlanChargeFilters('pro', 'storage');
  await api.destroyPlanChargeFilter('pro', 'storage', filter.lago_id, { filter: { cascade_updates: false } });
  await api.createPlanFixedCharge('pro', {
    fixed_charge: { add_on_id: addOn.lago_id, code: 'second', charge_model: 'standard', units: '2', properties: { amount: '3' } },
  });
  await api.updatePlanFixedCharge('pro', 'second', { fixed_charge: { charge_model: 'standard', units: '2', invoice_display_name: 'Second', properties: { amount: '4' } } });
  await api.findPlanFixedCharge('pro', 'second');
  await api.findAllPlanFixedCharges('pro');
  await api.destroyPlanFixedCharge('pro', 'second', { fixed_charge: { cascade_updates: false } });
  await api.createEntitlement('pro', { entitlements: { seats: { max: 10, sso: true } } });
  await api.updateEntitlement('pro', { entitlements: { seats: { max: 20 } } });
  await api.findEntitlement('pro', 'seats');
  await api.findAllEntitlements('pro');
  await api.replacePlanMetadata('pro', { metadata: { team: 'blue', tier: '1' } });
  await api.mergePlanMetadata('pro', { metadata: { team: 'red' } });
  await api.deletePlanMetadataKey('pro', 'tier');
  await api.deleteAllPlanMetadata('pro');
}

async function customers({ customers: api, appliedCoupons }) {
  await api.createCustomer({
    customer: {
      external_id: customer, name: 'Acme', email: 'billing@acme.example', country: 'FR', currency: 'EUR', city: 'Paris',
      customer_type: 'company', timezone: 'Europe/Paris', tax_codes: ['vat'],
      billing_configuration: { payment_provider: 'stripe', payment_provider_code: 'stripe', provider_customer_id: 'cus_1', invoice_grace_period: 3 },
      shipping_address: { city: 'Lyon', country: 'FR' }, metadata: [{ key: 'crm', value: '1', display_in_invoice: true }],
    },
  });
  await api.findCustomer(customer);
  await api.findAllCustomers({ 'currencies[]': ['EUR'], search_term: 'acme' });
  await api.getCustomerPortalUrl(customer);
  await api.generateCustomerCheckoutUrl(customer);
  const { applied_coupon: applied } = await appliedCoupons.applyCoupon({ applied_coupon: { external_customer_id: customer, coupon_code: 'ten' } });
  await appliedCoupons.findAllAppliedCoupons({ status: 'active', external_customer_id: customer });
  await api.findAllCustomerAppliedCoupons(customer);
  await api.deleteAppliedCoupon(customer, applied.lago_id);
  const { payment_methods: methods } = await api.findAllCustomersPaymentMethods('seeded');
  await api.paymentMethodSetAsDefault(methods[0].lago_id, 'seeded');
  await api.destroyPaymentMethod(methods[1].lago_id, 'seeded');
}

async function subscriptions({ subscriptions: api, customers: owner }) {
  await api.createSubscription({
    subscription: { external_customer_id: customer, plan_code: 'pro', external_id: subscription, name: 'Main', billing_time: 'anniversary' },
  });
  await api.updateSubscription(subscription, { subscription: { name: 'Primary' } });
  await api.findSubscription(subscription);
  await api.findAllSubscriptions({ external_customer_id: customer, 'status[]': ['active'] });
  await owner.findAllCustomerSubscriptions(customer);
  await api.getSubscriptionLifetimeUsage(subscription);
  await api.updateSubscriptionLifetimeUsage(subscription, { lifetime_usage: { external_historical_usage_amount_cents: 100 } });
  await api.createSubscriptionAlert(subscription, {
    alert: { alert_type: 'current_usage_amount', code: 'high', name: 'High', thresholds: [{ code: 'warn', value: '100' }] },
  });
  await api.createSubscriptionAlert(subscription, {
    alerts: [{ alert_type: 'lifetime_usage_amount', code: 'life', thresholds: [{ code: 'warn', value: '1000', recurring: true }] }],
  });
  await api.updateSubscriptionAlert(subscription, 'high', { alert: { name: 'Higher' } });
  await api.getSubscriptionAlert(subscription, 'high');
  await api.getSubscriptionAlerts(subscription);
  await api.deleteSubscriptionAlert(subscription, 'high');
  await api.deleteAllSubscriptionAlerts(subscription);
  await api.updateSubscriptionEntitlements(subscription, { entitlements: { seats: { max: 30 } } });
  await api.findAllSubscriptionEntitlements(subscription);
  await api.destroySubscriptionEntitlementPrivilege(subscription, 'seats', 'sso');
  await api.destroySubscriptionEntitlement(subscription, 'seats');
  await api.findAllSubscriptionCharges(subscription);
  await api.findSubscriptionCharge(subscription, 'storage');
  await api.findAllSubscriptionFixedCharges(subscription);
  await api.findSubscriptionFixedCharge(subscription, 'fixed');
  await api.overrideSubscriptionCharge(subscription, 'storage', { charge: { invoice_display_name: 'Disk' } });
  await api.overrideSubscriptionFixedCharge(subscription, 'fixed', { fixed_charge: { invoice_display_name: 'Base', units: '2' } });
  const { filter } = await api.createSubscriptionChargeFilter(subscription, 'storage', {
    filter: { invoice_display_name: 'America', values: { region: ['us'] }, properties: { amount: '0.2' } },
  });
  await api.updateSubscriptionChargeFilter(subscription, 'storage', filter.lago_id, { filter: { properties: { amount: '0.1' } } });
  await api.findSubscriptionChargeFilter(subscription, 'storage', filter.lago_id);
  await api.findAllSubscriptionChargeFilters(subscription, 'storage');
  await api.destroySubscriptionChargeFilter(subscription, 'storage', filter.lago_id);
}

async function events({ events: api, customers: owner, fees }) {
  const timestamp = Math.floor(Date.now() / 1000);
  const event = (id, code, properties) => ({ transaction_id: id, external_subscription_id: subscription, code, timestamp, properties });
  await api.createEvent({ event: event('t1', 'storage', { gb: 3, region: 'eu' }) });
  await api.createBatchEvents({ events: [event('t2', 'storage', { gb: 4 }), event('t3', 'calls', {})] });
  await api.findEvent('t1');
  await api.findAllEvents({ external_subscription_id: subscription });
  await api.eventEstimateFees({ event: { code: 'calls', external_subscription_id: subscription, properties: {} } });
  await api.eventEstimateInstantFees({ event: event('t4', 'calls', {}) });
  await api.eventBatchEstimateInstantFees({ events: [event('t5', 'calls', {})] });
  await owner.findCustomerCurrentUsage(customer, { external_subscription_id: subscription });
  await owner.findCustomerProjectedUsage(customer, { external_subscription_id: subscription });
  await owner.findAllCustomerPastUsage(customer, { external_subscription_id: subscription });
  const { fees: free } = await fees.findAllFees({ external_customer_id: 'seeded' });
  await fees.findFee(free[0].lago_id);
  await fees.updateFee(free[0].lago_id, { fee: { payment_status: 'succeeded' } });
  await fees.deleteFee(free[0].lago_id);
}

const oneOff = units => ({
  invoice: { external_customer_id: customer, currency: 'EUR', fees: [{ add_on_code: 'setup', units, unit_amount_cents: 1000, description: 'Work', tax_codes: ['vat'] }] },
});

async function invoices({ invoices: api, customers: owner }) {
  const { invoice } = await api.createInvoice(oneOff(2));
  await api.findInvoice(invoice.lago_id);
  await api.updateInvoice(invoice.lago_id, { invoice: { metadata: [{ key: 'po', value: '7' }] } });
  await api.downloadInvoice(invoice.lago_id);
  await api.findInvoice(invoice.lago_id);
  await api.invoicePaymentUrl(invoice.lago_id);
  await api.retryPayment(invoice.lago_id);
  await api.findAllInvoices({ external_customer_id: customer, 'statuses[]': ['finalized'] });
  await owner.findAllCustomerInvoices(customer);
  await api.invoicePreview({ customer: { external_id: customer }, plan_code: 'pro' });
  await api.voidInvoice(invoice.lago_id);
  const { invoice: disputed } = await api.createInvoice(oneOff(1));
  await api.loseDisputeInvoice(disputed.lago_id);
  const { invoices: drafts } = await api.findAllInvoices({ status: 'draft' });
  await api.refreshInvoice(drafts[0].lago_id);
  await api.finalizeInvoice(drafts[0].lago_id);
  await api.deleteInvoice(drafts[1].lago_id);
  const { invoices: failed } = await api.findAllInvoices({ status: 'failed' });
  await api.retryInvoice(failed[0].lago_id);
}

async function creditNotes({ creditNotes: api, invoices: invoicing, customers: owner }) {
  const { invoice } = await invoicing.createInvoice(oneOff(3));
  const items = [{ fee_id: invoice.fees[0].lago_id, amount_cents: 100 }];
  await api.estimateCreditNote({ credit_note: { invoice_id: invoice.lago_id, items } });
  const { credit_note: note } = await api.createCreditNote({
    credit_note: { invoice_id: invoice.lago_id, reason: 'other', description: 'Sorry', credit_amount_cents: 120, refund_amount_cents: 0, items, metadata: { case: '1', team: 'blue' } },
  });
  await api.findCreditNote(note.lago_id);
  await api.findAllCreditNotes({ external_customer_id: customer, reason: 'other' });
  await owner.findAllCustomerCreditNotes(customer);
  await api.updateCreditNote(note.lago_id, { credit_note: { metadata: { case: '2', team: 'red' } } });
  await api.replaceCreditNoteMetadata(note.lago_id, { metadata: { case: '3', team: 'red' } });
  await api.mergeCreditNoteMetadata(note.lago_id, { metadata: { case: '4' } });
  await api.deleteCreditNoteMetadataKey(note.lago_id, 'team');
  await api.deleteAllCreditNoteMetadata(note.lago_id);
  await api.downloadCreditNote(note.lago_id);
  await api.voidCreditNote(note.lago_id);
}

async function payments({ payments: api, paymentReceipts, paymentRequests, invoices: invoicing, customers: owner }) {
  const { invoice } = await invoicing.createInvoice(oneOff(4));
  const { payment } = await api.createPayment({ payment: { invoice_id: invoice.lago_id, amount_cents: 1000, reference: 'bank-1' } });
  await api.findPayment(payment.lago_id);
  await api.findAllPayments({ invoice_id: invoice.lago_id });
  await owner.findAllCustomerPayments(customer);
  const { payment_receipts: receipts } = await paymentReceipts.findAllPaymentReceipts({ invoice_id: invoice.lago_id });
  await paymentReceipts.findPaymentReceipt(receipts[0].lago_id);
  const { invoices: overdue } = await invoicing.findAllInvoices({ payment_overdue: true });
  const { payment_request: request } = await paymentRequests.createPaymentRequest({
    payment_request: { external_customer_id: 'seeded', email: 'billing@acme.example', lago_invoice_ids: [overdue[0].lago_id] },
  });
  await paymentRequests.findPaymentRequest(request.lago_id);
  await paymentRequests.findAllPaymentRequests({ external_customer_id: 'seeded' });
  await owner.findAllCustomerPaymentRequests('seeded');
}

async function wallets({ wallets: api, walletTransactions }) {
  const { wallet } = await api.createWallet({
    wallet: {
      external_customer_id: customer, name: 'Credits', code: 'credits', rate_amount: '1.0', currency: 'EUR', granted_credits: '100',
      recurring_transaction_rules: [{ trigger: 'interval', interval: 'monthly', method: 'fixed', paid_credits: '10.0', granted_credits: '0.0' }],
    },
  });
  await api.updateWallet(wallet.lago_id, { wallet: { name: 'Prepaid' } });
  await api.findWallet(wallet.lago_id);
  await api.findAllWallets({ external_customer_id: customer });
  await api.replaceWalletMetadata(wallet.lago_id, { metadata: { team: 'blue', tier: '1' } });
  await api.mergeWalletMetadata(wallet.lago_id, { metadata: { team: 'red' } });
  await api.deleteWalletMetadataKey(wallet.lago_id, 'tier');
  await api.deleteAllWalletMetadata(wallet.lago_id);
  const create = transaction => walletTransactions.createWalletTransaction({ wallet_transaction: { wallet_id: wallet.lago_id, ...transaction } });
  const { wallet_transactions: [paid] } = await create({ paid_credits: '20.0', name: 'Top-up' });
  await walletTransactions.walletTransactionPaymentUrl(paid.lago_id);
  const { wallet_transactions: [granted] } = await create({ granted_credits: '5.0', metadata: [{ key: 'why', value: 'gift' }] });
  const { wallet_transactions: [voided] } = await create({ voided_credits: '2.0' });
  await walletTransactions.findWalletTransaction(granted.lago_id);
  await walletTransactions.findAllWalletTransactionConsumptions(granted.lago_id);
  await walletTransactions.findAllWalletTransactionFundings(voided.lago_id);
  await api.findAllWalletTransactions(wallet.lago_id);
  await api.destroyWallet(wallet.lago_id);
}

async function customerWallets({ customers: api }) {
  await api.createCustomerWallet(customer, { wallet: { name: 'Second', code: 'second', rate_amount: '2.0', currency: 'EUR', paid_credits: '0', granted_credits: '10' } });
  await api.updateCustomerWallet(customer, 'second', { wallet: { name: 'Other' } });
  await api.findCustomerWallet(customer, 'second');
  await api.findAllCustomerWallets(customer);
  await api.replaceCustomerWalletMetadata(customer, 'second', { metadata: { team: 'blue', tier: '1' } });
  await api.mergeCustomerWalletMetadata(customer, 'second', { metadata: { team: 'red' } });
  await api.deleteCustomerWalletMetadataKey(customer, 'second', 'tier');
  await api.deleteAllCustomerWalletMetadata(customer, 'second');
  await api.createCustomerWalletAlert(customer, 'second', {
    alert: { alert_type: 'wallet_balance_amount', code: 'low', name: 'Low', thresholds: [{ code: 'warn', value: '100' }] },
  });
  await api.updateCustomerWalletAlert(customer, 'second', 'low', { alert: { name: 'Lower' } });
  await api.getCustomerWalletAlert(customer, 'second', 'low');
  await api.getCustomerWalletAlerts(customer, 'second');
  await api.deleteCustomerWalletAlert(customer, 'second', 'low');
  await api.deleteAllCustomerWalletAlerts(customer, 'second');
  await api.destroyCustomerWallet(customer, 'second');
}

async function quotes({ quotes: api, quoteVersions, orderForms, orders }) {
  const { quotes: all } = await api.findAllQuotes({ 'status[]': ['draft'] });
  const versions = all.map(quote => quote.current_version.lago_id);
  await api.findQuote(all[0].lago_id);
  await api.findAllQuoteVersions(all[0].lago_id);
  await quoteVersions.findQuoteVersion(versions[0]);
  await quoteVersions.cloneQuoteVersion(versions[0]);
  await quoteVersions.approveQuoteVersion(versions[1], { expires_at: '2099-01-01' });
  await quoteVersions.approveQuoteVersion(versions[2]);
  await quoteVersions.voidQuoteVersion(versions[3]);
  const { order_forms: forms } = await orderForms.findAllOrderForms({ 'status[]': ['generated'] });
  await orderForms.findOrderForm(forms[0].lago_id);
  await orderForms.markOrderFormAsSigned(forms[0].lago_id, { order_form: { execution_mode: 'execute_in_lago' } });
  await orderForms.voidOrderForm(forms[1].lago_id);
  const { orders: made } = await orders.findAllOrders();
  await orders.findOrder(made[0].lago_id);
  await orders.executeOrder(made[0].lago_id);
}

async function logs({ activityLogs, apiLogs }) {
  const { activity_logs: activities } = await activityLogs.findAllActivityLogs({ per_page: 5 });
  await activityLogs.findActivityLog(activities[0].activity_id);
  const { api_logs: requests } = await apiLogs.findAllApiLogs({ per_page: 5 });
  await apiLogs.findApiLog(requests[0].request_id);
}

async function analytics({ analytics: api }) {
  await api.findAllGrossRevenues({ currency: 'EUR', months: 12 });
  await api.findAllInvoiceCollections({ currency: 'EUR' });
  await api.findAllInvoicedUsages();
  await api.findAllMrrs();
  await api.findAllOverdueBalances();
  await api.findAllUsages({ time_granularity: 'daily' });
}

async function removals({ subscriptions, plans: planning, features, coupons, addOns, billableMetrics, taxes, customers: owner }) {
  await subscriptions.destroySubscription(subscription, { on_termination_credit_note: 'skip', on_termination_invoice: 'skip' });
  await planning.removeEntitlementPrivilege('pro', 'seats', 'sso');
  await planning.destroyEntitlement('pro', 'seats');
  await planning.destroyPlan('old');
  await features.deleteFeaturePrivilege('seats', 'sso');
  await features.destroyFeature('seats');
  await coupons.destroyCoupon('ten');
  await addOns.destroyAddOn('setup');
  await billableMetrics.destroyBillableMetric('storage');
  await taxes.destroyTax('vat');
  await owner.destroyCustomer(customer);
}
