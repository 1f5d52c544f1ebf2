-- Functions that keep one table per list: add_list, write_page, mark_deleted and complete_poll. Needs PostgreSQL 16 or later.
-- Each table has Lago's fields as columns, and: row_key (what identifies the row), record (the whole record), read_at (the start of the
-- poll that has read it), deleted_at.

-- One row per list that is mirrored, for the progress and the summary.
create table if not exists mirrored_lists (
    name        text primary key,
    expected    bigint,
    written     bigint not null default 0,
    deleted     bigint not null default 0,
    complete_at timestamptz
);

-- The type of the column for a field with this value.
create or replace function column_type(field text, value jsonb) returns text language sql immutable as $$
    select case jsonb_typeof(value)
        when 'boolean' then 'boolean'
        when 'number' then case when field like '%\_cents' and value::text ~ '^-?\d{1,18}$' then 'bigint' else 'numeric' end
        when 'string' then case
            when value #>> '{}' ~ '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d' then 'timestamptz'
            when value #>> '{}' ~ '^\d{4}-\d\d-\d\d$' then 'date'
            when value #>> '{}' ~ '^-?\d+(\.\d+)?$' and field ~ '(^|_)(amount|balance|credits|rate|units)(_|$)' then 'numeric'
            else 'text' end
        else 'jsonb' end
$$;

-- What identifies a row: the values of the key, or the content.
create or replace function row_key(keys text[], record jsonb) returns text language sql immutable as $$
    select case when cardinality(keys) = 0 then md5(record::text) else
        (select string_agg(replace(replace(coalesce(record ->> k, ''), '%', '%25'), '/', '%2F'), '/' order by n)
         from unnest(keys) with ordinality u(k, n)) end
$$;

-- Creates the table of a list, and adds a column for each field that has none yet.
create or replace function add_columns(list text, page jsonb) returns void language plpgsql as $$
declare
    new record;
begin
    execute format('create table if not exists %I (row_key text primary key, read_at timestamptz not null,'
                   ' deleted_at timestamptz, record jsonb not null)', list);
    for new in
        select f.key as field, case when count(distinct t.type) = 1 then min(t.type)
                                    when bool_and(t.type in ('bigint', 'numeric')) then 'numeric' else 'text' end as type
        from jsonb_array_elements(page) r, jsonb_each(r) f, column_type(f.key, f.value) t(type)
        where f.value <> 'null' and octet_length(f.key) < 64
          and not exists (select from pg_attribute where attrelid = format('%I', list)::regclass and attname = f.key)
        group by f.key order by min(f.key)
    loop
        execute format('alter table %I add column %I %s', list, new.field, new.type);
    end loop;
end $$;

-- Turns columns that cannot hold a value of the page into numeric or text. Their values are taken from the records again.
create or replace function widen_columns(list text, page jsonb) returns void language plpgsql as $$
declare
    wrong record;
