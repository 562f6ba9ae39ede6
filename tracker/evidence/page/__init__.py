"""One answer, decoded and parsed in a bounded process: bytes give lines, tables and dates. Knows no kind of page."""
