"""The ledger is complete: no difference between the SDKs without a rule or a written reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from differential.changes import entries as changed
from differential.differences import Difference, differences
from differential.environments import NEW, OLD, RELEASES, install
from differential.ledger import (
    PAGE,
    Entry,
    Reason,
    entries,
    main,
    observed,
    page,
    reasons,
    unexplained,
)
from differential.probes import found, programs
from differential.releases import inventory, listed
from differential.surface import Surface, home, lookup, members, read
from sentry_migrate.project.versions import parse_version
from sentry_migrate.rules import RULES
from sentry_migrate.sdk.changes import changes

LEDGER = entries()
KINDS = sorted({entry.difference.kind for entry in LEDGER})


def test_every_difference_has_a_rule_or_a_reason() -> None:
    assert unexplained(LEDGER) == []
    assert {rule for entry in LEDGER for rule in entry.rules} <= RULES.keys()


def test_what_is_new_has_neither() -> None:
    news = Entry(Difference("sentry_sdk.utils.brand_new", "removed"), ())
    assert unexplained([*LEDGER, news]) == ["removed sentry_sdk.utils.brand_new"]


@pytest.mark.parametrize("reason", [pytest.param(one, id=one.names[0]) for one in reasons()])
def test_each_reason_is_for_something_and_only_that(reason: Reason) -> None:
    without = [entry.difference for entry in LEDGER if not entry.rules]
    for pattern in reason.names:
        assert any(Reason((pattern,), "").covers(one) for one in without), pattern
    for one in without:
        assert not reason.covers(one) or [r for r in reasons() if r.covers(one)] == [reason]
    assert len(reason.why.split()) > 8


def test_the_page_is_made_of_the_data() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(LEDGER)
    assert main(["--check"]) == 0


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_the_rules_find_what_the_ledger_says(kind: str) -> None:
    for entry in LEDGER:
        if entry.difference.kind == kind:
            assert found(entry.difference) == entry.rules, entry.difference


def test_a_program_uses_the_name_and_its_control_does_not() -> None:
    for entry in LEDGER:
        if "parameter" in entry.difference.kind or entry.difference.kind == "default":
            continue
        name = entry.difference.name.partition("(")[0].rpartition(".")[2]
        texts = [*programs(entry.difference)]
        assert any(name in text and text != control for text, control in texts), entry.difference


# -- what a difference is ------------------------------------------------------------------------

NONE: list[str] = []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("x = 1", "x = 1", NONE),
        ("x = 1", "x = 1\ny = 2", NONE),
        ("x = f()", "x = g()", NONE),
        ("def f(a): ...", "def f(a, b=1): ...", NONE),
        ("def f(a): ...", "def f(a, *, b=1, **c): ...", NONE),
        ("def f(a):\n    # type: (int) -> None\n    ...", "def f(a: int) -> None: ...", NONE),
        ("class C:\n    def m(self): ...", "class B:\n    def m(self): ...\nclass C(B): ...", NONE),
        ("class C(object): ...", "class C: ...", NONE),
        ("class C:\n    x = 1", "class C:\n    def __init__(self):\n        self.x = 2", NONE),
        ("try:\n    import json as j\nexcept ImportError:\n    j = None", "import json as j", NONE),
        ("if PY2:\n    text = 1", "", NONE),
        ("if TYPE_CHECKING:\n    import typing", "", NONE),
        ("from sentry_sdk.b import *", "from sentry_sdk.b import thing", NONE),
        ("from __future__ import absolute_import", "", NONE),
        ("x = 1", "", ["removed sentry_sdk.a.x"]),
        ("x = 1", "x = 2", ["value sentry_sdk.a.x"]),
        ("if not PY2:\n    x = 1", "", ["removed sentry_sdk.a.x"]),
        ("if TYPE_CHECKING:\n    T = int", "", ["removed sentry_sdk.a.T"]),
        ("def f(): ...", "async def f(): ...", ["kind sentry_sdk.a.f"]),
        ("def f(): ...", "class f: ...", ["kind sentry_sdk.a.f"]),
        ("import time", "", ["import removed sentry_sdk.a.time"]),
        ("from sentry_sdk.b import thing", "", ["import removed sentry_sdk.a.thing"]),
        ("from sentry_sdk.b import *", "", ["import removed sentry_sdk.a.*"]),
        ("from .b import thing", "", ["import removed sentry_sdk.a.thing"]),
        ("def f(a=1): ...", "def f(a=2): ...", ["default sentry_sdk.a.f(a)"]),
        ("def f(a=1): ...", "def f(a): ...", ["default sentry_sdk.a.f(a)"]),
        ("def f(a): ...", "def f(*, a): ...", ["parameter kind sentry_sdk.a.f(a)"]),
        ("def f(a): ...", "def f(): ...", ["parameter removed sentry_sdk.a.f(a)"]),
        ("def f(a): ...", "def f(a, b): ...", ["parameter required sentry_sdk.a.f(b)"]),
        ("def f(h, a): ...", "def f(a): ...", ["parameter place sentry_sdk.a.f(a)", "parameter removed sentry_sdk.a.f(h)"]),
        ("class C:\n    def __init__(self, a): ...", "class C: ...", ["parameter removed sentry_sdk.a.C(a)"]),
        ("class C:\n    def m(self, a): ...", "class C:\n    def m(self): ...", ["parameter removed sentry_sdk.a.C.m(a)"]),
        ("class C:\n    def m(self): ...", "class C: ...", ["member removed sentry_sdk.a.C.m"]),
        ("class C:\n    __slots__ = ('s',)", "class C: ...", ["member removed sentry_sdk.a.C.s"]),
        ("class C(dict): ...", "class C: ...", ["base removed sentry_sdk.a.C"]),
        ("O = TypedDict('O', {'k': int})", "O = TypedDict('O', {})", ["member removed sentry_sdk.a.O.k"]),
    ],
)  # fmt: skip
def test_what_differs(tmp_path: Path, old: str, new: str, expected: list[str]) -> None:
    surfaces = []
    for name, text in (("old", old), ("new", new)):
        package = tmp_path / name / "sentry_sdk"
        package.mkdir(parents=True)
        (package / "__init__.py").touch()
        (package / "a.py").write_text(text)
        (package / "b.py").write_text("def thing(): ...\n")
        surfaces.append(read(package))
    told = [f"{one.kind} {one.name}" for one in differences(*surfaces)]
    assert sorted(told) == [line for line in expected if not line.endswith("*")]


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        ({"b": "def f(a, b): ..."}, "moved sentry_sdk.b.f"),
        ({"b": "def f(a): ...", "c": "def f(a): ..."}, "removed "),
        ({"b": "def f(): ..."}, "removed "),
        ({"b": "class f: ..."}, "removed "),
        ({"b": "from sentry_sdk.c import f", "c": "def f(a): ..."}, "moved sentry_sdk.c.f"),
        ({"old": "def f(a): ..."}, "removed "),
    ],
)
def test_where_a_name_went(tmp_path: Path, new: dict[str, str], expected: str) -> None:
    before = {"a": "def f(a): ...", "old": "def f(a): ..."}
    surfaces = []
    for name, files in (("old", before), ("new", {"a": "", "old": "", **new})):
        package = tmp_path / name / "sentry_sdk"
        package.mkdir(parents=True)
        (package / "__init__.py").touch()
        for module, text in files.items():
            (package / f"{module}.py").write_text(text)
        surfaces.append(read(package))
    (one,) = [row for row in differences(*surfaces) if row.name == "sentry_sdk.a.f"]
    assert f"{one.kind} {one.detail}" == expected


# -- what the SDKs themselves say ----------------------------------------------------------------


@pytest.mark.network
def test_the_ledger_holds_what_the_sdks_have() -> None:
    assert observed() == tuple(entry.difference for entry in LEDGER)


@pytest.mark.network
def test_the_newest_release_brings_nothing_unexplained() -> None:
    newest = listed()[-1]
    given = [Entry(difference, found(difference)) for difference in observed(newest)]
    assert unexplained(given) == [], newest


@pytest.mark.network
@pytest.mark.parametrize("release", [OLD, NEW])
def test_nothing_that_importing_shows_is_overlooked(release: str) -> None:
    surface = read(install(release) / release / "sentry_sdk")
    missing = [
        name
        for name in inventory(install(release) / release)
        if "(" not in name and not _known(surface, name)
    ]
    assert missing == []


COMPUTED = {
    *("sentry_sdk.Client", "sentry_sdk.client.Client"),  # `_Client`, which is read
    *(
        "sentry_sdk.utils.Components",
        "sentry_sdk.utils.ParsedUrl",
    ),  # named tuples, the same in both
}
"""Classes that the source makes by a call."""


def _known(surface: Surface, name: str) -> bool:
    owner, _, member = name.rpartition(".")
    if home(surface, name) or member in surface.get(owner, ()):
        return True
    inside = lookup(surface, owner)
    if owner in COMPUTED or inside is None:
        return owner in COMPUTED
    outside = any(not lookup(surface, base) for base in inside.bases)
    return member in members(surface, inside) or outside


@pytest.mark.network
@pytest.mark.parametrize("release", RELEASES)
def test_the_table_of_changes_holds_what_the_release_has(release: str) -> None:
    old = read(install(OLD) / OLD / "sentry_sdk")
    has = changed(old, read(install(release) / release / "sentry_sdk"))
    names = {name for _, name in has}
    version = parse_version(release)
    expected = {name for name, change in changes().items() if change.since <= version}
    modules = {name for name in expected if not names & {name} and _parent_is_gone(name, names)}
    assert expected - names - modules == set()
    if release == NEW:
        assert {(change.kind, name): change.where for name, change in changes().items()} == has


def _parent_is_gone(name: str, gone: set[str]) -> bool:
    return any(name.startswith(f"{module}.") for module in gone)
