"""JSON files: ninjs, digitalwires, the GOV.UK content API, JSON Feed, schema.org, and plain objects."""
