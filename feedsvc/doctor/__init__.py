"""What is wrong with an installation, found by looking: nothing here writes, not even beside the store."""