begin
    for wrong in
        select f.key as field, case when bool_and(pg_input_is_valid(f.value #>> '{}', 'numeric')) and min(a.type) = 'bigint'
                                    then 'numeric' else 'text' end as type
        from jsonb_array_elements(page) r, jsonb_each(r) f
             join (select attname, format_type(atttypid, null) from pg_attribute
                   where attrelid = format('%I', list)::regclass) a(name, type) on a.name = f.key
        where f.value <> 'null'
        group by f.key
        having not bool_and(pg_input_is_valid(f.value #>> '{}', a.type)) and min(a.type) <> 'jsonb'
    loop
        perform drop_views();
        execute format('alter table %1$I alter column %2$I type %3$s using (record ->> %2$L)::%3$s',
                       list, wrong.field, wrong.type);
    end loop;
    perform create_views();
end $$;

-- Writes records. A row is never replaced with an older version: not with an earlier updated_at, nor with what an earlier poll has read.
create or replace function write_page(list text, keys text[], poll timestamptz, parents jsonb, page jsonb) returns bigint
    language plpgsql as $$
declare
    own   text;
    later bigint;
begin
    perform pg_advisory_xact_lock(hashtext(list)); -- one page of a list at a time
    select coalesce(jsonb_agg(parents || r || jsonb_build_object('row_key', row_key(keys, parents || r), 'read_at', poll,
                                                                 'deleted_at', null, 'record', r)), '[]')
        into page from jsonb_array_elements(page) r;
    perform add_columns(list, page);

    execute format('select count(*) from %I where row_key in (select r ->> ''row_key'' from jsonb_array_elements($1) r)'
                   ' and read_at > $2', list) into later using page, poll;
    if later > 0 then
        raise exception 'Another instance has read % rows of % since then. The next poll reads them again', later, list;
    end if;

    select string_agg(format('%1$I = excluded.%1$I', attname), ', ') into own
        from pg_attribute where attrelid = format('%I', list)::regclass and attnum > 0 and not attisdropped;
    own := format('insert into %1$I as old select distinct on (new.row_key) new.*'
                  ' from jsonb_array_elements($1) r, jsonb_populate_record(null::%1$I, r) new'
                  ' on conflict (row_key) do update set %2$s'
                  ' where coalesce((old.record ->> ''updated_at'')::timestamptz'
                  '                <= (excluded.record ->> ''updated_at'')::timestamptz, true)', list, own);
    begin
        execute own using page;
    exception when data_exception then
        perform widen_columns(list, page);
        execute own using page;
    end;
    get diagnostics later = row_count;
    update mirrored_lists set written = written + later where name = list;
    return later;
end $$;

-- Marks a row as deleted, unless a later poll has read it.
create or replace function mark_deleted(list text, keys text[], poll timestamptz, parents jsonb, key text) returns void
    language plpgsql as $$
declare
    found bigint;
begin
    execute format('update %I set deleted_at = now(), read_at = $2 where row_key = $1 and read_at <= $2 and deleted_at is null', list)
        using row_key(keys, parents || jsonb_build_object(keys[cardinality(keys)], key)), poll;
    get diagnostics found = row_count;
    update mirrored_lists set deleted = deleted + found where name = list;
end $$;

-- The names of a list in the store of processed records: after the organization's id. Jumps from one name to the next in the primary key.
create or replace function stored_names(list text) returns setof text language plpgsql stable as $$
begin
    return query with recursive names(name) as (
        (select list_name from camel_lago_record order by list_name limit 1)
        union all
        select (select list_name from camel_lago_record where list_name > name order by list_name limit 1) from names where name is not null)
    select n.name::text from names n where substr(n.name, 38) = replace(list, 'v2_', 'v2/');
end $$;

-- The end of a complete poll: marks the rows that are gone. With the mode all, the poll has written all others. With the mode changed,
-- all others are in the store of processed records: a row is not there if an instance was killed after it had written the row, and the
-- record was deleted before the next instance read it.
create or replace function complete_poll(list text, keys text[], poll timestamptz, mode text) returns void language plpgsql as $$
declare
    found bigint := 0;
begin
    if mode = 'all' and cardinality(keys) = 0 then
        execute format('delete from %I where read_at < $1', list) using poll;
    elsif mode = 'all' then
        execute format('update %I set deleted_at = now() where read_at < $1 and deleted_at is null', list) using poll;
        get diagnostics found = row_count;
    elsif mode = 'changed' and exists (select stored_names(list)) then
        execute format('update %I set deleted_at = now() where read_at < $1 and deleted_at is null and not exists'
                       ' (select from camel_lago_record where list_name = any($2) and record_key = row_key)', list)
            using poll, array(select stored_names(list));
        get diagnostics found = row_count;
    end if;
    update mirrored_lists set complete_at = now(), deleted = deleted + found where name = list;
end $$;

-- Prepares the table of a list.
create or replace function add_list(list text, expected bigint) returns void language plpgsql as $$
begin
    perform pg_advisory_xact_lock(hashtext(list));
    perform add_columns(list, '[]');
    insert into mirrored_lists (name, expected) values (list, add_list.expected)
        on conflict (name) do update set expected = excluded.expected;
end $$;
