"""YAML to the core's values: strict, all errors at once, nothing half-loaded."""
