"""Tests that patch hubs and the old functions by name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from sentry_migrate.doubts import REST_MIGRATED, Doubt
from sentry_migrate.kit.context import Context, Draft, FixDraft
from sentry_migrate.kit.rule import DETAILED_GUIDE, Alternative, Flags, Ignores, Rewrites, Rule
from sentry_migrate.model import Applicability
from sentry_migrate.project.plan_words import fork_key
from sentry_migrate.proof.mocks import (
    Unclear,
    gets_mock_by_keyword,
    mock_reads,
    moved_chains,
)
from sentry_migrate.python.bindings import walk
from sentry_migrate.rewrite.moved_mocks import following
from sentry_migrate.rewrite.push_scope import FORKS, Fork
from sentry_migrate.sdk.names import CAPTURES
from sentry_migrate.sdk.patches import patched_end
from sentry_migrate.sdk.uses import Use

RULE = Rule(
    code="SEN611",
    name="mock-patch-hub",
    kind="conditional",
    summary="A test patches a name that migrated code no longer uses",
    messages=("This patches `…`, which migrated code no longer uses",),
    why=(
        "The patch still applies, but nothing calls what it replaces: tests record no calls, and "
        "real events may be sent. Patching a name that the tested module no longer imports "
        "raises `AttributeError`."
    ),
    safety=(
        "Unsafe: the right name depends on what the tested code calls after its migration. Safe "
        "where that code is in the same file. A name of a module of the project is safe in a run "
        "that fixes the module too, if all code of the module calls the same new name and every "
        "mention of the old one in the test's file is understood: the code and its mocks change "
        "together or not at all. If not, there is no fix, because the module may not have the new "
        "name. A patch of a hub has no replacement and has to be changed by hand."
    ),
    link=DETAILED_GUIDE,
    deprecated=False,
    follows=True,
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
            reason=(
                "the function that the tested code calls after its migration isn't visible here"
            ),
            alternatives=(
                Alternative(
                    "from unittest import mock\n"
                    "@mock.patch('sentry_sdk.isolation_scope')\n"
                    "def test_report(push_scope):\n"
                    "    pass\n",
                    reason=(
                        "the function that the tested code calls after its migration isn't "
                        "visible here"
                    ),
                ),
            ),
        ),
        Rewrites(
            "def test_report(monkeypatch):\n"
            "    monkeypatch.setattr('sentry_sdk.configure_scope', print)\n",
            "def test_report(monkeypatch):\n"
            "    monkeypatch.setattr('sentry_sdk.get_isolation_scope', print)\n",
            reason=(
                "a mock of `get_isolation_scope()` has the scope as `return_value`, one of "
                "`configure_scope()` as `return_value.__enter__.return_value`"
            ),
        ),
        Flags(
            "def test_report(monkeypatch):\n"
            "    monkeypatch.setattr('sentry_sdk.configure_scope', print)\n",
            remedy=(
                "Patch the method of `sentry_sdk.Scope` that the tested code calls on the scope."
            ),
            sdk_version="2.8",
        ),
        Flags(
            "from unittest.mock import DEFAULT, patch\n"
            "@patch.multiple('sentry_sdk', push_scope=DEFAULT)\n"
            "def test_report(push_scope):\n"
            "    push_scope.assert_called_once()\n",
            remedy="Patch `new_scope` and rename what the test gets the mock by.",
        ),
        Flags(
            "from unittest.mock import patch\n"
            "def test_report(fake):\n"
            "    with patch.multiple('sentry_sdk', configure_scope=fake):\n"
            "        pass\n",
            remedy="Patch `get_isolation_scope` and rename what the test gets the mock by.",
        ),
        Ignores(
            "from unittest.mock import patch\npatch.multiple('mylib', push_scope=print)\n",
        ),
        Ignores(
            "from mylib import multiple\nmultiple('sentry_sdk', push_scope=print)\n",
        ),
        Flags(
            "def test_report(mocker):\n    mocker.patch('app.views.sentry_sdk.Hub.current')\n",
            remedy="Pass a `Transport` to `init()` that records what the test sends.",
        ),
        Flags(
            "from unittest import mock\nmock.patch('sentry_sdk.Hub.capture_event')\n",
            remedy=(
                "Pass a `Transport` to `init()` that records what the test sends, or patch "
                "`sentry_sdk.Scope.capture_event`."
            ),
        ),
    ),
)

_FORK = REST_MIGRATED.about(
    "the function that the tested code calls after its migration isn't visible here"
)
_CONFIGURE = REST_MIGRATED.about(
    "a mock of `get_isolation_scope()` has the scope as `return_value`, one of "
    "`configure_scope()` as `return_value.__enter__.return_value`"
)
_OTHERWISE = REST_MIGRATED.about("the test may see more of the mock than calls without arguments")
_FUNCTIONS = ("sentry_sdk.push_scope", "sentry_sdk.configure_scope")
_WAIT = "Migrate that module first, and then patch the name that it calls."
_BY_KEYWORD = "Patch `{}` and rename what the test gets the mock by."
_EITHER = (
    "Some code of the project calls `new_scope` after its migration, some `isolation_scope`: "
    "patch the one that the tested code calls."
)
_NOT_ENTERED = (
    "Patch `get_isolation_scope`, and have the mock give the scope as `return_value`: the code "
    "calls the function, and enters nothing. Not all that the test does with the mock is clear."
)
_MODULE = (
    "Have the mock stand in for what the code calls after its migration. The test still says "
    "of it: {}."
)
_IN_MODULE = "This patches `sentry_sdk` for code that uses other names of it once it is migrated"
_OLD = ("push_scope", "configure_scope", "Hub")
_SETTERS = frozenset(("fingerprint", "level", "transaction", "user"))
"""Attributes that are set in 1.x, and by methods after a fix."""
_NO_FUNCTION = "Patch the method of `sentry_sdk.Scope` that the tested code calls on the scope."


@RULE.gather
def check(context: Context, drafts: Sequence[Draft]) -> Iterator[Draft]:
    fork = _fork_in_view(drafts)
    for use in context.uses:
        if use.trigger.startswith("string:"):
            yield from _patched(context, use, fork)


def _patched(context: Context, use: Use, seen: Fork | None) -> Iterator[Draft]:
    target = context.values.reexported.named(use.path)
    move = context.rest.moves.get(use.path)
    if move is not None:
        along = following(context, move.old)
        fix = along or _renamed(context, use, move.new, _OTHERWISE)
        yield context.finding(use, fix, message=_message(target))
    elif target in _FUNCTIONS and use.path in context.values.reexported.names:
        yield context.finding(use, remedy=_WAIT, message=_message(target))
    elif target == "sentry_sdk.push_scope":
        chosen = [one for one in FORKS if context.elsewhere(fork_key(one))]
        best: Fork = seen or (chosen[0] if len(chosen) == 1 else "new_scope")
        rest: Fork = "isolation_scope" if best == "new_scope" else "new_scope"
        fork = _renamed(context, use, best, None if seen else _FORK)
        other = _renamed(context, use, rest, _FORK)
        alternatives = [other] if other else []
        remedy = _BY_KEYWORD.format(best) if gets_mock_by_keyword(context, use) else ""
        if len(chosen) > 1 and not seen:
            alternatives = [one for one in (fork, other) if one is not None]
            fork, remedy = None, _EITHER
        yield context.finding(use, fork, alternatives, remedy, _message(target))
    elif target == "sentry_sdk.configure_scope":
        fix = _renamed(context, use, "get_isolation_scope", _CONFIGURE)
        remedy = "" if fix else _NO_FUNCTION
        if fix is not None and not _drop_entering(context, use, fix):
            fix, remedy = None, _NOT_ENTERED
        if context.has("get_isolation_scope") and gets_mock_by_keyword(context, use):
            remedy = _BY_KEYWORD.format("get_isolation_scope")
        yield context.finding(use, fix, remedy=remedy, message=_message(target))
    elif target == "sentry_sdk" and use.path != target:
        if old := _of_module(context, use):
            remedy = _MODULE.format(", ".join(f"`{one}`" for one in old))
            yield context.finding(use, remedy=remedy, message=_IN_MODULE)
    elif target == "sentry_sdk.Hub" or target.startswith("sentry_sdk.Hub."):
        member = target.rpartition(".")[2]
        remedy = "Pass a `Transport` to `init()` that records what the test sends"
        if member in CAPTURES:
            remedy += f", or patch `sentry_sdk.Scope.{member}`"
        yield context.finding(use, remedy=remedy + ".", message=_message(target))
    elif use.path.endswith("sentry_sdk.hub.init"):
        yield context.finding(
            use, remedy="Patch `init` in the module that the tested code imports it from."
        )


def _message(target: str) -> str:
    return f"This patches `{target}`, which migrated code no longer uses"


def _drop_entering(context: Context, use: Use, fix: FixDraft) -> bool:
    """Have the mock give the scope itself, where the code entered what the function gave. False
    where a test does that in a way which is not understood."""
    if "__enter__" not in context.tree.text:
        return True
    decorator = context.tree.enclosing(use.node, cst.Decorator)
    decorated = context.parent(decorator) if decorator is not None else None
    function = decorated or context.function(use.node)
    around = [one for one in walk(function) if isinstance(one, cst.Attribute)]
    for one in around:
        call = context.parent(one)
        if one.attr.value in _SETTERS and not (isinstance(call, cst.Call) and call.func is one):
            return False
    try:
        for start, end in moved_chains(context, use, False):
            fix.edit(start, end, "")
    except Unclear:
        return not any(one.attr.value == "__enter__" for one in around)
    return True


def _of_module(context: Context, use: Use) -> list[str]:
    """The 1.x names that are read of a mock of the whole SDK, or of all mocks of the text where it
    is not known which one that is."""
    try:
        reads: Sequence[cst.CSTNode] = mock_reads(context, use)
    except Unclear:
        reads = ()
    members = context.tree.nodes(cst.Attribute)
    found = {
        one.attr.value
        for one in members
        if one.attr.value in _OLD
        and not context.values.trigger(one)
        and (not reads or any(one.value is read for read in reads))
    }
    return sorted(found)


def _fork_in_view(drafts: Sequence[Draft]) -> Fork | None:
    """What every `push_scope()` of this text becomes; None where that is not one thing for all."""
    forks: set[Fork | None] = set()
    for draft in drafts:
        if draft.use is not None and draft.use.trigger == "sentry_sdk.push_scope":
            fix = draft.fix
            safe = fix is not None and fix.applicability is Applicability.SAFE
            forks.add(next((one for one in FORKS if fix and one in fix.spelled and safe), None))
    return forks.pop() if len(forks) == 1 else None


def _renamed(context: Context, use: Use, name: str, doubt: Doubt | None) -> FixDraft | None:
    """Replace the last part of the string, or the keyword."""
    old = use.path.rpartition(".")[2]
    end = patched_end(use.node, use.end)
    if gets_mock_by_keyword(context, use):
        return None
    if context.tree.text[end - len(old) : end] != old or not context.has(name):
        return None
    return context.fix(f"Patch `{name}`").edit(end - len(old), end, name).unsafe(doubt)
