"""Runs the migrations on the connection that `upgrading.py` hands over: it owns the transaction."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
context.run_migrations()
