"""Receipts: for any file below ``content/`` what became of it, in one word, one sentence, and what to do."""
