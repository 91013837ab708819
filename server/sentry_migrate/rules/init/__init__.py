"""Rules about `init()` and its options: SEN3."""
