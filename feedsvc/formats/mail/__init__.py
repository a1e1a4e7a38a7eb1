"""E-mails saved as files."""
