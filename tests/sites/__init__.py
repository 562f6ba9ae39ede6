"""Sites in the manner of the systems counties run on, the truth beside every page, and what is measured on them."""
