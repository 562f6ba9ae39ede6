"""What Alembic runs: always on a connection that is handed in, inside its transaction."""

from alembic import context

from tracker.store.tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=True,  # SQLite alters a table by copying it
    compare_type=True,
    compare_server_default=connection.dialect.name == "postgresql",
)
with context.begin_transaction():
    context.run_migrations()
