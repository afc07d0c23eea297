"""Files into facts: gate, readers, mapping, values, schema, load."""
