"""From YAML files to the core's values: a folder of rules gives all of it, or every error with its place."""
