"""One session with one client: its state and what keeps that current."""
