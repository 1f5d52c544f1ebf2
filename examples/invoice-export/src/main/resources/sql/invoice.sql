insert into invoices (lago_id, number, customer, payment_status, total_amount_cents, currency, updated_at)
values (cast(:#${body[lago_id]} as uuid), :#${body[number]}, :#${body[customer][external_id]}, :#${body[payment_status]},
        :#${body[total_amount_cents]}, :#${body[currency]}, cast(:#${body[updated_at]} as timestamptz))
on conflict (lago_id) do update
set number = excluded.number, customer = excluded.customer, payment_status = excluded.payment_status,
    total_amount_cents = excluded.total_amount_cents, currency = excluded.currency, updated_at = excluded.updated_at
where invoices.updated_at <= excluded.updated_at
