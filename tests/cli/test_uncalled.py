"""Helpers that replace an attribute by a name they are told: those that nobody calls replace none."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.conftest import Run, offers_safe_fix

MAIN = "import sentry_sdk\ndef f():\n    sentry_sdk.Hub.current.capture_message('x')\n"
PUT = "NAMES = ['capture_message']\ndef put(o, new):\n    for n in NAMES:\n        setattr(o, n, new)\n"

Files = dict[str, str]
UNCALLED: dict[str, Files] = {
    "by nobody": {"main.py": MAIN, "util.py": PUT},
    "another is called": {"main.py": MAIN, "util.py": PUT + "def other(): pass\nother()\n"},
    "only documented": {"main.py": MAIN, "util.py": f'"""Has put."""\n{PUT}'},
    "only offered": {"main.py": MAIN, "util.py": PUT + "__all__ = ['put']\n"},
    "a part of what it is given": {"main.py": MAIN, "util.py": PUT.replace("(o, n,", "(o.x, n,")},
}
CALLED: dict[str, Files] = {
    "here": {"main.py": MAIN, "util.py": PUT + "put(x, y)\n"},
    "elsewhere": {"main.py": MAIN, "util.py": PUT, "a.py": "from util import put\nput(x, y)\n"},
    "by the module": {"main.py": MAIN, "util.py": PUT, "a.py": "import util\nutil.put(x, y)\n"},
    "by another name": {
        "main.py": MAIN,
        "util.py": PUT,
        "a.py": "from util import put as p\np(x)\n",
    },
    "by its name as text": {"main.py": MAIN, "util.py": PUT, "a.py": "getattr(x, 'put')(y)\n"},
    "by a star": {"main.py": MAIN, "util.py": PUT, "a.py": "from util import *\nput(x, y)\n"},
    "passed on": {"main.py": MAIN, "util.py": PUT + "x = put\n"},
    "by itself": {"main.py": MAIN, "util.py": PUT + "    put(o.x, new)\n"},
    "decorated": {"main.py": MAIN, "util.py": PUT.replace("def put", "@x\ndef put")},
    "a method": {
        "main.py": MAIN,
        "util.py": "NAMES = ['capture_message']\nclass A:\n    def put(self, o):\n        setattr(o, NAMES[0], 1)\n",
    },
    "of a test": {"main.py": MAIN, "test_util.py": "import pytest\n" + PUT},
    "something else than a parameter": {
        "main.py": MAIN,
        "util.py": PUT.replace("    for", "    o = x()\n    for"),
    },
    "a parameter of the function around": {
        "main.py": MAIN,
        "util.py": "NAMES = ['capture_message']\ndef put(o):\n    def g():\n        setattr(o, NAMES[0], 1)\n    return g\n",
    },
    "no parameter": {
        "main.py": MAIN,
        "util.py": PUT.replace("def put(o, new)", "o = x()\ndef put(new)"),
    },
    "a file that is not Python": {"main.py": MAIN, "util.py": PUT, "a.py": "put(\n"},
}


@pytest.mark.parametrize("files", UNCALLED.values(), ids=UNCALLED)
def test_uncalled(run: Run, here: Path, files: Files) -> None:
    assert offers_safe_fix(run, here, files)


@pytest.mark.parametrize("files", CALLED.values(), ids=CALLED)
def test_called(run: Run, here: Path, files: Files) -> None:
    assert not offers_safe_fix(run, here, files)
