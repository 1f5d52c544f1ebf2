select complete_poll(:#${variable.table}, string_to_array(:#${variable.keys}, ','), cast(:#${variable.poll} as timestamptz),
                     :#${variable.mode})
