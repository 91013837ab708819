"""Commands a client may have executed.

Owns their names and what they do; every one is also in the server's capabilities.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from sentry_migrate.lsp.session import Session

EXPLAIN = "sentry-migrate.explain"

COMMANDS: dict[str, Callable[..., Awaitable[Any]]] = {}
