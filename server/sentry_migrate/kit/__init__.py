"""What every rule imports: the rule itself, its context, and the index of uses."""
