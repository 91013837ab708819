"""What the SDK keeps where a test runs: noted before the test, compared and restored after it."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_UNTOLD = ("_last_event_id", "_propagation_context", "_type", "_n_breadcrumbs_truncated")
"""What a scope keeps of its own accord."""

_client: tuple[int, Any, dict[str, Any]] | None = None
_recorder = importlib.import_module("sentry_migrate_recorder")


@contextmanager
def isolated(default_client: bool) -> Iterator[None]:
    """Within it, there is a client that records; after it, the SDK is as it was before. What had
    been changed is recorded."""
    if "sentry_sdk" not in sys.modules:
        importlib.import_module("sentry_sdk")
    before = _State()
    if default_client and not _has_client():
        _bind_client()
    begun = _State()
    try:
        yield
    finally:
        left = begun.changed()
        if left:
            _recorder.write("leak", payload=left)
        before.restore()


def _two() -> bool:
    return hasattr(sys.modules["sentry_sdk"], "get_isolation_scope")


def _has_client() -> bool:
    sdk = sys.modules["sentry_sdk"]
    if _two():
        return bool(sdk.get_client().is_active())
    return sdk.Hub.current.client is not None


def _bind_client() -> None:
    """Bind the same client each time, as it was made, until it is closed: making one is slow."""
    global _client
    sdk = sys.modules["sentry_sdk"]
    if _client is None or _client[0] != os.getpid() or _client[1].transport is None:
        # Without a release, a client starts Git to find one.
        release = os.environ.get("SENTRY_RELEASE", "")
        made = sdk.Client(default_integrations=False, traces_sample_rate=1.0, release=release)
        _client = (os.getpid(), made, dict(made.options))
    client = _client[1]
    client.options = dict(_client[2])
    if _two():
        sdk.get_global_scope().set_client(client)
    else:
        sdk.Hub.current.bind_client(client)


class _State:
    """What the SDK keeps where this test runs: its scopes, with what is in them, and its client."""

    def __init__(self) -> None:
        sdk = sys.modules["sentry_sdk"]
        if _two():
            scopes = [sdk.get_global_scope(), sdk.get_isolation_scope(), sdk.get_current_scope()]
            self._stack: Any = None
        else:
            self._hub = sdk.Hub.current
            self._stack = list(self._hub._stack)
            scopes = [scope for _, scope in self._stack]
        self._scopes = [(scope, _content(scope)) for scope in scopes]

    def changed(self) -> list[str]:
        """What is different now, by name."""
        names = set()
        now = _State()
        if self._stack is not None and [c for c, _ in self._stack] != [c for c, _ in now._stack]:
            names.add("client")
        for (_, old), (_, new) in zip(self._scopes, now._scopes):
            names.update(
                name.lstrip("_")
                for name in old
                if name not in _UNTOLD and not _same(old[name], new.get(name))
            )
        return sorted(names)

    def restore(self) -> None:
        """Make it so again."""
        if self._stack is not None:
            self._hub._stack[:] = self._stack
        else:
            module = sys.modules["sentry_sdk.scope"]
            module._isolation_scope.set(self._scopes[1][0])
            module._current_scope.set(self._scopes[2][0])
        for scope, content in self._scopes:
            for name, value in content.items():
                object.__setattr__(scope, name, value)


def _same(one: Any, other: Any) -> bool:
    try:
        return bool(one is other or one == other)
    except Exception:  # a value of the user's that cannot be compared
        return False


def _content(scope: Any) -> dict[str, Any]:
    found = {}
    for name in getattr(type(scope), "__slots__", ()) or vars(scope):
        if hasattr(scope, name):
            value = getattr(scope, name)
            copied = isinstance(value, (dict, list)) or type(value).__name__ == "deque"
            found[name] = value.copy() if copied else value
    return found
