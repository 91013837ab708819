"""Options that functions are given, pass on to `init()`, and read themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.conftest import Run, write_tree

SDK = "import sentry_sdk\n"
TEST = {
    "get": "o.get('with_locals')",
    "in": "'with_locals' in o",
    "not in": "'with_locals' not in o",
}
TEST |= {"item": "o['with_locals']", "pop": "o.pop('with_locals', 1)"}
INIT = "    sentry_sdk.init(**o)\n"
SETUP = SDK + "def setup(**o):\n    print({})\n" + INIT
GIVEN = "setup(with_locals=0)\n"
APP = "from m import setup\n" + GIVEN
KEPT = (
    SDK
    + "class M:\n    def __init__(self, **o):\n        self.o = o\n        print('with_locals' in {})\n"
)
KEPT += "    def start(self):\n        sentry_sdk.init(**self.o)\n"
CLASS = "from m import M\nM(with_locals=0).start()\n"

FIXED = {
    **{f"{name}, in the file": {"m.py": SETUP.format(code) + GIVEN} for name, code in TEST.items()},
    **{f"{name}, in another": {"m.py": SETUP.format(code), "a.py": APP} for name, code in TEST.items()},
    "twice": {"m.py": SETUP.format("o.get('with_locals')", "") + GIVEN + GIVEN},
    "a default": {"m.py": SDK + "def setup(**o):\n    o.setdefault('with_locals', 1)\n    print(o['with_locals'])\n" + INIT, "a.py": APP},
    "an option beside": {"m.py": SDK + "def setup(**o):\n    on = o.pop('with_locals', 1)\n    sentry_sdk.init(with_locals=on, **o)\n", "a.py": APP},
    "kept": {"m.py": KEPT.format("o"), "a.py": CLASS},
    "read where it is kept": {"m.py": KEPT.format("self.o"), "a.py": CLASS},
    "a method": {"m.py": KEPT.format("self.o") + "M(with_locals=0).start()\n"},
    "a copy": {"m.py": SDK + "def setup(**o):\n    p = dict(o)\n    print('with_locals' in p)\n    sentry_sdk.init(**p)\n", "a.py": APP},
    "a new dictionary": {"m.py": SDK + "def setup(**o):\n    print(o.get('with_locals'))\n    sentry_sdk.init(**{'debug': 1, **o})\n", "a.py": APP},
    "a parameter": {"m.py": SDK + "def setup(o):\n    print(o.get('with_locals'))\n" + INIT + "setup({'with_locals': 0})\n"},
}  # fmt: skip

LEFT = {
    "a set of names": {"m.py": SDK + "KNOWN = {'with_locals'}\ndef setup(**o):\n    print(set(o) - KNOWN)\n" + INIT, "a.py": APP},
    "a set of names in the file": {"m.py": SDK + "KNOWN = {'with_locals'}\ndef setup(**o):\n    print(set(o) - KNOWN)\n" + INIT + GIVEN},
    "a comparison": {"m.py": SETUP.format("[k for k in o if k == 'with_locals']"), "a.py": APP},
    "a name": {"m.py": SDK + "K = 'with_locals'\ndef setup(**o):\n    print(o.get(K))\n" + INIT + GIVEN},
    "a read and a set": {"m.py": SDK + "KNOWN = ['with_locals']\ndef setup(**o):\n    print(set(o) - {*KNOWN}, o.get('with_locals'))\n" + INIT, "a.py": APP},
    "both names": {"m.py": SETUP.format("o.get('with_locals', o.get('include_local_variables'))"), "a.py": APP},
    "a suppressed read": {"m.py": SETUP.replace("})\n", "})  # noqa: SEN301\n").format("o.get('with_locals')"), "a.py": APP},
    "a function between": {"m.py": SDK + "def look(d):\n    print(d.get('with_locals'))\ndef setup(**o):\n    look(o)\n" + INIT, "a.py": APP},
}  # fmt: skip

UNREAD = {
    "another option": {"m.py": SETUP.format("o.get('debug')"), "a.py": APP},
    "an attribute": {"m.py": SETUP.format("o.with_locals"), "a.py": APP},
    "a client's": {"m.py": SETUP.format("sentry_sdk.Hub.current.client.options['with_locals']"), "a.py": APP},
    "given to `init()` itself": {"m.py": SETUP.format("'with_locals' in o"), "a.py": SDK + "sentry_sdk.init(with_locals=0)\n"},
    "a wrapper of another file": {"m.py": SETUP.format("o"), "a.py": APP, "b.py": SDK + "KNOWN = {'with_locals'}\nsentry_sdk.init()\n"},
}  # fmt: skip


def fixed(run: Run, here: Path, tree: dict[str, str]) -> int:
    write_tree(here, {"pyproject.toml": "[project]\nname = 'x'\n", **tree})
    return run("check", "--fix", "--unsafe-fixes", ".").code


@pytest.mark.parametrize("tree", FIXED.values(), ids=FIXED)
def test_both_sides_get_the_new_name(run: Run, here: Path, tree: dict[str, str]) -> None:
    assert fixed(run, here, tree) == 0
    for name, text in tree.items():
        assert (here / name).read_text() == text.replace("with_locals", "include_local_variables")


@pytest.mark.parametrize("tree", LEFT.values(), ids=LEFT)
def test_neither_side_does_where_one_has_to_stay(
    run: Run, here: Path, tree: dict[str, str]
) -> None:
    assert fixed(run, here, tree) == 1
    for name, text in tree.items():
        assert (here / name).read_text() == text


@pytest.mark.parametrize("tree", UNREAD.values(), ids=UNREAD)
def test_other_reads_stop_nothing(run: Run, here: Path, tree: dict[str, str]) -> None:
    fixed(run, here, tree)
    assert "with_locals" not in (here / "a.py").read_text()


def test_the_one_side_is_told_of_the_other(run: Run, here: Path) -> None:
    tree = LEFT["a comparison"]
    write_tree(here, {"pyproject.toml": "[project]\nname = 'x'\n", **tree})
    text = run("check", ".", "--output-format", "full").text
    assert "Rename it to `include_local_variables`, and where it is read, in m.py:3." in text
