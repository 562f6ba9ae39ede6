"""Pages of other makers than those of the corpus, in other words and frames: they measure, nothing is mended by them.

What is missed here is reported and left; a reader is never changed to read one of these pages.
"""
