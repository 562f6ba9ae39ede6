"""Reads whole pages in the worker process: what is a list, what an article, and what a page is taken for."""
