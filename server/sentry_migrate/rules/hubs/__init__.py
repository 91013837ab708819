"""Rules about hubs: SEN2."""
