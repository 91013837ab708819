"""What an operation may run of a class in a file that does not mention the SDK."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.conftest import Run, write_tree

VIEW = """import sentry_sdk
def view(order):
    with sentry_sdk.push_scope() as scope:
        scope.set_extra("a", {operation})
        sentry_sdk.capture_message("in")
"""
TEXT = 'f"{order}"'
TOTAL = "order.total + 1"
HELPERS = "import sentry_sdk\ndef note():\n    sentry_sdk.set_tag('a', 'b')\ndef pure():\n    return 'x'\n"
PROJECT = {"pyproject.toml": '[project]\nname = "x"\nversion = "1"\n', "helpers.py": HELPERS}


def order(body: str, head: str = "", name: str = "__str__", decorator: str = "") -> str:
    above = f"    {decorator}\n" if decorator else ""
    return f"{head}\nclass Order:\n{above}    def {name}(self):\n        {body}\n"


NOTE = "from helpers import note"
# What stands in models.py, or in several files, and what the view does with an order.
ACTS: dict[str, tuple[str | dict[str, str], str]] = {
    "a helper": (order("note()", NOTE), TEXT),
    "a helper of a module": (order("helpers.note()", "import helpers"), TEXT),
    "a helper by another name": (order("n()", "from helpers import note as n"), TEXT),
    "a module called as the SDK": (
        {"models.py": order("note()", NOTE), "pk/sentry_sdk.py": "", "pk/__init__.py": ""},
        TEXT,
    ),
    "by a star": (order("note()", "from helpers import *"), TEXT),
    "a helper of a helper": (
        {
            "models.py": order("say()", "from between import say"),
            "between.py": f"{NOTE}\ndef say():\n    return note()\n",
        },
        TEXT,
    ),
    "a re-exported helper": (
        {
            "models.py": order("note()", "from pk import note"),
            "pk/__init__.py": "from helpers import note\n",
        },
        TEXT,
    ),
    "a method of its own": (order("self.say()\n    def say(self):\n        note()", NOTE), TEXT),
    "a method of what it holds": (
        {
            "models.py": order("self.log.say()"),
            "log.py": f"{NOTE}\nclass Log:\n    def say(self):\n        note()\n",
        },
        TEXT,
    ),
    "what it makes": (
        {
            "models.py": order("Log()", "from log import Log"),
            "log.py": f"{NOTE}\nclass Log:\n    def __init__(self):\n        note()\n",
        },
        TEXT,
    ),
    "a function in a function": (order("def say():\n            note()\n        say()", NOTE), TEXT),
    "it logs": (order("log.info('x')", "import logging\nlog = logging.getLogger()"), TEXT),
    "it logs by the module": (order("logging.error('x')", "import logging"), TEXT),
    "it logs by its own": (order("self.logger.warning('x')"), TEXT),
    "it asks a server": (order("return get('x').text", "from requests import get"), TEXT),
    "it runs a program": (order("subprocess.run('x')", "import subprocess"), TEXT),
    "it calls what it was given": (order("self.callback()"), TEXT),
    "it calls what nobody knows": (order("return CALLS['x']()", "CALLS = {}"), TEXT),
    "it enters something": (order("with LOCK:\n            return 'x'", "from lib import LOCK"), TEXT),
    "it is decorated": (order("return 'x'", "from lib import traced", decorator="@traced"), TEXT),
    "a property": (order("note()", NOTE, "total", "@property"), TOTAL),
    "a kept property": (
        order("note()", f"import functools\n{NOTE}", "total", "@functools.cached_property"),
        TOTAL,
    ),
    "a property without a decorator": (
        "import sentry_sdk\ndef get(self):\n    sentry_sdk.set_tag('a', 'b')\n"
        "class Order:\n    total = property(get)\n",
        TOTAL,
    ),
    "a number": (order("note()", NOTE, "__add__"), "order + 1"),
    "a length": (order("note()", NOTE, "__len__"), "len(order)"),
    "an item": (order("note()", NOTE, "__getitem__"), "order[0]"),
    "any attribute": (order("note()", NOTE, "__getattr__"), "order.name"),
}  # fmt: skip
COMPUTES: dict[str, tuple[str | dict[str, str], str]] = {
    "a text": (order("return 'x'"), TEXT),
    "attributes": (order("return f'{self.name} {self.number:d}'"), TEXT),
    "builtins": (order("return str(len(self.items) + int(self.n))"), TEXT),
    "methods of texts": (order("return ', '.join(self.names).strip().upper()"), TEXT),
    "times": (order("return self.made.isoformat()"), TEXT),
    "the standard library": (order("return json.dumps(self.names)", "import json"), TEXT),
    "a pure helper": (order("return pure()", "from helpers import pure"), TEXT),
    "a pure method": (order("return self.say()\n    def say(self):\n        return 1"), TEXT),
    "each other": (order("return self.say()\n    def say(self):\n        return self.__str__()"), TEXT),
    "what it makes": (order("return Log()\nclass Log:\n    def __init__(self):\n        self.x = 1"), TEXT),
    "another method": (order("note()", NOTE, "refresh"), TEXT),
    "another property": (order("note()", NOTE, "summary", "@property"), TOTAL),
    "a property without a decorator": (
        f"import sentry_sdk\n{NOTE}\ndef get(self):\n    return 1\n"
        "class Order:\n    total = property(get)\n    def other(self): note()\n",
        TOTAL,
    ),
    "a function, no method": (f"{NOTE}\ndef __str__(self):\n    note()\n", TEXT),
    "what is only passed on": (order("return [note]", NOTE), TEXT),
    "no Python": ("class Order(:\n    def __str__(self): note()\n", TEXT),
    "kept": (order("return 1", "import functools", "total", "@functools.cached_property"), TOTAL),
    "nothing there": ("", TEXT),
}  # fmt: skip


def fork(run: Run, here: Path, files: str | dict[str, str], operation: str) -> str:
    """Which fork the safe fix makes of a view."""
    beside = files if isinstance(files, dict) else {"models.py": files}
    write_tree(here, {**PROJECT, "views.py": VIEW.format(operation=operation), **beside})
    run("check", "--fix", "views.py")
    text = (here / "views.py").read_text()
    return next(name for name in ("isolation_scope", "new_scope", "push_scope") if name in text)


@pytest.mark.parametrize(("files", "operation"), ACTS.values(), ids=ACTS)
def test_what_does_more(run: Run, here: Path, files: str | dict[str, str], operation: str) -> None:
    assert fork(run, here, files, operation) == "isolation_scope"


@pytest.mark.parametrize(("files", "operation"), COMPUTES.values(), ids=COMPUTES)
def test_what_computes(run: Run, here: Path, files: str | dict[str, str], operation: str) -> None:
    assert fork(run, here, files, operation) == "new_scope"


def test_the_place_is_told(run: Run, here: Path) -> None:
    write_tree(
        here, {**PROJECT, "views.py": VIEW.format(operation=TEXT), "m.py": order("note()", NOTE)}
    )
    assert "may run `__str__` of a class in m.py:3" in run("check", "--unsafe-fixes").text


BASE = """import sentry_sdk
class Base:
    def label(self):
        {body}
    def report(self):
        with sentry_sdk.push_scope() as scope:
            scope.set_tag("a", self.label())
            sentry_sdk.capture_message("in")
