"""How feeds are kept ready: documents, their cache, and the answer to a conditional request."""
