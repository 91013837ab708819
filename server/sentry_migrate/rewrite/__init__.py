"""How code is rewritten: imports, arguments, items, blocks. Decides no wording and no rule."""
