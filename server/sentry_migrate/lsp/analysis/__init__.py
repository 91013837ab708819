"""When a text is analysed, with which settings, and what is known of it."""
