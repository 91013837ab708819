"""Text: bytes and text, lines and columns, edits. Knows nothing of Python syntax or of rules."""
