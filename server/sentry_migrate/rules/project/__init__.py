"""Rules about the project around the code: SEN0 and SEN9."""
