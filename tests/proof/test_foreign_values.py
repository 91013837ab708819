"""Which fixes rest on the assumption that values of foreign classes run no Sentry code."""

from __future__ import annotations

import textwrap

import pytest

from sentry_migrate.engine.analyze import analyze
from sentry_migrate.model import Fix
from sentry_migrate.project.config import Settings
from sentry_migrate.text.edits import apply
from sentry_migrate.text.source import Source

HEAD = """\
import sentry_sdk
from sentry_sdk import capture_message, push_scope
import shop
from base import Base
class Own:
    name = "a"
    def __init__(self):
        self.number = 1
class Holder:
    def run(self, x):
{method}
def view(x, items):
    with push_scope() as scope:
{block}
        capture_message("in")
"""

RESTS = (
    'scope.set_tag("a", x)',
    'scope.set_tag("a", x.name)',
    'scope.set_tag("a", str(x))',
    'scope.set_tag("a", f"{x}")',
    'scope.set_tag("a", "%s" % x)',
    'scope.set_tag("a", "{}".format(x))',
    'scope.set_tag("a", "{0.name}".format(x))',
    'scope.set_tag("a", x.strip())',
    'scope.set_tag("a", len(x))',
    'scope.set_tag("a", getattr(x, "name", None))',
    'scope.set_tag("a", x["key"])',
    'scope.set_tag("a", 1 + x)',
    'scope.set_tag("a", not x)',
    'scope.set_tag("a", -x)',
    'scope.set_tag("a", x == 1)',
    'scope.set_tag("a", 1 in x)',
    'scope.set_context("a", {"b": x})',
    'scope.set_context("a", {x: 1})',
    'scope.set_context("a", dict(b=x))',
    'scope.set_extra("a", [1, (2, x)])',
    "y = isinstance(x, int)",  # which may read `x.__class__`
    "if x: pass",
    "assert x",
    "y = 1 if x else 2",
    "while x: break",
    "capture_message(x)",
    "match x:\n    case 1: pass",
    "match x:\n    case Own(name=1): pass",
)
# What does nothing with a value of another class.
ALONE = (
    "pass",
    'scope.set_tag("a", 1)',
    'scope.set_tag("a", "b" + "c")',
    'scope.set_tag("a", -1)',
    'scope.set_tag("a", not 1)',
    'scope.set_tag("a", 1 == 2)',
    'scope.set_tag("a", f"{1}")',
    'scope.set_tag("a", "%s" % 1)',
    'scope.set_tag("a", "{}".format(1))',
    'scope.set_tag("a", "a".strip())',
    'scope.set_tag("a", str(1))',
    'scope.set_tag("a", None)',
    'scope.set_tag("a", True if 1 else False)',
    'scope.set_tag("a", "b" or "c")',
    'scope.set_context("a", {})',
    'scope.set_context("a", {"b": 1, "c": [2, (3, None)]})',
    'scope.set_extra("a", [1, "b", (2.0, 1j)])',
    'scope.set_extra("a", {"b", "c"})',
    'y = "a"\nscope.set_tag("a", y)',
    'y = x\nscope.set_tag("a", 1)',
    'y = 1 if 2 else 3\nscope.set_tag("a", y)',
    "if 1: pass",
    "if x is None: pass",
    "if x is not None and 1 < 2: pass",
    "y = x is not None",
    "y = (x, x)",
    "y = [x]",
    "y = lambda: x.name",
    "y = shop.NAME",
    "capture_message('b')",
    "y = Own()",
)
METHOD = (
    "        with push_scope() as scope:\n            {line}\n            capture_message('in')"
)


def of(block: str, settings: Settings | None = None, method: str = "pass") -> tuple[str, list[Fix]]:
    text = HEAD.format(
        block=textwrap.indent(block, " " * 8), method=textwrap.indent(method, " " * 8)
    )
    result = analyze(Source(text), settings or Settings())
    found = [one for one in result.findings if one.name == "push-scope-with"]
    assert found[0].fix
    return text, [found[0].fix, *found[0].alternatives]


def codes(fix: Fix) -> list[str]:
    return [one.code for one in fix.assumes]


@pytest.mark.parametrize("block", RESTS)
def test_a_fix_that_rests_on_it(block: str) -> None:
    text, (fix, _) = of(block)
    assert "new_scope" in apply(text, fix.edits)
    assert (fix.applicability.value, codes(fix)) == ("safe", ["foreign-values"])


@pytest.mark.parametrize("block", RESTS)
def test_strictly_the_exact_form_is_the_safe_one(block: str) -> None:
    text, (fix, other) = of(block, Settings(strict=True))
    assert "with isolation_scope()" in apply(text, fix.edits)
    assert (fix.applicability.value, codes(fix)) == ("safe", [])
    assert "with new_scope()" in apply(text, other.edits)
    assert other.applicability.value == "unsafe"
    assert other.reason == (
        "the block reads, converts or compares a value whose class is not in the project"
    )


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("block", ALONE)
def test_a_fix_that_rests_on_nothing(block: str, strict: bool) -> None:
    text, (fix, _) = of(block, Settings(strict=strict))
    assert "new_scope" in apply(text, fix.edits)
    assert (fix.applicability.value, codes(fix)) == ("safe", [])


@pytest.mark.parametrize(
    ("line", "base", "rests"),
    [
        ('scope.set_tag("a", self.number)', "Own", True),  # what the attribute holds is not known
        ("y = self.number", "Own", False),
        ("y = self.number", "Base", True),
        ("y = self.number", "object", False),
        ("y = self.number", "Unseen", True),
        ("y = x.number", "Own", True),
    ],
)
def test_the_own_class(line: str, base: str, rests: bool) -> None:
    text, _ = of("pass", method=METHOD.format(line=line))
    text = text.replace("class Holder:", f"class Holder({base}):")
    result = analyze(Source(text), Settings())
    (fix,) = (one.fix for one in result.findings[:1])
    assert fix is not None
    assert codes(fix) == ["foreign-values"] * rests


def test_functions_that_are_called_count() -> None:
    text, (fix, _) = of('scope.set_tag("a", 1)\nlabel(x)')
    assert "isolation_scope" in apply(text, fix.edits)  # nobody knows `label`
    for body, rests in (("return 1", False), ("return v.name", True), ("return f'{v}'", True)):
        result = analyze(Source(f"def label(v):\n    {body}\n{text}"), Settings())
        known = next(one.fix for one in result.findings if one.name == "push-scope-with")
        assert known is not None
        assert codes(known) == ["foreign-values"] * rests
