"""What takes the SDK's place while the program runs: a null object that another file has.

It has the names of 1.x that the code calls, and none that a fix would write.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.conftest import Run, read_tree, write_tree

NULL = """from contextlib import contextmanager
class Null:
    @contextmanager
    def push_scope(self):
        yield self
    def set_tag(self, key, value): pass
    def capture_message(self, message): pass
"""
BLOCK = """
        with {0}.push_scope() as scope:
            scope.set_tag("a", 1)
            {0}.capture_message("m")
"""
SERVICE = "import sentry_sdk\nclass Service:\n    sdk = sentry_sdk\n    def work(self):" + (
    BLOCK.format("self.sdk")
)
FIELD = "import sentry_sdk\nfrom dataclasses import dataclass\nfrom typing import Any\n" + (
    SERVICE.partition("\n")[2]
    .replace("class Service", "@dataclass\nclass Service")
    .replace("sdk =", "sdk: Any =")
)
PLAIN = "import sentry_sdk\nclass Service:\n    def work(self):" + BLOCK.format("sentry_sdk")
HOLDER = "import sentry_sdk\nsdk = sentry_sdk\n"
SWITCH = "import null\ndef off():\n    global sdk\n    sdk = null.Null()\n"
USER = "import obs\nclass Service:\n    def work(self):" + BLOCK.format("obs.sdk")
SPAN = "import sentry_sdk\ndef query():\n    sentry_sdk.start_span(op='db', description='q')\n"
GIVEN = """import sentry_sdk
class Service:
    @property
    def span(self):
        return sentry_sdk.start_span
    def work(self):
        with self.span(op="x", description="d"):
            pass
"""
WRAPPED = """from sentry_sdk.tracing import Span
old = Span.__init__
def init(self, *given, **named):
    named["description"] = named.get("description", "").upper()
    old(self, *given, **named)
