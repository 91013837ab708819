"""What a block calls of its own class, where nobody sees from what another class is derived, or how
it gets its members; the same in one file, in two, and in one that does not mention the SDK."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.conftest import Run, write_tree

BASE = """import sentry_sdk
class Base:
    def __init__(self, text=""): self.text = text
    def label(self): return "base"
    def report(self):
        with sentry_sdk.push_scope() as scope:
            scope.set_tag("l", self.label())
            sentry_sdk.capture_message("in")
"""
NOTE = "def note(): sentry_sdk.set_tag('i', '1')\n"
HELPERS = f"import sentry_sdk\n{NOTE}def pure(*a): return 'x'\ndef noisy(f): return note\n"
METHOD = "    def label(self): note()\n"
QUIET = "    def label(self): return 'quiet'\n"
FUNCTION = "def loud(self): note()\n"
# How a class may be derived from the one of the block; each then has the method.
BASES = {
    "another name": "B = Base\nclass J(B):\n",
    "another name of a name": "A = Base\nB = A\nclass J(B):\n",
    "a condition": "class J(Base if note else object):\n",
    "either": "class J(note and Base):\n",
    "a list of bases": "BASES = (Base,)\nclass J(*BASES):\n",
    "a function": "def get(): return Base\nclass J(get()):\n",
    "a string": "import helpers as h\nclass J(getattr(h, 'Base')):\n",
    "a dict": "R = {'base': Base}\nclass J(R['base']):\n",
    "a class that holds it": "class DB:\n    Model = Base\nclass J(DB.Model):\n",
    "an instance that holds it": "class DB:\n    def __init__(self): self.Model = Base\ndb = DB()\nclass J(db.Model):\n",
    "a cast": "import typing\nclass J(typing.cast(type, Base)):\n",
    "the class of an instance": "class J(type(Base())):\n",
    "the class of an instance by its name": "b = Base()\nclass J(b.__class__):\n",
}
INNER = {
    "a parameter": "def make(B=Base):\n    class J(B):\n        def label(self): note()\n",
    "a variable": "def make():\n    B = Base\n    class J(B):\n        def label(self): note()\n",
    "a loop": "for B in (Base,):\n    class J(B):\n        def label(self): note()\n",
}
# How it may get the method.
MEMBERS = {
    "on the instance": f"class J(Base):\n    def __init__(self): self.label = self.loud\n    {FUNCTION}",
    "bound to the instance": f"import types\n{FUNCTION}class J(Base):\n"
    "    def __init__(self): self.label = types.MethodType(loud, self)\n",
    "given to the instance": "class J(Base):\n    def __init__(self, label): self.label = label\n",
    "a part": "import functools\nclass J(Base):\n    def _l(self, x): note()\n"
    "    label = functools.partialmethod(_l, 1)\n",
    "another method": "class J(Base):\n    def _l(self): note()\n    label = _l\n",
    "static": f"{FUNCTION}class J(Base):\n    label = staticmethod(loud)\n",
    "wrapped": "from helpers import noisy\nclass J(Base):\n    label = noisy(Base.label)\n",
    "one of two": f"{FUNCTION}class J(Base):\n    label = loud if Base else None\n",
    "one of several": f"{FUNCTION}class J(Base):\n    label, x = loud, 1\n",
    "in a loop": f"{FUNCTION}class J(Base):\n    for label in [loud]: pass\n",
    "entered": f"{FUNCTION}import contextlib\nclass J(Base):\n"
    "    with contextlib.nullcontext(loud) as label: pass\n",
    "imported": "class J(Base):\n    from helpers import note as label\n",
    "imported before": "import helpers\nclass J(Base):\n    label = helpers.note\n",
    "the names of the class": f"{FUNCTION}class J(Base):\n    locals()['label'] = loud\n",
    "the names of the class and a lambda": "class J(Base):\n    vars()['label'] = lambda self: note()\n",
    "a descriptor": "class D:\n    def __get__(self, one, owner): note(); return lambda: 'x'\n"
    "class J(Base):\n    label = D()\n",
    "all attributes": "class J(Base):\n    def __getattribute__(self, name):\n"
    "        note()\n        return object.__getattribute__(self, name)\n",
    "set with others": f"{FUNCTION}class J(Base): pass\nJ.label, J.x = loud, 2\n",
    "set in a loop": f"{FUNCTION}class J(Base): pass\nfor J.label in [loud]: pass\n",
    "set by entering": f"{FUNCTION}import contextlib\nclass J(Base): pass\n"
    "with contextlib.nullcontext(loud) as J.label: pass\n",
    "a mixin that sets it": f"class M:\n    def __init__(self): self.label = self.loud\n    {FUNCTION}"
    "class J(M, Base): pass\n",
    "a loop over names": f"class J(Base):\n    def __init__(self):\n"
    f"        for n in ('label',): setattr(self, n, self.loud)\n    {FUNCTION}",
    "by its name": f"class J(Base):\n    def __init__(self): setattr(self, 'label', self.loud)\n    {FUNCTION}",
}
ACTS = {
    **{name: f"{head}{METHOD}" for name, head in BASES.items()},
    **INNER,
    **MEMBERS,
}
# The like where nothing acts under that name.
QUIETS = {
    **{
        name: f"{head}    def label(self): return 'quiet'\n    def other(self): note()\n"
        for name, head in BASES.items()
    },
    **{
        name: text.replace("label", "other")
        for name, text in {**INNER, **MEMBERS}.items()
        if "getattribute" not in text
    },
    "a base of the library": f"import enum\nclass J(enum.Enum):\n{METHOD}",
    "a base that a function of the library makes": "import collections\n"
    f"class J(collections.namedtuple('J', 'a b')):\n{METHOD}",
    "no base": f"class J:\n{METHOD}",
    "a text": "class J(Base):\n    label = 'x'\n",
    "a number on the instance": "class J(Base):\n    def __init__(self): self.label = 1\n",
    "all attributes of another": "class J:\n    def __getattribute__(self, name):\n        note()\n",
    "a class that is asked about": f"def f(x): return isinstance(x, Base)\nclass J:\n{METHOD}",
    "a class that is made": f"def f() -> Base: return Base()\nclass J:\n{METHOD}",
    "a class that is annotated": f"def f(x: Base | None) -> list[Base]: ...\nclass J:\n{METHOD}",
}


def layouts(impl: str) -> dict[str, dict[str, str]]:
    """The same code in one file, in two, and in one that does not mention the SDK."""
    one = BASE + NOTE + impl.replace("as h\n", "as h\nh.Base = Base\n")
    two = impl.replace("helpers as h", "base as h")
    taken = "from base import Base\n"
    return {
        "one": {"base.py": one},
        "two": {"base.py": BASE, "impl.py": f"import sentry_sdk\n{taken}{NOTE}{two}"},
        "plain": {"base.py": BASE, "impl.py": f"from helpers import note\n{taken}{two}"},
    }


def scopes(run: Run, here: Path, impl: str) -> dict[str, str]:
    """Which scope safe fixes have the block use, by layout."""
    found: dict[str, str] = {}
    for name, files in layouts(impl).items():
        root = here / name
        write_tree(root, {"pyproject.toml": "", "helpers.py": HELPERS, **files})
        run("check", "--fix", str(root))
        text = (root / "base.py").read_text()
        found[name] = text.partition("with sentry_sdk.")[2].partition("(")[0]
    return found


@pytest.mark.parametrize("impl", ACTS.values(), ids=ACTS)
def test_what_may_be_called_instead(run: Run, here: Path, impl: str) -> None:
    found = scopes(run, here, impl)
    assert found == dict.fromkeys(found, "isolation_scope")


@pytest.mark.parametrize("impl", QUIETS.values(), ids=QUIETS)
def test_what_is_not_called_instead(run: Run, here: Path, impl: str) -> None:
    found = scopes(run, here, impl)
    assert found == dict.fromkeys(found, "new_scope")
