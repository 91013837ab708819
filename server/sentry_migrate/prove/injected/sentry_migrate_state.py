"""What the SDK keeps where a test runs: noted before the test, compared and restored after it."""

from __future__ import annotations

import importlib
import os
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import repeat
from operator import is_
from typing import Any

_UNTOLD = (
    "_attributes",
    "_last_event_id",
    "_propagation_context",
    "_type",
    "_n_breadcrumbs_truncated",
    "client",
)
"""What a scope keeps of its own accord, and what is told by itself."""
_MERGED = ("tags", "extras", "contexts")
_ADDED = ("breadcrumbs", "attachments")
_SINGLE = ("user", "level", "fingerprint", "transaction", "span")
"""What a later event would have of a scope, by how several scopes are put together."""
_MUTABLE = (dict, list, deque)
_NOTHING = object()

_around: _State | None = None
"""Of before the test that is set up, runs or is torn down."""
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
    before.begin()
    try:
        yield
    finally:
        left = before.changed()
        if left:
            _recorder.write("leak", payload=left, state=_seen())
        before.restore()


@contextmanager
def restored() -> Iterator[None]:
    """Within it, a test is set up, runs and is torn down; after it, the SDK is as it was before,
    but for what is shared with other tests. What its own fixtures leave changed is recorded."""
    global _around
    if "sentry_sdk" not in sys.modules:
        importlib.import_module("sentry_sdk")
    _around = before = _State()
    before.begin()
    try:
        yield
    finally:
        if left := before.changed():
            _recorder.write("leak", payload=left)
        before.restore()
        _around = None


@contextmanager
def shared() -> Iterator[None]:
    """Within it, something is set up or torn down that several tests share: what that changes in
    the SDK is there after the test that is the first or the last of them, too."""
    earlier = _State() if _around is not None else None
    yield
    if earlier is not None and _around is not None:
        _around.take_over(earlier)


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
        self._hub = None if _two() else sys.modules["sentry_sdk"].Hub.current
        self._stack = self._hub and list(self._hub._stack)
        self._scopes = [_Content(scope) for scope in _scopes(self._hub)]

    def begin(self) -> None:
        """Note the clients, of which one may have been bound since."""
        self._clients = _clients(self._hub)

    def changed(self) -> list[str]:
        """What is different now, by name."""
        hub = None if self._hub is None else sys.modules["sentry_sdk"].Hub.current
        names = set() if self._clients == _clients(hub) else {"client"}
        for old, scope in zip(self._scopes, _scopes(hub)):
            names.update(old.changed(scope))
        return sorted(names)

    def take_over(self, earlier: _State) -> None:
        """Have what was changed since an earlier moment stay so when this is restored."""
        now, hub = _State(), None if self._hub is None else sys.modules["sentry_sdk"].Hub.current
        if now._stack != earlier._stack:
            self._stack = now._stack
        for at, content in enumerate(now._scopes):
            old = next((one for one in earlier._scopes if one.scope is content.scope), None)
            mine = next((one for one in self._scopes if one.scope is content.scope), None)
            if mine is None:
                self._scopes[at : at + 1] = [content]
            else:
                mine.take_over(content, old)
        self._clients = _clients(hub)

    def restore(self) -> None:
        """Make it so again."""
        if self._hub is not None:
            self._hub._stack[:] = self._stack
        else:
            module = sys.modules["sentry_sdk.scope"]
            module._isolation_scope.set(self._scopes[1].scope)
            module._current_scope.set(self._scopes[2].scope)
        for content in self._scopes:
            content.restore()


class _Content:
    """What is in a scope. It is noted for each test, and mostly nothing changes: that is seen by
    comparing all of it at once."""

    __slots__ = ("_had", "_kept", "_names", "_told", "scope")

    def __init__(self, scope: Any) -> None:
        self.scope = scope
        self._names, self._told = _names(scope)
        self._had = self._now(scope)
        self._kept = [
            one.copy() if one is not None and isinstance(one, _MUTABLE) else one
            for one in self._had
        ]

    def _now(self, scope: Any) -> list[Any]:
        return [*map(getattr, repeat(scope), self._names, repeat(_NOTHING))]

    def changed(self, scope: Any) -> list[str]:
        """What is different in the scope, or one that has taken its place, by name."""
        told, now = self._told, self._now(scope)
        if _same(self._kept[:told], now[:told]):
            return []
        changed = zip(self._names[:told], self._kept, now)
        return [name.lstrip("_") for name, one, other in changed if not _same(one, other)]

    def take_over(self, now: _Content, earlier: _Content | None) -> None:
        """Have what was changed in the scope since an earlier moment stay so."""
        old = earlier._kept if earlier is not None else repeat(_NOTHING)
        for at, (before, value) in enumerate(zip(old, now._kept)):
            if not _same(before, value):
                self._kept[at] = value

    def restore(self) -> None:
        """Make it so again."""
        now = self._now(self.scope)
        if all(map(is_, now, self._had)) and _same(now, self._kept):
            return
        for name, value in zip(self._names, self._kept):
            if value is not _NOTHING:
                object.__setattr__(self.scope, name, value)


def _names(scope: Any) -> tuple[list[str], int]:
    """What a scope may have, and how many of these count as changed by a test: they come first."""
    slots = tuple(getattr(type(scope), "__slots__", ()))
    if slots in _known:
        return _known[slots]
    every = slots or vars(scope)
    told = [name for name in every if name not in _UNTOLD]
    found = [*told, *(name for name in every if name in _UNTOLD)], len(told)
    if slots:
        _known[slots] = found
    return found


_known: dict[Any, tuple[list[str], int]] = {}
"""By slots of the class."""


def _scopes(hub: Any) -> list[Any]:
    if hub is not None:
        return [scope for _, scope in hub._stack]
    sdk = sys.modules["sentry_sdk"]
    return [sdk.get_global_scope(), sdk.get_isolation_scope(), sdk.get_current_scope()]


def _clients(hub: Any) -> list[Any]:
    """By scope: those of 2.x have clients of their own."""
    if hub is not None:
        return [client for client, _ in hub._stack]
    return [scope.client for scope in _scopes(hub)]


def _seen() -> dict[str, Any]:
    """What an event would have of the scopes now. Later scopes win, as they do there."""
    hub = None if _two() else sys.modules["sentry_sdk"].Hub.current
    found: dict[str, Any] = {}
    for scope in [hub.scope] if hub is not None else _scopes(None):
        for name in _MERGED:
            found.setdefault(name, {}).update(getattr(scope, f"_{name}", None) or {})
        for name in _ADDED:
            found.setdefault(name, []).extend(getattr(scope, f"_{name}", None) or ())
        for name in _SINGLE:
            found[name] = getattr(scope, f"_{name}", None) or found.get(name)
    found["span"] = getattr(found["span"], "op", None)
    found["attachments"] = len(found["attachments"]) or None
    return found


def _same(one: Any, other: Any) -> bool:
    try:
        return bool(one is other or one == other)
    except Exception:  # a value of the user's that cannot be compared
        return False