class Inner(Base): ...
"""
SETS = "import sentry_sdk\n{head}\nclass {derived}:\n    def label(self):\n        {body}\n"
ACTING = "sentry_sdk.set_tag('b', 'c')"


def derived(head: str, bases: str, body: str = ACTING) -> dict[str, str]:
    return {"impl.py": SETS.format(head=head, derived=bases, body=body)}


# how another file derives a class that has the method, which acts
OVERRIDES = {
    "by name": derived("from views import Base", "I(Base)"),
    "of the module": derived("import views", "I(views.Base)"),
    "by another name": derived("from views import Base as B", "I(B)"),
    "from a derived class": derived("from views import Inner", "I(Inner)"),
    "by a star": derived("from views import *", "I(Base)"),
    "in brackets": derived("from views import Base", "I(Base[int])"),
    "by an assigned name": derived("import views\nBase = views.Base", "I(Base)"),
    "in a function": {
        "impl.py": "import sentry_sdk\nimport views\ndef make():\n    class I(views.Base):\n"
        f"        def label(self): {ACTING}\n    return I\n"
    },
    "by type()": derived(
        "from views import Base\ndef make(): return type('I', (M, Base), {})", "M"
    ),
    "by a mixin": derived("from views import Base", "M") | {
        "both.py": "from impl import M\nfrom views import Base\nclass I(M, Base): ...\n"
    },
    "in files without the SDK": {
        "impl.py": "from views import Base\nfrom helpers import note\n"
        "class I(Base):\n    def label(self): note()\n"
    },
    "that logs": {
        "impl.py": "import logging\nfrom views import Base\nlog = logging.getLogger()\n"
        "class I(Base):\n    def label(self): log.warning('x')\n"
    },
}  # fmt: skip
# what acts in another file, or derives a class, and does not override the method with such code
OTHERS = {
    "another class": derived("from views import Base", "I"),
    "a class of another name": derived("from views import Other", "I(Other)"),
    "of a library": derived("from views import Base\nimport enum", "I(enum.Enum)"),
    "a method that computes": derived("from views import Base", "I(Base)", "return 'c'"),
    "a class with a decorator": {
        "impl.py": "from views import Base\nfrom deco import trace\n@trace\nclass I: ...\n"
    },
    "a function with a decorator above": {
        "impl.py": "from views import Base\n@trace\ndef f(): ...\nclass I(Base): ...\n"
    },
    "read": derived("from views import Base\nname = getattr(Base, 'name')", "I"),
    "an instance": derived("from views import Base\nbase = Base()", "I"),
    "asked": derived("from views import Base\ndef f(x): return isinstance(x, Base)", "I"),
    "another method": {
        "impl.py": "import sentry_sdk\nfrom views import Base\n"
        f"class I(Base):\n    def other(self): {ACTING}\n"
    },
    "nothing": {},
}


@pytest.mark.parametrize("body", ["return 'x'", "raise NotImplementedError", "pass"])
@pytest.mark.parametrize("beside", OVERRIDES.values(), ids=OVERRIDES)
def test_a_method_that_another_file_overrides(
    run: Run, here: Path, beside: dict[str, str], body: str
) -> None:
    write_tree(here, {**PROJECT, "views.py": BASE.format(body=body), **beside})
    run("check", "--fix", "views.py")
    assert "isolation_scope" in (here / "views.py").read_text()


CHANGES = {
    "a class of another file": ("from deco import Auto", "", "(Auto)"),
}
KEEPS = {
    "a dataclass": ("from dataclasses import dataclass", "@dataclass\n", ""),
    "an abstract class": ("import abc", "", "(metaclass=abc.ABCMeta)"),
    "a class that keeps its methods": ("from deco import Plain", "", "(Plain)"),
}
DECO = (
    "import sentry_sdk\nclass Auto:\n    def __init_subclass__(cls): sentry_sdk.set_tag('a', 'b')\n"
)


@pytest.mark.parametrize(("changes", "forms"), [(True, CHANGES), (False, KEEPS)])
def test_a_class_that_is_changed_where_it_stands(
    run: Run, here: Path, changes: bool, forms: dict[str, tuple[str, str, str]]
) -> None:
    base = BASE.format(body="return 'x'")
    tree = {
        f"views{at}.py": f"{head}\n{base.replace('class Base:', f'{above}class Base{bases}:')}"
        for at, (head, above, bases) in enumerate(forms.values())
    }
    deco = DECO if changes else "class Plain: ...\n"
    write_tree(here, {**PROJECT, **tree, "deco.py": deco})
    run("check", "--fix")
    fork = "isolation_scope" if changes else "new_scope"
    assert [name for name in tree if fork not in (here / name).read_text()] == []


@pytest.mark.parametrize("beside", OTHERS.values(), ids=OTHERS)
def test_a_method_that_nobody_overrides(run: Run, here: Path, beside: dict[str, str]) -> None:
    write_tree(here, {**PROJECT, "views.py": BASE.format(body="return 'x'"), **beside})
    run("check", "--fix", "views.py")
    assert "new_scope" in (here / "views.py").read_text()
