"""TOML, as each supported Python reads it.

Owns which library reads it, and that every way in which it fails is a ValueError.
"""

from __future__ import annotations

import sys
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


def parse(text: str) -> dict[str, Any]:
    """The tables of a text, which may begin with a byte order mark. Raises ValueError with the
    place of a mistake."""
    try:
        return tomllib.loads(text.removeprefix("\ufeff").replace("\r\n", "\n"))
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def at(data: Any, *keys: str) -> Any:
    """What stands at `keys`, one table in the other; None where there is nothing."""
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data
