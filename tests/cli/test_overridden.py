"""What a block calls of its own class, where another file has it be something else."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent

import pytest

from cli.conftest import Run, write_tree

BASE = """import sentry_sdk
class Base:
    text = "base"
    def label(self): return self._label()
    def _label(self): return "base"
    def __hidden(self): return "base"
    def other(self): return "base"
    def report(self):
        with sentry_sdk.push_scope() as scope:
            scope.set_tag("l", {})
            sentry_sdk.capture_message("in")
"""
CALLS = BASE.format("self.label()")
IMPL = "import sentry_sdk\nfrom base import Base\n"
LOUD = "def label(self):\n    sentry_sdk.set_tag('i', '1')\n    return 'i'\n"
METHOD = indent(LOUD, "    ")
QUIET = "    def label(self): return 'quiet'\n"
LOGS = "import logging\n{}    def label(self):\n        logging.warning('x')\n        return 'i'\n"
# What base.py is, and the files beside it.
ACTS: dict[str, tuple[str, dict[str, str]]] = {
    "a subclass": (CALLS, {"impl.py": f"{IMPL}class J(Base):\n{METHOD}"}),
    "a subclass by the module": (
        CALLS,
        {"impl.py": f"import base, sentry_sdk\nclass J(base.Base):\n{METHOD}"},
    ),
    "a subclass of a subclass": (
        CALLS,
        {
            "mid.py": "from base import Base\nclass Mid(Base): pass\n",
            "impl.py": f"import sentry_sdk\nfrom mid import Mid\nclass J(Mid):\n{METHOD}",
        },
    ),
    "a subclass in a function": (
        CALLS,
        {
            "impl.py": f"{IMPL}def make():\n    class J(Base):\n{indent(METHOD, '    ')}    return J\n"
        },
    ),
    "what it calls in turn": (
        CALLS,
        {"impl.py": f"{IMPL}class J(Base):\n{METHOD.replace('label', '_label')}"},
    ),
    "a mixin": (
        CALLS,
        {
            "mix.py": f"import sentry_sdk\nclass Mix:\n{METHOD}",
            "impl.py": f"{IMPL}from mix import Mix\nclass J(Mix, Base): pass\n",
        },
    ),
    "one that logs": (
        CALLS,
        {"impl.py": LOGS.format("from base import Base\nclass J(Base):\n")},
    ),
    "a class method": (
        BASE.format("self.make()") + "    @classmethod\n    def make(cls): return cls.label(1)\n",
        {"impl.py": f"{IMPL}class J(Base):\n{METHOD}"},
    ),
    "an abstract one": (
        CALLS.replace("    def label", "    @abc.abstractmethod\n    def label").replace(
            "import", "import abc, ", 1
        ),
        {"impl.py": f"{IMPL}class J(Base):\n{METHOD}"},
    ),
    "a property over what the class has": (
        BASE.format("self.text"),
        {"impl.py": f"{IMPL}{LOUD}class J(Base):\n    text = property(label)\n"},
    ),
}
QUIETS: dict[str, tuple[str, dict[str, str]]] = {
    "nothing": (CALLS, {}),
    "a subclass that works it out": (CALLS, {"impl.py": f"{IMPL}class J(Base):\n{QUIET}"}),
    "a subclass that has another": (
        CALLS,
        {"impl.py": f"{IMPL}class J(Base):\n{METHOD.replace('label', 'more')}"},
    ),
    "a function of the name": (CALLS, {"impl.py": f"{IMPL}{LOUD}"}),
    "a function in a method": (
        CALLS,
        {"impl.py": f"{IMPL}class J(Base):\n    def f(self):\n{indent(METHOD, '    ')}"},
    ),
    "a method that is not called in the block": (
        CALLS,
        {"impl.py": f"{IMPL}class J(Base):\n{METHOD.replace('label', 'other')}"},
    ),
    "a name of the class's own": (
        BASE.format("self.__hidden()"),
        {"impl.py": f"{IMPL}class J(Base):\n{METHOD.replace('label', '__hidden')}"},
    ),
    "a property that works it out": (
        BASE.format("self.text"),
        {"impl.py": f"{IMPL}class J(Base):\n    text = property(lambda self: 'i')\n"},
    ),
    "the value of a property in a function": (
        BASE.format("self.text"),
        {"impl.py": f"{IMPL}{LOUD}def f():\n    text = property(label)\n"},
    ),
    "only the name in a string": (CALLS, {"impl.py": f"{IMPL}{LOUD}NAMES = ['label']\n"}),
}


def scope(run: Run, here: Path, case: tuple[str, dict[str, str]]) -> str:
    """Which scope safe fixes have the block use."""
    write_tree(here, {"pyproject.toml": "", "base.py": case[0], **case[1]})
    run("check", "--fix", ".")
    text = (here / "base.py").read_text()
    return text.partition("with sentry_sdk.")[2].partition("(")[0]


@pytest.mark.parametrize("case", ACTS.values(), ids=ACTS)
def test_what_acts(run: Run, here: Path, case: tuple[str, dict[str, str]]) -> None:
    assert scope(run, here, case) == "isolation_scope"


@pytest.mark.parametrize("case", QUIETS.values(), ids=QUIETS)
def test_what_works_out_a_value(run: Run, here: Path, case: tuple[str, dict[str, str]]) -> None:
    assert scope(run, here, case) == "new_scope"
