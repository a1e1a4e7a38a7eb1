"""How files are read: one module for each input format, bytes to ``RawItem``s. No state, no clock, no config."""
