"""The many keys under which front matter and plain JSON name the same few fields of an article."""
