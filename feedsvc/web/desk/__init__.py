"""The operators' desk: what became of every file, and the few things that an operator may order."""
