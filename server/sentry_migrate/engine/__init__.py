"""Engine: from a text to a report, and from findings to a fixed text. Knows all rules by registry."""
