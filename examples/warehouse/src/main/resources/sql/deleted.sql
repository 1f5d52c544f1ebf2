select mark_deleted(:#${variable.table}, string_to_array(:#${variable.keys}, ','), cast(:#${variable.poll} as timestamptz),
                    cast(:#${variable.parents} as jsonb), :#${header.CamelLagoRecordKey})
