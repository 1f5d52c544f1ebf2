select write_page(:#${variable.table}, string_to_array(:#${variable.keys}, ','), cast(:#${variable.poll} as timestamptz),
                  cast(:#${variable.parents} as jsonb), cast(:#${body} as jsonb))
