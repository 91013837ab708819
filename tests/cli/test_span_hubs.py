"""`hub=` of a span goes safely only where nothing in the project reads the hub of a span."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.conftest import Run, offers_safe_fix

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
