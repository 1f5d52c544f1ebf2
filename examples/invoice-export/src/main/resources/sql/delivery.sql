insert into deliveries (instance, lago_id, updated_at)
values (:#${properties:export.instance}, cast(:#${body[lago_id]} as uuid), cast(:#${body[updated_at]} as timestamptz))
