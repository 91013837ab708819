"""A scope that is given to a function of another file, which says itself that it only sets data."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.conftest import Run, offers_safe_fix

CALL = """import sentry_sdk
{}
def f(x):
    with sentry_sdk.configure_scope() as scope:
        {}
"""
FILL = "def fill(scope, **tags):\n    for k, v in tags.items():\n        scope.set_tag(k, v)\n"
MAIN = CALL.format("from helpers import fill", "fill(scope, a=1)")

Files = dict[str, str]
KNOWN: dict[str, Files] = {
    "plain": {"main.py": MAIN, "helpers.py": FILL},
    "of a module that uses the SDK": {"main.py": MAIN, "helpers.py": "import sentry_sdk\n" + FILL},
    "by another name": {
        "main.py": CALL.format("from helpers import fill as g", "g(scope, a=1)"),
        "helpers.py": FILL,
    },
    "by keyword": {
        "main.py": CALL.format("from helpers import fill", "fill(scope=scope)"),
        "helpers.py": FILL,
    },
    "relative": {
        "app/__init__.py": "",
        "app/main.py": CALL.format("from .a.helpers import fill", "fill(scope, a=1)"),
        "app/a/__init__.py": "",
        "app/a/helpers.py": FILL,
    },
    "through a function here": {
        "main.py": CALL.format("from helpers import fill\ndef g(s):\n    fill(s, a=1)", "g(scope)"),
        "helpers.py": FILL,
    },
    "beside another module's of that name": {
        "main.py": MAIN,
        "helpers.py": FILL,
        "app/helpers.py": "def fill(scope):\n    scope.span\n",
    },
}
UNKNOWN: dict[str, Files] = {
    "of no file": {"main.py": MAIN},
    "of no function": {"main.py": MAIN, "helpers.py": "fill = other\n"},
    "reads the span": {"main.py": MAIN, "helpers.py": FILL + "    scope.span\n"},
    "names the transaction": {
        "main.py": MAIN,
        "helpers.py": FILL + "    scope.set_transaction_name(1)\n",
    },
    "keeps it": {"main.py": MAIN, "helpers.py": FILL + "    kept.append(scope)\n"},
    "gives it on": {"main.py": MAIN, "helpers.py": FILL + "    g(scope)\n"},
    "decorated": {"main.py": MAIN, "helpers.py": "@other\n" + FILL},
    "a coroutine": {"main.py": MAIN, "helpers.py": "async " + FILL},
    "a generator": {"main.py": MAIN, "helpers.py": FILL + "    yield\n"},
    "defined twice": {"main.py": MAIN, "helpers.py": f"{FILL}def fill(scope, **x): scope.span\n"},
    "bound anew": {"main.py": MAIN, "helpers.py": f"{FILL}fill = other(fill)\n"},
    "bound anew by a star": {"main.py": MAIN, "helpers.py": f"{FILL}from other import *\n"},
    "its code is replaced": {"main.py": MAIN, "helpers.py": f"{FILL}fill.__code__ = x\n"},
    "to another parameter": {
        "main.py": CALL.format("from helpers import fill", "fill(x, scope)"),
        "helpers.py": FILL.replace("scope,", "scope, other,") + "    other.span\n",
    },
    "by the name of another parameter": {
        "main.py": CALL.format("from helpers import fill", "fill(x, b=scope)"),
        "helpers.py": FILL,
    },
    "behind a star": {
        "main.py": CALL.format("from helpers import fill", "fill(*x, scope)"),
        "helpers.py": FILL,
    },
    "one of two": {
        "main.py": CALL.format(
            "from helpers import fill\nif x:\n    from other import fill", "fill(scope)"
        ),
        "helpers.py": FILL,
    },
    "only of another module of that name": {
        "main.py": MAIN,
        "app/helpers.py": FILL,
        "helpers/__init__.py": "from other import fill\n",
    },
    "of a file that is not Python": {"main.py": MAIN, "helpers.py": FILL + "    (\n"},
    "beside a file that is not Python": {
        "main.py": MAIN,
        "helpers.py": "import sentry_sdk\n" + FILL + "    scope.span\n",
        "broken.py": "import sentry_sdk\n(\n",
    },
    "replaced by a test": {
        "main.py": MAIN,
        "helpers.py": FILL,
        "test_x.py": "import helpers\ndef loud(s): s.span.set_tag(1, 2)\nhelpers.fill = loud\n",
    },
    "replaced where it is called": {
        "main.py": MAIN,
        "helpers.py": FILL,
        "test_x.py": "import main\ndef loud(s): s.span.set_tag(1, 2)\nmain.fill = loud\n",
    },
}


@pytest.mark.parametrize("files", KNOWN.values(), ids=KNOWN)
def test_known(run: Run, here: Path, files: Files) -> None:
    assert offers_safe_fix(run, here, files)


@pytest.mark.parametrize("files", UNKNOWN.values(), ids=UNKNOWN)
def test_unknown(run: Run, here: Path, files: Files) -> None:
    assert not offers_safe_fix(run, here, files)


@pytest.mark.parametrize("files", [KNOWN["plain"], UNKNOWN["reads the span"]], ids=["yes", "no"])
def test_one_file(run: Run, here: Path, files: Files) -> None:
    assert offers_safe_fix(run, here, files, "main.py") is (files is KNOWN["plain"])
