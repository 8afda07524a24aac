"""Several programs on one PostgreSQL: a leader, workers, and what happens to them."""
