create table if not exists invoices (
    lago_id            uuid primary key,
    number             text,
    customer           text,
    payment_status     text,
    total_amount_cents bigint,
    currency           text,
    updated_at         timestamptz not null
);
-- one row for each export of an invoice, to count them
create table if not exists deliveries (
    instance   text not null,
    lago_id    uuid not null,
    updated_at timestamptz not null
);
