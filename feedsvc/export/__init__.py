"""The site as files: what the service answers, kept in a folder that any web server can serve."""
