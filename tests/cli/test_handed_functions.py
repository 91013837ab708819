"""What functions call before `init()` that others hand them."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.conftest import Run, write_tree
from cli.test_early_calls import TAGS

RUN = "def go(cb=None, *rest, other=None, **more):\n    {}\n"
APP = """class App:
    def __init__(self, name, cb=None): self.cb = cb
    def run(self): self.cb()
"""
LOG = "import logging\nlog = logging.getLogger('x')\n"
HANDLER = "import logging, tags\nclass H(logging.{}):\n    def {}(self, record): tags.tag()\n"
INIT = (
    "import sentry_sdk, tags, steps\n{}\nsentry_sdk.init()\n{}\nsentry_sdk.capture_message('m')\n"
)
# steps.py, what is called before `init()` and behind it; whether it calls the function of tags.py
# before.
ROWS: dict[str, tuple[str, str, str, bool]] = {
    "called": (RUN.format("cb()"), "steps.go(tags.tag)", "", True),
    "called behind": (RUN.format("cb()"), "", "steps.go(tags.tag)", False),
    "called with another before": (RUN.format("cb()"), "steps.go(print)", "steps.go(tags.tag)", False),
    "not called": (RUN.format("return cb"), "steps.go(tags.tag)", "", False),
    "another one is called": (RUN.format("other()"), "steps.go(tags.tag)", "", False),
    "by keyword": (RUN.format("other()"), "steps.go(other=tags.tag)", "", True),
    "by another keyword": (RUN.format("other()"), "steps.go(cb=tags.tag)", "", False),
    "by a keyword that is not looked up": (RUN.format("return more"), "steps.go(x=tags.tag)", "", False),
    "by keyword, of any": (RUN.format("more['x']()"), "steps.go(x=tags.tag)", "", True),
    "by keyword, none of the others": (RUN.format("more['x']()"), "steps.go(tags.tag)", "", False),
    "in a dict": (RUN.format("cb['x']()"), "steps.go({'x': tags.tag})", "", True),
    "in a dict that is not read": (RUN.format("cb['x'].y()"), "steps.go({'x': tags.tag})", "", False),
    "by a dict's method": (RUN.format("cb.get('x', print)()"), "steps.go({'x': tags.tag})", "", True),
    "behind others": (RUN.format("for f in rest: f()"), "steps.go(1, print, tags.tag)", "", True),
    "before the others": (RUN.format("for f in rest: f()"), "steps.go(tags.tag, print)", "", False),
    "others that are not called": (RUN.format("for f in rest: print(cb)"), "steps.go(1, tags.tag)", "", False),
    "of a list": (RUN.format("for f in rest: f()"), "steps.go(1, *[tags.tag])", "", True),
    "a lambda": (RUN.format("cb()"), "steps.go(lambda: tags.tag())", "", True),
    "a lambda that is not called": (RUN.format("return cb"), "steps.go(lambda: tags.tag())", "", False),
    "a lambda of something else": (RUN.format("cb()"), "steps.go(lambda: tags.tag)", "", False),
    "a function of the file": (RUN.format("cb()"), "def f(): tags.tag()\nsteps.go(f)", "", True),
    "a function of the file that is not called": (RUN.format("return cb"), "def f(): tags.tag()\nsteps.go(f)", "", False),
    "by another name": (RUN.format("f = cb or print; f()"), "steps.go(tags.tag)", "", True),
    "by Python": (RUN.format("list(map(cb, rest))"), "steps.go(tags.tag)", "", True),
    "handed on": (RUN.format("to(cb)") + "def to(f): f()\n", "steps.go(tags.tag)", "", True),
    "handed on and not called": (RUN.format("to(cb)") + "def to(f): return f\n", "steps.go(tags.tag)", "", False),
    "a function here": (RUN.format("cb()"), "def h(f): f()\nh(tags.tag)", "", True),
    "a function here that does not call it": (RUN.format("cb()"), "def h(f): return f\nh(tags.tag)", "", False),
    "an attribute": (APP, "steps.App('x', tags.tag).run()", "", True),
    "an attribute of what does not run": (APP, "steps.App('x', tags.tag)", "", False),
    "an attribute of what runs behind": (APP, "a = steps.App('x', tags.tag)", "a.run()", False),
    "the other argument of a class": (APP, "steps.App(tags.tag, print).run()", "", False),
    "an attribute that another has": (APP, "steps.App('x', print).run()", "steps.App('x', tags.tag)", False),
    "a variable that holds data": (RUN.format("cb()"), "tag = {'x': 1}\nsteps.go(tag)", "", False),
    "a method": ("class A:\n    def on(self, f): f()\n", "steps.A().on(tags.tag)", "", True),
    "a method that registers": ("class A:\n    def on(self, f): self.f = f\n", "steps.A().on(tags.tag)", "", False),
    "a method without instance": ("class A:\n    @staticmethod\n    def on(f, g): f()\n", "steps.A.on(tags.tag, 1)", "", True),
    "the other argument of one": ("class A:\n    @staticmethod\n    def on(f, g): f()\n", "steps.A.on(print, tags.tag)", "", False),
    "a field": ("class A:\n    n: int\n    f: object\n    def go(self): self.f()\n", "steps.A(1, tags.tag).go()", "", True),
    "another field": ("class A:\n    f: object\n    g: object\n    def go(self): self.f()\n", "steps.A(1, tags.tag).go()", "", False),
    "a list": ("X = []\ndef on(f): X.append(f)\ndef go():\n    for f in X: f()\n", "steps.on(tags.tag); steps.go()", "", True),
    "a list that is run behind": ("X = []\ndef on(f): X.append(f)\ndef go():\n    for f in X: f()\n", "steps.on(tags.tag)", "steps.go()", False),
    "a list that is filled behind": ("X = []\ndef on(f): X.append(f)\ndef go():\n    for f in X: f()\n", "steps.go()", "steps.on(tags.tag)", False),
    "another list": ("X, Y = [], []\ndef on(f): X.append(f)\ndef go():\n    for f in Y: f()\n", "steps.on(tags.tag); steps.go()", "", False),
    "another module's name for it": ("from lib import go\n", "steps.go(tags.tag)", "", True),
    "another module's name for what does not": ("from lib import no\n", "steps.no(tags.tag)", "", False),
    "a subclass": ("import lib\nclass B(lib.A): pass\n", "steps.B(tags.tag)", "", True),
    # what is logged
    "a handler": (HANDLER.format("Handler", "emit"), f"{LOG}log.info('x')", "", True),
    "a handler, logged behind": (HANDLER.format("Handler", "emit"), LOG, "log.info('x')", False),
    "a handler of logging itself": (HANDLER.format("StreamHandler", "emit"), "import logging\nlogging.warning('x')", "", True),
    "a filter": (HANDLER.format("Filter", "filter"), f"{LOG}log.info('x')", "", True),
    "another method of a handler": (HANDLER.format("Handler", "close"), f"{LOG}log.info('x')", "", False),
    "no handler": (HANDLER.format("Other", "emit"), "import warnings\nwarnings.warn('x')", "", False),
    "a handler, no logging": (HANDLER.format("Handler", "emit"), f"{LOG}log.setLevel(1)", "", False),
    "a handler, in another file": (HANDLER.format("Handler", "emit") + "def go(): logging.info('x')\n", "steps.go()", "", True),
}  # fmt: skip
LIB = "def go(f): f()\ndef no(f): return f\nclass A:\n    def __init__(self, f): f()\n"


@pytest.mark.parametrize(("steps", "before", "behind", "early"), ROWS.values(), ids=ROWS)
def test_what_is_handed_before(
    run: Run, here: Path, steps: str, before: str, behind: str, early: bool
) -> None:
    files = {"main.py": INIT.format(before, behind), "steps.py": steps, "lib.py": LIB}
    write_tree(here, {"pyproject.toml": "", "tags.py": TAGS, **files})
    run("check", "--fix", "tags.py")
    assert ((here / "tags.py").read_text() == TAGS) == early


IMPORTED = {what: row for what, row in ROWS.items() if not row[2]}

IMPORTED |= {
    "a variable that holds it": (RUN.format("cb['x']()"), "v = {'x': tags.tag}\nsteps.go(v)", "", True),
    "a function's variable": (RUN.format("cb['x']()"), "def f():\n    v = {'x': tags.tag}\n    steps.go(v)\nf()", "", True),
    "a function's other variable": (RUN.format("cb()"), "def f():\n    tag = {'x': 1}\n    steps.go(tag)\nf()", "", False),
    "a variable of another file": (RUN.format("cb[0]()") + "import tags\nV = [tags.tag]\n", "steps.go(steps.V)", "", True),
}  # fmt: skip


@pytest.mark.parametrize(("steps", "before", "behind", "early"), IMPORTED.values(), ids=IMPORTED)
def test_what_a_module_hands_over_that_is_imported_before(
    run: Run, here: Path, steps: str, before: str, behind: str, early: bool
) -> None:
    files = {"main.py": INIT.format("import early", behind), "steps.py": steps, "lib.py": LIB}
    early_text = f"import tags, steps\n{before}\n"
    write_tree(here, {"pyproject.toml": "", "tags.py": TAGS, "early.py": early_text, **files})
    run("check", "--fix", "tags.py")
    assert ((here / "tags.py").read_text() == TAGS) == early
