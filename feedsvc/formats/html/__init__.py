"""Articles out of HTML: whole pages, saved or scraped, and fragments with a few lines of metadata."""
