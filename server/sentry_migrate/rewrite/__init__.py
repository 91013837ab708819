"""How code is rewritten: imports, arguments, items, blocks.

Owns the titles and remedies that several rules share. Knows no rule.
"""
