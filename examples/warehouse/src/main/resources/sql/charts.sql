select cast(json_build_object(
    'mrr', (select coalesce(json_agg(v), '[]') from mrr v),
    'revenue', (select coalesce(json_agg(v), '[]') from (select * from revenue_by_customer limit 10) v),
    'unpaid', (select coalesce(json_agg(v), '[]') from (select * from unpaid_invoices limit 20) v),
    'usage', (select coalesce(json_agg(v), '[]') from usage_by_metric v),
    'lists', (select coalesce(json_agg(v order by name), '[]') from mirrored_lists v)) as text)
