"""Which of 2.x's scopes has what a member of 1.x's one scope was for.

Owns asking the table that `tests/differential/scope_members.py` makes from the SDKs themselves.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("scope_members.json")
"""By scope, the members that do on it what they did in 1.x, whatever the release of 2.x.

- `current`, `isolation`, `either`: on this scope, and on no other;
- `rather current`: on the current scope in some uses, or as the function of that name in 2.x;
- `neither`: on none in all uses, or nothing could be seen of them;
- `pushed`: on a scope that `new_scope()` gives, as on one that `push_scope()` gave.
"""


@cache
def _members(*scopes: str) -> frozenset[str]:
    table = json.loads(TABLE.read_text(encoding="utf-8"))
    return frozenset(member for scope in scopes for member in table[scope])


def of_current() -> frozenset[str]:
    """Members that live on the current scope, or do more of what they did there than elsewhere."""
    return _members("current", "rather current")


def of_isolation() -> frozenset[str]:
    """Members that an isolation scope may have, though the current scope may have them too."""
    return _members("isolation", "either")


def of_pushed() -> frozenset[str]:
    """Members with which a pushed scope does the same in 2.x."""
    return _members("pushed")


def differs(member: str) -> bool:
    """Whether a member does not do the same on one scope of 2.x; an unknown one may not."""
    return member not in _members("current", "isolation", "either")
