"""Formats of the Coast Wire, an invented agency, as plug-ins of feedsvc."""
