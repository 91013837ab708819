"""Large and pathological files: what they cost, and that they end well.

Cost is counted in function calls, which are the same on every machine.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import partial

import pytest

from counting import calls
from engine import shapes
from sentry_migrate.engine.analyze import analyze
from sentry_migrate.engine.fix import fix
from sentry_migrate.plan import ANYTHING
from sentry_migrate.project.config import Settings
from sentry_migrate.text.source import Source

pytestmark = pytest.mark.slow

FUNCTION = """
def f{0}(x):
    with configure_scope() as scope:
        scope.set_tag('a', x)
    with sentry_sdk.push_scope() as scope:
        scope.level = 'error'
        sentry_sdk.capture_message('x')
    return Hub.current.client
"""
IMPORTS = "import sentry_sdk\nfrom sentry_sdk import Hub, configure_scope\n"


def functions(count: int) -> str:
    return IMPORTS + "".join(FUNCTION.format(index) for index in range(count))


def one_function(count: int) -> str:
    line = "    with configure_scope() as scope:\n        scope.set_tag('a', x)\n"
    return IMPORTS + "def f(x):\n" + line * count


def one_module(count: int) -> str:
    return IMPORTS + "with configure_scope() as scope:\n    scope.set_tag('a', 1)\n" * count


def pairs(count: int) -> str:
    inner = "def f{0}(x):\n    with sentry_sdk.push_scope():\n        with configure_scope() as s:\n            s.set_tag('a', x)\n"
    return IMPORTS + "".join(inner.format(index) for index in range(count))


def variables(count: int) -> str:
    text = (
        "def f{0}(x):\n    hub = Hub.current\n    if hub.client:\n        hub.capture_message(x)\n"
    )
    return IMPORTS + "".join(text.format(index) for index in range(count))


def local_imports(count: int) -> str:
    text = "def f{0}(x):\n    from sentry_sdk import configure_scope\n    with configure_scope() as s:\n        s.set_tag('a', x)\n"
    return "".join(text.format(index) for index in range(count))


def local_modules(count: int) -> str:
    text = "def f{0}(x):\n    import sentry_sdk\n    sentry_sdk.Hub.current.capture_message(x)\n"
    return "".join(text.format(index) for index in range(count))


def suppressed(count: int) -> str:
    return (
        IMPORTS
        + "with configure_scope() as s:  # noqa: SEN101\n    s.user = 1  # sentry-migrate: ignore\n"
        * count
    )


def long_body(count: int) -> str:
    return (
        IMPORTS
        + "def f(x):\n    with configure_scope() as s:\n"
        + "        s.transaction.name = x  # y\n" * count
    )


def methods(count: int) -> str:
    text = "class A{0}:\n    def __init__(self):\n        self.hub = Hub.current\n    def f(self):\n        self.hub.capture_message('x')\n"
    return IMPORTS + "".join(text.format(index) for index in range(count))


def attributes_of_variables(count: int) -> str:
    text = (
        "def f{0}(request):\n    request.hub = Hub.current\n    request.hub.capture_message('x')\n"
    )
    return IMPORTS + "".join(text.format(index) for index in range(count))


def attributes_of_attributes(count: int) -> str:
    base = "class App:\n    def __init__(self):\n        self.hub = Hub.current\n"
    text = "class A{0}:\n    def __init__(self):\n        self.app = App()\n    def f(self):\n        self.app.hub.capture_message('x')\n"
    return IMPORTS + base + "".join(text.format(index) for index in range(count))


def callbacks(count: int) -> str:
    return (
        IMPORTS
        + "def f(x):\n"
        + "    sentry_sdk.configure_scope(lambda s: s.set_tag('a', x))\n" * count
    )


def classes_that_have_the_sdk(count: int) -> str:
    return "import sentry_sdk\n" + "".join(
        f"class C{at}:\n"
        "    sdk = sentry_sdk\n"
        "    def work(self):\n"
        "        self.sdk.start_span(op='x', description='d')\n"
        f"class D{at}(C{at}):\n"
        "    name = 'd'\n"
        for at in range(count)
    )


SHAPES: dict[str, Callable[[int], str]] = {
    shape.__name__: shape
    for shape in (
        *(functions, one_function, one_module, pairs, variables, local_imports, local_modules),
        *(suppressed, long_body, methods, callbacks),
        *(attributes_of_variables, attributes_of_attributes, classes_that_have_the_sdk),
    )
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_four_times_the_code_costs_about_four_times(shape: Callable[[int], str]) -> None:
    small, large = Source(shape(10)), Source(shape(40))
    for work in (
        lambda source: analyze(source, Settings()),
        lambda source: fix(source, Settings(), unsafe=True),
    ):
        work(small)  # what is remembered for ever is not counted
        assert calls(partial(work, large)) < 5.5 * calls(partial(work, small))


def analyzed(source: Source) -> object:
    """With what the plan of a project is told."""
    return analyze(source, Settings(select=("ALL",)), left={})


def fixed(source: Source) -> object:
    return fix(source, Settings(select=("ALL",)), unsafe=True)


@pytest.mark.parametrize("shape", [long_body, methods])
def test_many_findings_of_one_kind_cost_about_as_much_each(shape: Callable[[int], str]) -> None:
    """What many share, a fix or the name of an attribute, is looked at once and not for each."""
    small, large = Source(shape(80)), Source(shape(320))
    analyzed(small)  # what is remembered for ever is not counted
    assert calls(partial(analyzed, large)) < 5 * calls(partial(analyzed, small))


# The call graph is small beside what does not grow with the square, which would show late.
GROWING = [
    *(
        pytest.param(shape, count, limit, works, id=name)
        for table, count, limit, works in (
            (shapes.SHAPES, 16, 3.0, (analyzed, fixed)),
            (shapes.BLOCKS, 6, 3.0, (analyzed, fixed)),
            (shapes.EFFECTS, 20, 3.0, (analyzed,)),
            (shapes.ORDER, 45, 2.4, (analyzed,)),
        )
        for name, shape in table.items()
    ),
]


@pytest.mark.parametrize(("shape", "count", "limit", "works"), GROWING)
def test_twice_the_code_costs_about_twice(
    shape: Callable[[int], str],
    count: int,
    limit: float,
    works: Sequence[Callable[[Source], object]],
) -> None:
    small, large = Source(shape(count)), Source(shape(2 * count))
    for work in works:
        work(small)  # what is remembered for ever is not counted
        assert calls(partial(work, large)) < limit * calls(partial(work, small))
    sites = analyze(small, Settings(), left={}).plan.sites
    assert ANYTHING not in {site.kind for site in sites}, "looking for what is left failed"


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_everything_is_fixed(shape: Callable[[int], str]) -> None:
    source = Source(shape(25))
    outcome = fix(source, Settings(), unsafe=True)
    assert outcome.remaining.failure is None
    assert [finding for finding in outcome.remaining.findings if finding.fix] == []


# Code that is hard on a parser: what: text after the import
HARD = {
    "parentheses": "x = " + "(" * 3000 + "1" + ")" * 3000 + "\n",
    "lists": "x = " + "[" * 1500 + "]" * 1500 + "\n",
    "a long sum": "x = " + " + ".join(["1"] * 1500) + "\n",
    "strings side by side": "x = (" + "\n".join(["'a'"] * 1000) + ")\n",
    "elif": "if x: pass\n" + "elif x: pass\n" * 1000,
    "attributes": "x = a" + ".b" * 1500 + "\n",
    "calls": "x = a" + "()" * 1500 + "\n",
    "else if": "x = " + "1 if y else " * 1000 + "2\n",
    "comparisons": "x = " + " < ".join(["y"] * 2000) + "\n",
    "nested functions": "".join(f"{' ' * depth}def f():\n" for depth in range(90))
    + " " * 90
    + "pass\n",
    "a long line": "x = '" + "a" * 1_000_000 + "'\n",
    "many short lines": "x = 1\n" * 5000,
    "decorators": "@a\n" * 1000 + "def f(): ...\n",
    "lambdas": "x = " + "lambda: " * 500 + "1\n",
}

KINDS = ("syntax", "unsupported", "crash", "fixed")

PROGRAM = """
import sys
from sentry_migrate.project.config import Settings
from sentry_migrate.engine.fix import fix
from sentry_migrate.plan import ANYTHING
from sentry_migrate.text.source import Source
code = sys.stdin.read()
outcome = fix(Source(code), Settings(), unsafe=True)
failure = outcome.remaining.failure
print(failure.kind if failure else "fixed" if outcome.text != code else "same")
"""


@pytest.mark.parametrize("text", HARD.values(), ids=HARD)
def test_hard_code_ends_well(text: str) -> None:
    """libcst may end a process of its own by a signal; the analysis is run in one for that."""
    code = "import sentry_sdk\ndef use():\n    sentry_sdk.Hub.current.flush()\n" + text
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        input=code,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode < 0 or done.stdout.strip() in KINDS, done.stderr
