"""Code that goes on after the `AttributeError` of a client that is None, wherever that ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.conftest import Run, write_tree

ASKS = """from sentry_sdk import Hub
def dsn():
    return Hub.current.client.dsn
"""
PROPERTY = """from sentry_sdk import Hub
class C:
    @property
    def dsn(self):
        return Hub.current.client.dsn
"""
GUARDED = """from sentry_sdk import Hub
def dsn():
    client = Hub.current.client
    if client is None:
        return ""
    return client.dsn
"""
AROUND = "from safe import Safe\nimport a\ndef ok():\n    with Safe():\n        a.dsn()\n"
DECORATED = "from safe import safe\n" + ASKS.replace("def", "@safe('off')\ndef")
EXIT = "class Safe:\n    def __enter__(self): return 1\n    def __exit__(self, *a): {}\n"
MANAGER = "import contextlib\n@contextlib.contextmanager\ndef Safe():\n    try:\n        yield\n{}"
DECORATOR = """import functools
def safe(default):
    def decorate(f):
        @functools.wraps(f)
        def call(*a):
            try:
                return f(*a)
            {}
        return call
    return decorate
"""
ENTERED = "from safe import Safe\n" + ASKS.replace(
    "    return Hub.current.client.dsn", "    with Safe():\n        return Hub.current.client.dsn"
)
POOL = "import a\nfrom concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor(1) as ex:\n    f = ex.submit({})\n"
# What a.py is, and the files beside it.
GOES_ON: dict[str, tuple[str, dict[str, str]]] = {
    "suppressed there": (
        ASKS,
        {
            "b.py": "from contextlib import suppress\nimport a\nwith suppress(Exception):\n    a.dsn()\n"
        },
    ),
    "suppressed in a function by name": (
        ASKS,
        {
            "b.py": "import contextlib\nfrom a import dsn as d\ndef ok():\n"
            "    with contextlib.suppress(BaseException):\n        d()\n"
        },
    ),
    "any error is caught there": (
        ASKS,
        {"b.py": "import a\ntry:\n    a.dsn()\nexcept Exception:\n    print('off')\n"},
    ),
    "`finally` returns there": (
        ASKS,
        {
            "b.py": "import a\ndef ok():\n    try:\n        a.dsn()\n    finally:\n        return 1\n"
        },
    ),
    "`finally` returns here": (
        ASKS.replace("    return", "    try:\n        return")
        + "    finally:\n        return 'off'\n",
        {},
    ),
    "any error is caught in the file": (
        ASKS
        + "def ok():\n    try:\n        return dsn()\n    except Exception:\n        return ''\n",
        {},
    ),
    "exit returns true": (ASKS, {"b.py": AROUND, "safe.py": EXIT.format("return True")}),
    "exit may return true": (
        ASKS,
        {"b.py": AROUND, "safe.py": EXIT.format("return a[0] is not None")},
    ),
    "exit of another file around the use": (ENTERED, {"safe.py": EXIT.format("return True")}),
    "a generator's block that catches": (
        ASKS,
        {"b.py": AROUND, "safe.py": MANAGER.format("    except Exception:\n        pass\n")},
    ),
    "a decorator that catches": (
        DECORATED,
        {"safe.py": DECORATOR.format("except Exception:\n                return default")},
    ),
    "a decorator that waits for it": (
        DECORATED,
        {"safe.py": DECORATOR.format("except AttributeError:\n                return default")},
    ),
    "a decorator of the file that catches": (
        DECORATOR.format("except Exception:\n                return default")
        + DECORATED.partition("\n")[2],
        {},
    ),
    "a decorator around the caller": (
        ASKS,
        {
            "safe.py": DECORATOR.format("except Exception:\n                return default"),
            "b.py": "import a\nfrom safe import safe\n@safe('')\ndef ok():\n    return a.dsn()\n",
        },
    ),
    "a future that is asked": (ASKS, {"b.py": POOL.format("a.dsn") + "print(f.exception())\n"}),
    "gathered": (
        ASKS,
        {
            "b.py": "import a, asyncio\nasync def go(loop):\n"
            "    one = loop.run_in_executor(None, a.dsn)\n"
            "    return await asyncio.gather(one, return_exceptions=True)\n"
        },
    ),
    "a property with a default": (
        PROPERTY,
        {"b.py": "import a\nr = getattr(a.C(), 'dsn', 'off')\n"},
    ),
    "a property that is asked for": (PROPERTY, {"b.py": "import a\nr = hasattr(a.C(), 'dsn')\n"}),
    "a test waits": (
        ASKS,
        {
            "test_b.py": "import pytest, a\ndef test():\n"
            "    with pytest.raises(AttributeError):\n        a.dsn()\n"
        },
    ),
    "a test has it called": (
        ASKS,
        {
            "test_b.py": "import unittest, a\nclass T(unittest.TestCase):\n"
            "    def test(self):\n        self.assertRaises(AttributeError, a.dsn)\n"
        },
    ),
}
STOPS: dict[str, tuple[str, dict[str, str]]] = {
    "another error is suppressed": (
        ASKS,
        {
            "b.py": "from contextlib import suppress\nimport a\nwith suppress(KeyError):\n    a.dsn()\n"
        },
    ),
    "something else is suppressed": (
        ASKS,
        {
            "b.py": "from contextlib import suppress\nimport a\nwith suppress(Exception):\n"
            "    print()\na.dsn()\n"
        },
    ),
    "a function of that name of another module": (
        ASKS,
        {
            "b.py": "from contextlib import suppress\nimport other\nwith suppress(Exception):\n"
            "    other.dsn()\n"
        },
    ),
    "a method of that name": (
        ASKS,
        {"b.py": "def ok(x):\n    try:\n        x.dsn()\n    except Exception:\n        print()\n"},
    ),
    "what is caught is raised again": (
        ASKS,
        {"b.py": "import a\ntry:\n    a.dsn()\nexcept Exception:\n    print('off')\n    raise\n"},
    ),
    "a `finally` that goes on": (
        ASKS,
        {"b.py": "import a\ndef ok():\n    try:\n        a.dsn()\n    finally:\n        print()\n"},
    ),
    "the function asks itself": (
        GUARDED,
        {
            "b.py": "from contextlib import suppress\nimport a\nwith suppress(Exception):\n    a.dsn()\n"
        },
    ),
    "exit returns nothing": (ASKS, {"b.py": AROUND, "safe.py": EXIT.format("print(a)")}),
    "exit returns false": (ASKS, {"b.py": AROUND, "safe.py": EXIT.format("return False")}),
    "exit leaves it to another": (
        ASKS,
        {"b.py": AROUND, "safe.py": EXIT.format("return self.x.__exit__(*a)")},
    ),
    "another class of its file returns true": (
        ASKS,
        {
            "b.py": AROUND,
            "safe.py": EXIT.format("pass") + EXIT.format("return True").replace("Safe", "Other"),
        },
    ),
    "a class of its name elsewhere returns true": (
        ASKS,
        {
            "b.py": AROUND,
            "safe.py": EXIT.format("pass"),
            "unsafe.py": EXIT.format("return True"),
        },
    ),
    "a generator's block with `finally`": (
        ASKS,
        {"b.py": AROUND, "safe.py": MANAGER.format("    finally:\n        print()\n")},
    ),
    "a decorator with `finally`": (
        DECORATED,
        {"safe.py": DECORATOR.format("finally:\n                print(default)")},
    ),
    "a decorator that raises again": (
        DECORATED,
        {"safe.py": DECORATOR.format("except Exception:\n                raise")},
    ),
    "a decorator that waits for another": (
        DECORATED,
        {"safe.py": DECORATOR.format("except KeyError:\n                return default")},
    ),
    "a decorator that catches in its own code": (
        DECORATED,
        {
            "safe.py": "def safe(default):\n    try:\n        print(default)\n"
            "    except Exception:\n        pass\n    return lambda f: f\n"
        },
    ),
    "a future of another function": (
        ASKS,
        {"b.py": POOL.format("print") + "a.dsn()\nprint(f.exception())\n"},
    ),
    "a future whose result is taken": (
        ASKS,
        {"b.py": POOL.format("a.dsn") + "print(f.result())\n"},
    ),
    "another property with a default": (
        PROPERTY,
        {"b.py": "import a\nr = getattr(a.C(), 'key', 'off')\n"},
    ),
    "a property without a default": (PROPERTY, {"b.py": "import a\nr = getattr(a.C(), 'dsn')\n"}),
    "a function with a default": (ASKS, {"b.py": "import a\nr = getattr(a, 'dsn', None)\n"}),
    "a test waits for another": (
        ASKS,
        {
            "test_b.py": "import pytest, a\ndef test():\n    with pytest.raises(KeyError):\n"
            "        a.dsn()\n"
        },
    ),
    "a test has another called": (
        ASKS,
        {
            "test_b.py": "import unittest, a\nclass T(unittest.TestCase):\n"
            "    def test(self):\n        self.assertRaises(AttributeError, print)\n        a.dsn()\n"
        },
    ),
}


def changes(run: Run, here: Path, case: tuple[str, dict[str, str]]) -> bool:
    """Whether safe fixes change a.py."""
    write_tree(here, {"pyproject.toml": "", "a.py": case[0], **case[1]})
    run("check", "--fix", ".")
    return (here / "a.py").read_text() != case[0]


@pytest.mark.parametrize("case", GOES_ON.values(), ids=GOES_ON)
def test_goes_on(run: Run, here: Path, case: tuple[str, dict[str, str]]) -> None:
    assert not changes(run, here, case)


@pytest.mark.parametrize("case", STOPS.values(), ids=STOPS)
def test_stops(run: Run, here: Path, case: tuple[str, dict[str, str]]) -> None:
    assert changes(run, here, case)
