"""`hub=` of a span goes safely only where nothing in the project reads the hub of a span; where it
stays, 2.x keeps the span on the isolation scope."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.conftest import Run, offers_safe_fix, write_tree

Files = dict[str, str]

MADE = (
    "import sentry_sdk\nfrom sentry_sdk import Hub\ndef run(work):\n"
    "    with sentry_sdk.start_transaction(name='n', hub=Hub.current) as t:\n        work(t)\n"
)
CHILD = (
    "import sentry_sdk\nfrom sentry_sdk import Hub\ndef run(work):\n"
    "    with sentry_sdk.start_transaction(name='n') as t:\n"
    "        work(t.start_child(op='a', hub=Hub.current))\n"
)
SPAN = (
    "from sentry_sdk import Hub\nfrom sentry_sdk.tracing import Span\n"
    "def run(work):\n    work(Span(op='a', hub=Hub.current))\n"
)

NOT_READ: dict[str, Files] = {
    "by nobody": {"main.py": MADE},
    "a child": {"main.py": CHILD},
    "a span": {"main.py": SPAN},
    "the SDK's module": {"main.py": MADE, "a.py": "import sentry_sdk\nprint(sentry_sdk.hub)\n"},
    "a module": {"main.py": MADE, "a.py": "import net\nnet.hub.start()\n"},
    "a name": {"main.py": MADE, "a.py": "def f(hub):\n    return hub.start()\n"},
    "a key": {"main.py": MADE, "a.py": "def f(devices):\n    return devices['hub'].start()\n"},
    "a key that may be missing": {"main.py": MADE, "a.py": "def f(d):\n    return d.get('hub')\n"},
    "another word": {"main.py": MADE, "a.py": "def f(x):\n    return x.hubs, x.hub_name\n"},
    "only set": {"main.py": MADE, "a.py": "def f(device, one):\n    device.hub = one\n"},
    "a member of the same class": {
        "main.py": MADE,
        "a.py": "class A:\n    def __init__(self, hub):\n        self.hub = hub\n"
        "    def f(self):\n        return self.hub.start()\n",
    },
    "a property of the same class": {
        "main.py": MADE,
        "a.py": "class A:\n    @property\n    def hub(self):\n        return 1\n"
        "    def f(self):\n        return self.hub\n",
    },
    "a member of a class of the file": {
        "main.py": MADE,
        "a.py": "class A:\n    hub = None\nprint(A().hub)\n",
    },
    "asked about": {"main.py": MADE, "a.py": "def f(x):\n    return hasattr(x, 'hub')\n"},
    "by a comment": {"main.py": MADE, "a.py": "# span.hub\n"},
}
READ: dict[str, Files] = {
    "here": {"main.py": MADE + "        t.hub.capture_message('x')\n"},
    "in another function": {"main.py": MADE + "def f(t):\n    t.hub.flush()\n"},
    "in another file": {"main.py": MADE, "a.py": "def f(t):\n    t.hub.flush()\n"},
    "of a child": {"main.py": CHILD, "a.py": "def f(t):\n    t.hub.flush()\n"},
    "of a span": {"main.py": SPAN, "a.py": "def f(t):\n    t.hub.flush()\n"},
    "by getattr": {"main.py": MADE, "a.py": "def f(t):\n    return getattr(t, 'hub', None)\n"},
    "by attrgetter": {"main.py": MADE, "a.py": "import operator\nf = operator.attrgetter('hub')\n"},
    "of an attribute": {
        "main.py": MADE,
        "a.py": "class A:\n    @property\n    def hub(self):\n        return self.tx.hub\n",
    },
    "where the SDK is used": {
        "main.py": MADE,
        "a.py": "import sentry_sdk\ndef f():\n    return sentry_sdk.get_current_span().hub\n",
    },
    "in a file that is not Python": {"main.py": MADE, "a.py": "import sentry_sdk\nt.hub(\n"},
}


@pytest.mark.parametrize("files", NOT_READ.values(), ids=NOT_READ)
def test_not_read(run: Run, here: Path, files: Files) -> None:
    assert offers_safe_fix(run, here, files)


@pytest.mark.parametrize("files", READ.values(), ids=READ)
def test_read(run: Run, here: Path, files: Files) -> None:
    assert not offers_safe_fix(run, here, files)


FOUND = "from sentry_sdk import Hub\ndef f():\n    return Hub.current.scope.span\n"
KEPT = MADE + "        t.hub.capture_message('x')\n"

READERS = ("hub-scope", "configure-scope-with")

# The files of a project in which a scope's span is read in f.py, or its data set
ON_CURRENT: dict[str, Files] = {
    "no hub": {"f.py": FOUND, "main.py": MADE.replace(", hub=Hub.current", "")},
    "a hub that goes": {"f.py": FOUND, "main.py": MADE},
    "a hub that goes, here": {"f.py": MADE + FOUND},
    "no hub is given": {"f.py": FOUND, "main.py": KEPT.replace("Hub.current)", "None)")},
    "given something else": {
        "f.py": FOUND,
        "main.py": KEPT.replace("sentry_sdk.start", "net.start"),
    },
    "only tags are set": {
        "f.py": FOUND.replace("return Hub.current.scope.span", "Hub.current.scope.set_tag('a', 1)"),
        "main.py": KEPT,
    },
    "the span is asked for": {
        "f.py": "from sentry_sdk import Hub\ndef f():\n    with Hub.current.start_span(op='a'): pass\n",
        "main.py": KEPT,
    },
}
ON_ISOLATION: dict[str, Files] = {
    "in another file": {"f.py": FOUND, "main.py": KEPT},
    "here": {"f.py": KEPT + FOUND},
    "of a transaction": {"f.py": FOUND.replace(".span", ".transaction"), "main.py": KEPT},
    "of a child": {"f.py": FOUND, "main.py": CHILD, "a.py": "def f(t):\n    t.hub.flush()\n"},
    "whose hub is not known": {"f.py": FOUND, "main.py": MADE.replace("=Hub.current", "=work")},
    "through configure_scope()": {
        "f.py": "import sentry_sdk\ndef f():\n    with sentry_sdk.configure_scope() as scope:\n"
        "        return scope.span\n",
        "main.py": KEPT,
    },
}  # fmt: skip


@pytest.mark.parametrize("files", ON_CURRENT.values(), ids=ON_CURRENT)
def test_on_the_current_scope(run: Run, here: Path, files: Files) -> None:
    assert offers_safe_fix(run, here, files)


@pytest.mark.parametrize("files", ON_ISOLATION.values(), ids=ON_ISOLATION)
def test_on_the_isolation_scope(run: Run, here: Path, files: Files) -> None:
    write_tree(here, files)
    run("check", "--fix", *files)
    done = run("check", "--output-format", "json", "f.py")
    (left,) = (one for one in json.loads(done.out) if one["name"] in READERS)
    assert left["fix"]["applicability"] == "unsafe"
