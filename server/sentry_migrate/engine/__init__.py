"""Engine: from a text to a `CheckResult`, and from findings to a fixed text.

Knows the rules only through their registry.
"""
