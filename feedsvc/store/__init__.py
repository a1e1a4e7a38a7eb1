"""The store: tables, queries and migrations, the same for every database."""
