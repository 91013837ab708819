"""Everything that decides whether a fix is safe. Asks about code and writes none."""
