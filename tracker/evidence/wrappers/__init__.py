"""Learned wrappers: where records, titles, days and further pages lie; induced once, verified at each visit."""
