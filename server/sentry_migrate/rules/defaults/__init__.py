"""Rules about defaults that changed: SEN8."""
