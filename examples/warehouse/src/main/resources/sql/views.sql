-- Views over the tables. The columns that they need exist even if Lago has no such record, or the key may not read the list.
create or replace function create_views() returns void language plpgsql as $$
begin
    perform add_columns(list, '[]') from unnest('{subscriptions, plans, invoices, billable_metrics, events}'::text[]) list;
    alter table subscriptions
        add column if not exists external_customer_id text, add column if not exists plan_code text, add column if not exists status text,
        add column if not exists started_at timestamptz, add column if not exists terminated_at timestamptz,
        add column if not exists plan_amount_cents bigint;
    alter table plans
        add column if not exists code text, add column if not exists interval text, add column if not exists amount_cents bigint,
        add column if not exists amount_currency text;
    alter table invoices
        add column if not exists number text, add column if not exists customer jsonb, add column if not exists status text,
        add column if not exists payment_status text, add column if not exists payment_overdue boolean,
        add column if not exists issuing_date date, add column if not exists payment_due_date date, add column if not exists currency text,
        add column if not exists taxes_amount_cents bigint, add column if not exists total_amount_cents bigint,
        add column if not exists total_due_amount_cents bigint;
    alter table billable_metrics
        add column if not exists code text, add column if not exists aggregation_type text, add column if not exists field_name text;
    alter table events
        add column if not exists code text, add column if not exists "timestamp" timestamptz, add column if not exists properties jsonb;

    -- Monthly recurring revenue of the last twelve months: the plans of the subscriptions that were active at the end of the month, or now.
    create or replace view mrr as
    select month::date as month, p.amount_currency as currency, count(*) as subscriptions,
           round(sum(coalesce(s.plan_amount_cents, p.amount_cents) * case p.interval
               when 'weekly' then 52 / 12.0 when 'quarterly' then 1 / 3.0 when 'semiannual' then 1 / 6.0 when 'yearly' then 1 / 12.0
               else 1 end)) as amount_cents
    from generate_series(date_trunc('month', now()) - interval '11 months', date_trunc('month', now()), interval '1 month') month
         join subscriptions s on s.started_at < least(month + interval '1 month', now())
              and (s.terminated_at is null or s.terminated_at >= least(month + interval '1 month', now())) and s.deleted_at is null
         join (select distinct on (code) * from plans order by code, deleted_at desc nulls first) p on p.code = s.plan_code
    group by month, p.amount_currency order by month, currency;

    -- What finalized invoices have brought, without taxes.
    create or replace view revenue_by_customer as
    select customer ->> 'external_id' as external_customer_id, max(customer ->> 'name') as name, currency, count(*) as invoices,
           sum(total_amount_cents - coalesce(taxes_amount_cents, 0)) as amount_cents
    from invoices where status = 'finalized' and deleted_at is null
    group by customer ->> 'external_id', currency order by amount_cents desc;

    create or replace view unpaid_invoices as
    select number, customer ->> 'external_id' as external_customer_id, customer ->> 'name' as name, issuing_date, payment_due_date,
           payment_status, coalesce(payment_overdue, false) as overdue, currency,
           coalesce(total_due_amount_cents, total_amount_cents) as due_cents
    from invoices where status = 'finalized' and payment_status <> 'succeeded' and total_amount_cents > 0 and deleted_at is null
    order by issuing_date, number;

    -- The units of the last 30 days, aggregated as the metric says.
    create or replace view usage_by_metric as
    select e.code, e."timestamp"::date as day, count(*) as events,
           case m.aggregation_type when 'sum_agg' then sum(v.value) when 'max_agg' then max(v.value)
               when 'unique_count_agg' then count(distinct e.properties ->> m.field_name) else count(*) end as units
    from events e join billable_metrics m on m.code = e.code and m.deleted_at is null
         left join lateral (select (e.properties ->> m.field_name)::numeric as value
                            where pg_input_is_valid(e.properties ->> m.field_name, 'numeric')) v on true
    where e."timestamp" > now() - interval '30 days'
    group by e.code, day, m.aggregation_type order by e.code, day;
end $$;

create or replace function drop_views() returns void language sql as $$
    drop view if exists mrr, revenue_by_customer, unpaid_invoices, usage_by_metric;
$$;
