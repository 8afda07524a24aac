"""Work that several machines share, on PostgreSQL: polls as jobs of Procrastinate, turns at hosts, and who leads.

All of it lies in a schema of its own beside the store's tables. It says what is under way now, and nothing that is worth
keeping: dropped with everything in it, it is made again from what is due.
"""
