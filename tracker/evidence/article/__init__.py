"""Reads an article: takes its page, gives title, instant of publication, source, text and links to files."""
