"""Which functions run code besides that of their file: what is in the tables, each name of them."""

from __future__ import annotations

import pytest

from sentry_migrate.project import callers


def outside(text: str) -> set[tuple[str, str]]:
    return set(callers.read("m.py", text.encode()).outside)


WATCHED = [
    "_thread",
    "asyncio",
    "atexit",
    "concurrent",
    "ctypes",
    "http",
    "importlib",
    "logging",
    "multiprocessing",
    "runpy",
    "signal",
    "socket",
    "sqlite3",
    "ssl",
    "subprocess",
    "threading",
    "unittest",
    "urllib",
    "warnings",
    "xmlrpc",
]
PURE = [
    "collections",
    "dataclasses",
    "datetime",
    "enum",
    "functools",
    "itertools",
    "json",
    "math",
    "os",
    "re",
    "sys",
    "uuid",
]
LOGGING = ["critical", "debug", "error", "exception", "fatal", "info", "log", "warn", "warning"]
RUNNING = ["__import__", "breakpoint", "compile", "eval", "exec", "input"]
PLAIN = [
    "abstractmethod",
    "cache",
    "cached_property",
    "classmethod",
    "deleter",
    "final",
    "getter",
    "lru_cache",
    "overload",
    "override",
    "property",
    "setter",
    "staticmethod",
]


@pytest.mark.parametrize("module", WATCHED)
def test_a_module_that_the_sdk_watches(module: str) -> None:
    assert outside(f"import {module}\ndef f(): {module}.x()\n") == {("m.f", "")}
    assert outside(f"from {module} import x as y\ndef f(): y()\n") == {("m.f", "")}


@pytest.mark.parametrize("module", PURE)
def test_a_module_of_the_standard_library(module: str) -> None:
    assert outside(f"import {module}\ndef f(): {module}.x()\n") == set()


@pytest.mark.parametrize("name", LOGGING)
def test_a_method_that_logs(name: str) -> None:
    assert outside(f"def f(x): x.{name}('y')\n") == {("m.f", "")}
    assert outside(f"class C:\n  def {name}(self): 1\n  def f(self): self.{name}('y')\n") == set()
    assert outside(f"def f(x): return x.{name}\n") == set()


@pytest.mark.parametrize("name", RUNNING)
def test_a_builtin_that_runs_what_it_is_given(name: str) -> None:
    assert outside(f"def f(x): {name}(x)\n") == {("m.f", "")}
    assert outside(f"def {name}(x): 1\ndef f(x): {name}(x)\n") == set()


@pytest.mark.parametrize("name", PLAIN)
def test_a_decorator_that_adds_nothing(name: str) -> None:
    assert outside(f"class C:\n  @{name}\n  def f(self): 1\n") == set()
    assert outside(f"class C:\n  @x.{name}(1)\n  def f(self): 1\n") == set()


ROWS: dict[str, set[tuple[str, str]]] = {
    "def f(): sorted(len(x))\n": set(),
    "def f(x): x()\n": {("m.f", "")},
    "def f(): x()\n": {("m.f", "")},
    "x = 1\ndef f(): x()\n": {("m.f", "")},
    "def f(len): len()\n": {("m.f", "")},
    "def f(x): x()()\n": {("m.f", "")},
    "def f(x): x['y']()\n": {("m.f", "")},
    "def g(): 1\ndef f(): g()\n": set(),
    "from lib import g\ndef f(): g()\n": {("m.f", "lib")},
    "import lib.sub\ndef f(): lib.sub.g()\n": {("m.f", "lib")},
    "import lib\nlib.g()\n": set(),
    "import sentry_sdk\ndef f(): sentry_sdk.flush()\n": {("m.f", "")},
    "from sentry_sdk import flush\ndef f(): flush()\n": {("m.f", "")},
    "async def f(): 1\n": {("m.f", "")},
    "async def f():\n    await x\n": {("m.f", "")},
    "def f():\n    yield\n": {("m.f", "")},
    "def f():\n    yield from x\n": {("m.f", "")},
    "def f():\n    with x: 1\n": {("m.f", "")},
    "@x\ndef f(): 1\n": {("m.f", "")},
    "@x.y\ndef f(): 1\n": {("m.f", "")},
    "@x()\ndef f(): 1\n": {("m.f", "")},
    "@x[1]\ndef f(): 1\n": {("m.f", "")},
    "@property\n@x\ndef f(): 1\n": {("m.f", "")},
    "f = lambda: x()\n": {("m.f", "")},
    "class C:\n    def f(self): self.g()\n": set(),
    "def f():\n    def g(): x()\n": {("m.f.g", "")},
}


@pytest.mark.parametrize(("text", "found"), ROWS.items())
def test_what_runs_other_code(text: str, found: set[tuple[str, str]]) -> None:
    assert outside(text) == found
