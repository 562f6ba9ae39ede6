"""The county's site: fetching, listings, articles. Knows no duty and no database."""
