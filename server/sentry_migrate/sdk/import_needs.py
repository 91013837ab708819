"""What new code asks of a text's import statements.

Plain data between the rules, which spell names, and the plan, which edits imports.
"""

from __future__ import annotations

from dataclasses import dataclass


class NoName(Exception):
    """Every way to name the new API is taken by other code; str() says by what."""


@dataclass(frozen=True, slots=True)
class Need:
    """What new code needs imported."""

    module: str
    name: str
    """Empty for `import module`."""
    anchor: int
    """id() of the import statement it belongs with."""
    drop: int = 0
    """Instead of all that: id() of an ImportAlias that goes."""


@dataclass(frozen=True, slots=True)
class Spelling:
    """Text that names an API, and what must be imported for it."""

    text: str
    needs: tuple[Need, ...] = ()
