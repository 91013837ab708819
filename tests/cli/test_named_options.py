"""Options whose words `init()` gets by way of a name: a table, a parameter, another file's dictionary."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.conftest import Run, write_tree

OLD, NEW = "with_locals", "include_local_variables"
SDK = "import sentry_sdk\n"
LOOP = SDK + "o = {}\nfor e, n in {}:\n    o[n] = e\nsentry_sdk.init(**o)\n"
TABLE = "from m import T\n" + LOOP.replace("{}:", "T.items():")
ROWS = "from m import T\n" + LOOP.replace("{}:", "T:")
GIVEN = "import m\n" + SDK + "sentry_sdk.init(**m.S)\n"
BUILDER = SDK + (
    "class B:\n"
    "    def __init__(self): self.o = {}\n"
    "    def set(self, k, v):\n        self.o[k] = v\n        return self\n"
    "    def start(self): sentry_sdk.init(**self.o)\n"
)
DJANGO = "from django.conf import settings\n" + SDK + "sentry_sdk.init(**settings.S)\n"

# what: (files; how many of the words in `m.py` a fix renames, the rest being left)
FIXED = {
    "the values of a table": ({"a.py": TABLE, "m.py": "T = {'E': 'with_locals'}\n"}, 1),
    "the keys of a table": ({"a.py": TABLE.replace("e, n", "n, e"), "m.py": "T = {'with_locals': 'E'}\n"}, 1),
    "the keys alone": ({"a.py": ROWS.replace("e, n", "n").replace("= e", "= 1"), "m.py": "T = {'with_locals': 'E'}\n"}, 1),
    "a list": ({"a.py": ROWS.replace("e, n", "n").replace("= e", "= 1"), "m.py": "T = ['dsn', 'with_locals']\n"}, 1),
    "a row of a list": ({"a.py": ROWS, "m.py": "T = [('E', 'with_locals')]\n"}, 1),
    "a row of a table": ({"a.py": TABLE.replace("e, n", "e, (n, c)"), "m.py": "T = {'E': ('with_locals', int)}\n"}, 1),
    "in the file itself": ({"m.py": "T = {'E': 'with_locals'}\n" + LOOP.replace("{}:", "T.items():")}, 1),
    "in a function": ({"m.py": SDK + "def f():\n    t = {'E': 'with_locals'}\n    sentry_sdk.init(**{n: e for e, n in t.items()})\n"}, 1),
    "a comprehension": ({"a.py": "from m import T\n" + SDK + "sentry_sdk.init(**{n: e for e, n in T.items()})\n", "m.py": "T = {'E': 'with_locals'}\n"}, 1),
    "a constant": ({"m.py": "T = 'with_locals'\n" + SDK + "sentry_sdk.init(**{T: 1})\n"}, 1),
    "a method's parameter": ({"a.py": BUILDER, "m.py": "from a import B\nB().set('dsn', '').set('with_locals', 1).start()\n"}, 1),
    "a builder in a variable": ({"a.py": BUILDER, "m.py": "from a import B\nb = B()\nb.set('with_locals', 1)\nb.start()\n"}, 1),
    "a function's parameter": ({"a.py": SDK + "O = {}\ndef put(k, v):\n    O[k] = v\ndef start():\n    sentry_sdk.init(**O)\n", "m.py": "from a import put\nput('with_locals', 1)\n"}, 1),
    "a module's function": ({"a.py": SDK + "O = {}\ndef put(k, v):\n    O.setdefault(k, v)\ndef start():\n    sentry_sdk.init(**O)\n", "m.py": "import a\na.put('with_locals', 1)\n"}, 1),
    "by keyword": ({"a.py": BUILDER, "m.py": "from a import B\nB().set(v=1, k='with_locals').start()\n"}, 1),
    "a builder of the file": ({"m.py": BUILDER + "B().set('with_locals', 1).start()\n"}, 1),
    "a dictionary": ({"a.py": GIVEN, "m.py": "S = {'with_locals': 1}\n"}, 1),
    "another option's new name beside it": ({"a.py": GIVEN.replace("**m.S", "**m.S, max_request_body_size='never'"), "m.py": "S = {'with_locals': 1}\n"}, 1),
    "`dict()`": ({"a.py": GIVEN, "m.py": "S = dict(with_locals=1)\n"}, 1),
    "in steps": ({"a.py": GIVEN, "m.py": "S = {}\nS['with_locals'] = 1\n"}, 1),
    "pairs": ({"a.py": GIVEN.replace("m.S", "dict(m.S)"), "m.py": "S = [('with_locals', 1), ('dsn', 'with_locals')]\n"}, 1),
    "an item": ({"a.py": GIVEN.replace("m.S", "m.S['s']"), "m.py": "S = {'s': {'with_locals': 1}}\n"}, 1),
    "a class's": ({"a.py": GIVEN.replace("m.S", "m.C.S"), "m.py": "class C:\n    S = {'with_locals': 1}\n"}, 1),
    "and where it is read there": ({"a.py": GIVEN, "m.py": "S = {'with_locals': 1}\nprint(S['with_locals'])\n"}, 2),
    "Django's settings": ({"a.py": DJANGO, "m.py": "", "settings.py": "S = {'with_locals': 1}\n"}, 0),
    "of a star import": ({"a.py": "import p\n" + SDK + "sentry_sdk.init(**p.S)\n", "p.py": "from m import *\nS['request_bodies'] = 1\n", "m.py": "S = {'with_locals': 1}\n"}, 1),
    "a member of an enumeration": ({"m.py": "import enum\n" + SDK + "class O(str, enum.Enum):\n    A = 'with_locals'\nsentry_sdk.init(**{O.A.value: 1})\n"}, 1),
    "a constant of a class": ({"m.py": SDK + "class O:\n    A = 'with_locals'\no = {}\no[O.A] = 1\nsentry_sdk.init(**o)\n"}, 1),
    "a class derived from `dict`": ({"m.py": SDK + "class O(dict): ...\nsentry_sdk.init(**O(with_locals=1))\n"}, 1),
    "fields of a dataclass": ({"m.py": "from dataclasses import asdict, dataclass\n" + SDK + "@dataclass\nclass O:\n    with_locals: bool = False\no = O()\nprint(o.with_locals)\nsentry_sdk.init(**asdict(o))\n"}, 2),
    "what a class has": ({"m.py": SDK + "class O:\n    with_locals = False\nsentry_sdk.init(**{k: v for k, v in vars(O).items() if k[0] != '_'})\n"}, 1),
    "attributes of a dictionary": ({"m.py": SDK + "class O(dict): __setattr__ = dict.__setitem__\no = O()\no.with_locals = 1\nsentry_sdk.init(**o)\n"}, 1),
    "of Django's settings by a star import": ({"a.py": DJANGO, "settings.py": "from m import *\n", "m.py": "S = {'with_locals': 1}\n"}, 1),
    # What is left: another place, a word that serves other ends, or one that is read elsewhere.
    "a member that serves other ends": ({"m.py": SDK + "class O:\n    A = 'with_locals'\nprint(O.A)\nsentry_sdk.init(**{O.A: 1})\n"}, 0),
    "fields of another library's settings": ({"m.py": "from pydantic import BaseSettings\n" + SDK + "class O(BaseSettings):\n    with_locals: bool = False\nsentry_sdk.init(**O().dict())\n"}, 0),
    "fields that another file gives": ({"m.py": "from dataclasses import asdict, dataclass\n" + SDK + "@dataclass\nclass O:\n    with_locals: bool = False\ndef start(o: O):\n    sentry_sdk.init(**asdict(o))\n", "a.py": "from m import O, start\nstart(O(with_locals=True))\n"}, 0),
    "fields of a class with another decorator": ({"m.py": "from attrs import define, asdict\n" + SDK + "@define\nclass O:\n    with_locals: bool = False\nsentry_sdk.init(**asdict(O()))\n"}, 0),
    "a field and a string of its name": ({"m.py": "from dataclasses import asdict, dataclass\n" + SDK + "@dataclass\nclass O:\n    with_locals: bool = False\no = O()\nprint(getattr(o, 'with_locals'))\nsentry_sdk.init(**asdict(o))\n"}, 0),
    "another place of the table": ({"a.py": TABLE, "m.py": "T = {'with_locals': 'dsn'}\n"}, 0),
    "a function's own table": ({"a.py": TABLE, "m.py": "T = {'E': 'dsn'}\ndef f():\n    T = {'E': 'with_locals'}\n    return T\n"}, 0),
    "another table": ({"a.py": TABLE, "m.py": "T = {}\nU = {'E': 'with_locals'}\n"}, 0),
    "a table of another module": ({"a.py": TABLE.replace("from m", "from q"), "q.py": "T = {}\n", "m.py": "T = {'E': 'with_locals'}\n"}, 0),
    "a table that serves other ends": ({"a.py": TABLE.replace("    o[n]", "    print(n)\n    o[n]"), "m.py": "T = {'E': 'with_locals'}\n"}, 0),
    "a table that `init()` does not get": ({"a.py": TABLE.replace("**o", "debug=1"), "m.py": "T = {'E': 'with_locals'}\n"}, 0),
    "another method": ({"a.py": BUILDER, "m.py": "from a import B\nB().get('with_locals', 1)\n"}, 0),
    "a method of another class": ({"a.py": BUILDER, "m.py": "from q import C\nC().set('with_locals', 1)\n"}, 0),
    "a method of what is not known": ({"a.py": BUILDER, "m.py": "def f(x):\n    x.set('with_locals', 1)\n"}, 0),
    "a function's parameter that serves other ends": ({"a.py": SDK + "O = {}\ndef put(k):\n    print(k)\n    O[k] = 1\ndef start():\n    sentry_sdk.init(**O)\n", "m.py": "from a import put\nput('with_locals')\n"}, 0),
    "a table that another file takes": ({"a.py": TABLE, "m.py": "T = {'E': 'with_locals'}\n", "b.py": "from m import T\nprint(T)\n"}, 0),
    "a table that its own file reads": ({"a.py": TABLE, "m.py": "T = {'E': 'with_locals'}\nprint(T)\n"}, 0),
    "a table of the file that serves more": ({"m.py": "T = {'E': 'with_locals'}\nprint(T)\n" + LOOP.replace("{}:", "T.items():")}, 0),
    "a constant of another file": ({"a.py": "from m import T\n" + SDK + "sentry_sdk.init(**{T: 1})\n", "m.py": "T = 'with_locals'\n"}, 0),
    "a constant that another file takes": ({"a.py": "from m import T\n" + SDK + "sentry_sdk.init(**{T: 1})\n", "m.py": "T = 'with_locals'\n", "b.py": "from m import T\nprint(T)\n"}, 0),
    "a class derived from `dict` with parameters": ({"m.py": SDK + "class O(dict):\n    def __init__(self, with_locals): ...\nsentry_sdk.init(**O(with_locals=1))\n"}, 0),
    "another argument": ({"a.py": BUILDER, "m.py": "from a import B\nB().set('tag', 'with_locals')\n"}, 0),
    "a method whose parameter serves other ends": ({"a.py": BUILDER.replace("        self.o[k] = v", "        print(k)\n        self.o[k] = v"), "m.py": "from a import B\nB().set('with_locals', 1)\n"}, 0),
    "another dictionary": ({"a.py": GIVEN, "m.py": "S = {}\nU = {'with_locals': 1}\n"}, 0),
    "another item": ({"a.py": GIVEN.replace("m.S", "m.S['s']"), "m.py": "S = {'t': {'with_locals': 1}}\n"}, 0),
    "a value": ({"a.py": GIVEN, "m.py": "S = {'dsn': 'with_locals'}\n"}, 0),
    "another class's": ({"a.py": GIVEN.replace("m.S", "m.C.S"), "m.py": "class C:\n    S = {}\nclass D:\n    S = {'with_locals': 1}\n"}, 0),
    "a local variable": ({"a.py": GIVEN, "m.py": "S = {'dsn': ''}\ndef f():\n    S = {'with_locals': 1}\n    return S\n"}, 0),
    "both names": ({"a.py": GIVEN, "m.py": "S = {'with_locals': 1, 'include_local_variables': 1}\n"}, 0),
    "the new name beside it": ({"a.py": GIVEN.replace("**m.S", "**{**m.S, 'include_local_variables': 1}"), "m.py": "S = {'with_locals': 1}\n"}, 0),
    "read in another file": ({"a.py": GIVEN, "m.py": "S = {'with_locals': 1}\n", "r.py": "import m\nprint(m.S.get('with_locals'))\n"}, 0),
    "read from something else": ({"a.py": GIVEN, "m.py": "S = {'with_locals': 1}\ndef f(o): return o['with_locals']\n"}, 0),
    "suppressed": ({"a.py": GIVEN, "m.py": "S = {'with_locals': 1}  # noqa: SEN301\n"}, 0),
    "a dictionary that goes elsewhere": ({"a.py": GIVEN.replace("sentry_sdk.init", "other"), "m.py": "S = {'with_locals': 1}\n"}, 0),
}  # fmt: skip


BY_HAND = {
    "a star import": {"a.py": "", "p.py": "from m import *\n", "m.py": "S = {'with_locals': 1}\n"},
    "an attribute of what a function makes": {"a.py": "from m import load\n" + SDK + "c = load()\nsentry_sdk.init(**c.sentry)\n", "m.py": "\ndef load():\n    c = C()\n    c.sentry = {}; c.sentry['with_locals'] = 1\n    return c\n"},
    "a table that serves other ends": FIXED["a table that serves other ends"][0],
    "read in another file": FIXED["read in another file"][0],
    "both names": FIXED["both names"][0],
}  # fmt: skip
BY_HAND["a star import"]["a.py"] = "import p\n" + SDK + "sentry_sdk.init(**p.S)\n"


@pytest.mark.parametrize("tree", BY_HAND.values(), ids=BY_HAND)
def test_words_for_a_person(run: Run, here: Path, tree: dict[str, str]) -> None:
    write_tree(here, {"pyproject.toml": "[project]\nname = 'x'\n", **tree})
    ran = run("check", ".")
    assert ran.code == 1
    assert ran.text.count("2.x refuses to start with") == 1
    assert "--> m.py:" in ran.text


@pytest.mark.parametrize(("tree", "number"), FIXED.values(), ids=FIXED)
def test_words_that_a_fix_renames(run: Run, here: Path, tree: dict[str, str], number: int) -> None:
    write_tree(here, {"pyproject.toml": "[project]\nname = 'x'\n", **tree})
    before = tree["m.py"].count(OLD)
    ran = run("check", "--fix", "--unsafe-fixes", ".")
    text = (here / "m.py").read_text()
    assert text.count(OLD) == before - number
    assert text.count(NEW) == tree["m.py"].count(NEW) + number
    if number == before:
        assert ran.code == 0
