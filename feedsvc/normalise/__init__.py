"""How raw input becomes an ``Article``: every default, date, section and identity rule."""
