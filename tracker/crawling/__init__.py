"""The parts of a crawl: what a visit changes, the articles behind its entries, what of the site is kept and known."""
