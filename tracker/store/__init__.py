"""Keeps everything: tables, queries and migrations, synchronous. The only home of SQLAlchemy. Decides nothing."""
