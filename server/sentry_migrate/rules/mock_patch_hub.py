"""Tests that patch hubs and the old functions by name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from sentry_migrate.rules._context import Context, Draft, FixDraft
from sentry_migrate.rules._push import Fork, push_fix, push_fork
from sentry_migrate.rules._rule import DETAILED_GUIDE, Ignores, Reports, Rewrites, Rule
from sentry_migrate.syntax.uses import Use

RULE = Rule(
    code="SEN611",
    name="mock-patch-hub",
    kind="manual",
    summary="this patches a name that 2.x code no longer calls",
    why=(
        "The patch still applies, but nothing calls what it replaces: tests see no call, and real "
        "events may be sent. A name that the tested module no longer imports raises "
        "`AttributeError`."
    ),
    safety=(
        "Not safe: the new name depends on what the tested code calls after its migration; safe "
        "where that code is in the same file. A patch of a hub has no successor and is left to a "
        "person."
    ),
    link=DETAILED_GUIDE,
    examples=(
        Ignores("from unittest import mock\nmock.patch('mylib.push_scope')\nimport sentry_sdk\n"),
        Ignores("import sentry_sdk\nfrom unittest import mock\nmock.patch('sentry_sdk.init')\n"),
        Ignores("import sentry_sdk\nprint('sentry_sdk.push_scope')\n"),
        Ignores("import sentry_sdk\ndef f(mock, views):\n    mock.patch.object(views, 'Hub')\n"),
        Rewrites(
            "from unittest import mock\n"
            "@mock.patch('sentry_sdk.push_scope')\n"
            "def test_report(push_scope):\n"
            "    pass\n",
            "from unittest import mock\n"
            "@mock.patch('sentry_sdk.new_scope')\n"
            "def test_report(push_scope):\n"
            "    pass\n",
            reason="not known from here",
            alternatives=(
                "from unittest import mock\n"
                "@mock.patch('sentry_sdk.isolation_scope')\n"
                "def test_report(push_scope):\n"
                "    pass\n",
            ),
        ),
        Rewrites(
            "def test_report(monkeypatch):\n"
            "    monkeypatch.setattr('sentry_sdk.configure_scope', print)\n",
            "def test_report(monkeypatch):\n"
            "    monkeypatch.setattr('sentry_sdk.get_isolation_scope', print)\n",
            reason="returns the scope",
        ),
        Reports(
            "def test_report(mocker):\n    mocker.patch('app.views.sentry_sdk.Hub.current')\n",
            remedy="Transport",
        ),
        Reports(
            "from unittest import mock\nmock.patch('sentry_sdk.Hub.capture_event')\n",
            remedy="sentry_sdk.Scope.capture_event",
        ),
    ),
)

_FORK = "which scope manager the tested code enters after its migration is not known from here"
_CONFIGURE = (
    "`get_isolation_scope()` returns the scope, where a mock of `configure_scope()` has it in "
    "`return_value.__enter__.return_value`"
)
_CAPTURES = ("capture_event", "capture_message", "capture_exception")


@RULE.gather
def check(context: Context, drafts: Sequence[Draft]) -> Iterator[Draft]:
    for use in context.uses:
        if use.trigger.startswith("string:"):
            yield from _patched(context, use)


def _patched(context: Context, use: Use) -> Iterator[Draft]:
    target = context.values.handed_on.named(use.path)
    if target == "sentry_sdk.push_scope":
        seen = _fork_in_view(context)
        best: Fork = seen or "new_scope"
        rest: Fork = "isolation_scope" if best == "new_scope" else "new_scope"
        fork = _renamed(context, use, best, "" if seen else _FORK)
        other = _renamed(context, use, rest, _FORK)
        yield context.finding(use, fork, [other] if other else [])
    elif target == "sentry_sdk.configure_scope":
        yield context.finding(use, _renamed(context, use, "get_isolation_scope", _CONFIGURE))
    elif target == "sentry_sdk.Hub" or target.startswith("sentry_sdk.Hub."):
        member = target.rpartition(".")[2]
        remedy = "Give `init()` a `Transport` of the test that keeps what is sent"
        if member in _CAPTURES:
            remedy += f", or patch `sentry_sdk.Scope.{member}`"
        yield context.finding(use, remedy=remedy + ".")
    elif use.path.endswith("sentry_sdk.hub.init"):
        yield context.finding(use, remedy="Patch `init` where the tested code imports it from.")


def _fork_in_view(context: Context) -> Fork | None:
    """What every `push_scope()` of this text surely becomes; None where that is not one thing."""
    forks: set[Fork | None] = set()
    for use in context.uses:
        if use.trigger == "sentry_sdk.push_scope" and use.call is not None:
            fork = push_fork(context, use, use.call)
            fix = push_fix(context, use, use.call, fork) if not use.call.args else None
            forks.add(fork if fix is not None and not fix.reasons else None)
    return forks.pop() if len(forks) == 1 else None


def _renamed(context: Context, use: Use, name: str, reason: str) -> FixDraft | None:
    """Replace the last part of the string."""
    assert isinstance(use.node, cst.SimpleString)
    old = use.path.rpartition(".")[2]
    end = use.end - len(use.node.quote)
    if context.tree.text[end - len(old) : end] != old:
        return None
    return context.fix(f"Patch `{name}`").edit(end - len(old), end, name).unsafe(reason)
