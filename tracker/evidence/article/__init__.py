"""What an article says: a page gives title, instant of publication, source, text and links to files."""
