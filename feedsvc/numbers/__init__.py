"""Readers in figures: who polls, how many subscribers they declare, and what polls spare and waste."""