"""

# what: the files, of which `views.py` is the one that could be fixed
HELD_BACK = {
    "in a class of the file that is derived": {
        "views.py": f"from null import Null\n{SERVICE}class Quiet(Service):\n    sdk = Null()\n",
    },
    "in a class of the file that is derived from a derived one": {
        "views.py": f"from null import Null\n{SERVICE}class More(Service):\n    pass\n"
        "class Quiet(More):\n    sdk = Null()\n",
    },
    "by a property of a class of the file": {
        "views.py": f"from null import Null\n{SERVICE}class Quiet(Service):\n"
        "    @property\n    def sdk(self):\n        return Null()\n",
    },
    "by a class of the file that gives it to itself": {
        "views.py": f"from null import Null\n{SERVICE}class Quiet(Service):\n"
        "    def __init__(self):\n        self.sdk = Null()\n",
    },
    "in a class that is derived": {
        "views.py": SERVICE,
        "quiet.py": "import views\nfrom null import Null\nclass Quiet(views.Service):\n    sdk = Null()\n",
    },
    "as a property of a class that is derived": {
        "views.py": SERVICE,
        "quiet.py": (
            "import views\nfrom null import Null\nclass Quiet(views.Service):\n"
            "    @property\n    def sdk(self):\n        return Null()\n"
        ),
    },
    "as a property of a class that is derived, with the SDK": {
        "views.py": SERVICE,
        "quiet.py": (
            "import sentry_sdk, views\nfrom null import Null\nclass Quiet(views.Service):\n"
            "    @property\n    def sdk(self):\n        return Null()\n"
        ),
    },
    "as a method in place of a property": {
        "views.py": GIVEN,
        "quiet.py": (
            "import sentry_sdk, views\nclass Quiet(views.Service):\n"
            "    def span(self, op, description):\n        return sentry_sdk.start_span(op=op)\n"
        ),
    },
    "as a method in place of a property, without the SDK": {
        "views.py": GIVEN,
        "quiet.py": (
            "import views\nclass Quiet(views.Service):\n"
            "    def span(self, op, description):\n        return views.nothing()\n"
        ),
    },
    "on an instance": {
        "views.py": SERVICE,
        "quiet.py": "import views\nfrom null import Null\nquiet = views.Service()\nquiet.sdk = Null()\n",
    },
    "in a field": {"views.py": FIELD, "app.py": "import null, views\nviews.Service(null.Null())\n"},
    "in a variable of a module": {"obs.py": HOLDER + SWITCH, "views.py": USER},
    "in a variable of a module, from outside": {
        "obs.py": HOLDER,
        "views.py": USER,
        "app.py": "import obs, null, sentry_sdk\ndef off():\n    obs.sdk = null.Null()\n",
    },
    "among the names of a module": {
        "views.py": PLAIN,
        "app.py": "import sys, null\ndef off():\n    vars(sys.modules['views'])['sentry_sdk'] = null.Null()\n",
    },
    "by setattr": {
        "views.py": PLAIN,
        "app.py": "import null, views\ndef off():\n    setattr(views, 'sentry_sdk', null.Null())\n",
    },
    "a constructor that reads a keyword": {
        "views.py": SPAN,
        "obs.py": WRAPPED + "Span.__init__ = init\n",
    },
    "the same, by setattr": {
        "views.py": SPAN,
        "obs.py": WRAPPED + "setattr(Span, '__init__', init)\n",
    },
}
FIXED = {
    "a class of the file that is not derived": {
        "views.py": f"from null import Null\n{SERVICE}class Quiet:\n    sdk = Null()\n",
    },
    "another attribute of a class of the file": {
        "views.py": f"from null import Null\n{SERVICE}class Quiet(Service):\n    log = Null()\n",
    },
    "a class of the file that is derived and has nothing": {
        "views.py": f"{SERVICE}class Quiet(Service):\n    pass\n",
    },
    "a local variable of a class of the file": {
        "views.py": f"from null import Null\n{SERVICE}class Quiet(Service):\n"
        "    def more(self):\n        sdk = Null()\n",
    },
    "the base of the class that has it": {
        "views.py": "import sentry_sdk\nfrom null import Null\nclass Base:\n    sdk = Null()\n"
        + SERVICE.partition("\n")[2].replace("Service:", "Service(Base):"),
    },
    "nothing else": {"views.py": SERVICE},
    "a null object that is used elsewhere": {
        "views.py": SERVICE,
        "app.py": "from null import Null\nNull().capture_message('x')\n",
    },
    "another attribute of a class that is derived": {
        "views.py": SERVICE,
        "quiet.py": "import views\nfrom null import Null\nclass Quiet(views.Service):\n    log = Null()\n",
    },
    "an attribute of a class that is not derived": {
        "views.py": SERVICE,
        "quiet.py": "from null import Null\nclass Quiet:\n    sdk = Null()\n",
    },
    "a property of a class that is not derived": {
        "views.py": SERVICE,
        "quiet.py": "class Quiet:\n    @property\n    def sdk(self):\n        return self\n",
    },
    "a method of a class that is not derived": {
        "views.py": GIVEN,
        "quiet.py": "import sentry_sdk\nclass Quiet:\n    def span(self, op, description):\n        return sentry_sdk.start_span(op=op)\n",
    },
    "another method of a class that is derived": {
        "views.py": GIVEN,
        "quiet.py": "import sentry_sdk, views\nclass Quiet(views.Service):\n    def scope(self):\n        return self\n",
    },
    "the method of a class that is derived from another": {
        "views.py": GIVEN,
        "quiet.py": "import sentry_sdk, threading\nclass Quiet(threading.Thread):\n    def span(self):\n        return self\n",
    },
    "a class that is derived and has nothing": {
        "views.py": SERVICE,
        "quiet.py": "import views\nclass Quiet(views.Service):\n    pass\n",
    },
    "no field": {"views.py": FIELD.replace("@dataclass\n", "")},
    "a variable that is the SDK": {"obs.py": HOLDER, "views.py": USER},
    "another variable": {"obs.py": HOLDER + SWITCH.replace("sdk", "log"), "views.py": USER},
    "a variable of another module": {
        "obs.py": HOLDER,
        "other.py": SWITCH,
        "views.py": USER,
    },
    "the constructor of another class": {
        "views.py": SPAN,
        "obs.py": "class Span:\n    pass\n" + WRAPPED.partition("\n")[2] + "Span.__init__ = init\n",
    },
    "a class with a constructor": {
        "views.py": SPAN,
        "test_views.py": "import views\nclass Fake:\n    def __init__(self):\n        super().__init__()\n",
    },
}


def _changes(run: Run, here: Path, files: dict[str, str]) -> bool:
    tree = {"pyproject.toml": "", "null.py": NULL, **files}
    write_tree(here, tree)
    run("check", "--no-cache", "--fix", ".")
    return read_tree(here)["views.py"] != files["views.py"].encode()


@pytest.mark.parametrize("files", HELD_BACK.values(), ids=HELD_BACK)
def test_code_that_may_call_it_stays(run: Run, here: Path, files: dict[str, str]) -> None:
    assert not _changes(run, here, files)


@pytest.mark.parametrize("files", FIXED.values(), ids=FIXED)
def test_code_that_calls_the_sdk_goes(run: Run, here: Path, files: dict[str, str]) -> None:
    assert _changes(run, here, files)
