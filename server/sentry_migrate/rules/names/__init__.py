"""Rules about names that moved or were removed: SEN6."""
