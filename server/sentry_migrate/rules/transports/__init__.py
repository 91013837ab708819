"""Rules about transports and integrations: SEN5."""
