"""Rules about scopes: SEN1."""
