"""How files come in: the scan, the reading of one file, one pass over ``content/``."""
