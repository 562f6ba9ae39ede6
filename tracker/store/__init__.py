"""Tables, named queries, migrations: the only home of SQLAlchemy, and async only."""
