"""A fix is safe for the run: what other files keep takes it back, whichever files are asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.conftest import Run, write_tree

NAMED = """from sentry_sdk import configure_scope
def rename():
    with configure_scope() as s:
        s.set_transaction_name("N")
"""
SPAN = """import sentry_sdk
def forget():
    with sentry_sdk.configure_scope() as scope:
        scope.span = None
"""
READS = """import sentry_sdk
def tag():
    with sentry_sdk.configure_scope() as scope:
        scope.span.set_tag("a", "b")
"""
PUSHED = """import sentry_sdk
def view():
    with sentry_sdk.push_scope() as scope:
        scope.set_tag("a", "b")
        load()
        sentry_sdk.capture_message("in")
"""
SIMPLE = """import sentry_sdk
def view():
    with sentry_sdk.push_scope() as scope:
        scope.set_tag("a", "b")
        sentry_sdk.capture_message("in")
"""
SHOWN = """import sentry_sdk
def view(x):
    with sentry_sdk.push_scope() as scope:
        scope.set_extra("a", f"{x}")
        sentry_sdk.capture_message("in")
"""

BY_HAND = "import sentry_sdk\ncm = sentry_sdk.push_scope()\ncm.__enter__()\n"
# Which files there are beside `a.py`; what stands in a.py after `check --fix`.
PUSHES = {
    "by hand": BY_HAND,
    "by another name": "import sentry_sdk as s\ncm = s.push_scope()\n",
    "of a hub": "from sentry_sdk import Hub\nhub = Hub.current\ncm = hub.push_scope()\n",
    "silenced": "import sentry_sdk\nwith sentry_sdk.push_scope():  # noqa: SEN102\n    pass\n",
    "ignored": "import sentry_sdk\nwith sentry_sdk.push_scope():  # sentry-migrate: ignore\n    f()\n",
    "in a generator": "import sentry_sdk\ndef g():\n    with sentry_sdk.push_scope():\n        yield\n",
    "in broken code": "import sentry_sdk\ncm = sentry_sdk.push_scope()\ncm.enter(\n",
    "in another Python's": "import sentry_sdk\nprint sentry_sdk.push_scope()\n",
    "passed on": "import sentry_sdk\nrun(sentry_sdk.push_scope)\n",
    "re-exported": {
        "obs.py": "from sentry_sdk import push_scope\n",
        "u.py": "from obs import push_scope\ncm = push_scope()\n",
    },
    "of a parameter": "def push(hub):\n    return hub.push_scope()\n",
    "of a class of the project": "from sentry_sdk import Hub\nclass My(Hub): ...\nMy().push_scope()\n",
    "of an imported object": "from other import hub\nhub.push_scope()\n",
    "of what a call gives": "import importlib as i\ni.import_module('sentry_sdk').push_scope()\n",
    "by getattr": "import sentry_sdk\ncm = getattr(sentry_sdk, 'push_scope')()\n",
    "by getattr with a variable": "import sentry_sdk\ndef f(n):\n    getattr(sentry_sdk, n)()\n",
    "by getattr of a hub": "from sentry_sdk import Hub\ndef f(n):\n    getattr(Hub.current, n)()\n",
    "by vars": "import sentry_sdk\nfor one in vars(sentry_sdk):\n    print(one)\n",
    "by a path": "import pkgutil\ncm = pkgutil.resolve_name('sentry_sdk:push_scope')()\n",
    "by a method's name": "import operator\ncm = operator.methodcaller('push_scope')(hub)\n",
    "by two stars": {
        "obs.py": "from sentry_sdk import *\n",
        "u.py": "from obs import *\ncm = push_scope()\n",
    },
    "or nothing": {
        "obs.py": "try:\n    from sentry_sdk import push_scope\nexcept ImportError:\n"
        "    push_scope = None\n",
        "u.py": "from obs import push_scope\ncm = push_scope()\n",
    },
    "or another": {
        "obs.py": "if x:\n    from sentry_sdk import push_scope\nelse:\n"
        "    from contextlib import nullcontext as push_scope\n",
        "u.py": "from obs import push_scope\ncm = push_scope()\n",
    },
}
GOES = {
    "nothing": {},
    "one that goes": SIMPLE,
    "an import": "from sentry_sdk import push_scope\n",
    "another library's": "from other import push_scope\ncm = push_scope()\n",
    "another library's, by its module": "import other\ncm = other.push_scope()\n",
    "a method of its own": "class A:\n    def push_scope(self): ...\n"
    "    def f(self):\n        self.push_scope()\n",
    "a name that is given": "class A: ...\nA.push_scope = 1\n",
    "a patched name": "from unittest.mock import patch\npatch('lib.push_scope')\n",
    "offered by name": "__all__ = ['push_scope']\n",
    "a docstring": "def f():\n    'push_scope'\n",
    "by getattr of something else": "import lib\nimport sentry_sdk\ngetattr(lib, x)\n",
    "by getattr of another name": "import sentry_sdk\ngetattr(sentry_sdk, 'set_tag')\n",
    "a name that is nobody's": "try:\n    from sentry_sdk import push_scope\n"
    "except ImportError:\n    push_scope = None\n",
    "in a text": "import sentry_sdk\nTEXT = 'cm = sentry_sdk.push_scope()'\n",
}
PROJECT = {"pyproject.toml": '[project]\nname = "x"\nversion = "1"\n'}


def fixed(run: Run, here: Path, a: str, beside: object, *paths: str) -> str:
    files = beside if isinstance(beside, dict) else {"b.py": beside}
    write_tree(here, {**PROJECT, "a.py": a, **files})
    run("check", "--fix", *paths)
    return (here / "a.py").read_text()


@pytest.mark.parametrize("a", [NAMED, SPAN], ids=["a name", "a span"])
@pytest.mark.parametrize("beside", PUSHES.values(), ids=PUSHES)
def test_a_push_that_stays(run: Run, here: Path, a: str, beside: object) -> None:
    assert fixed(run, here, a, beside) == a


@pytest.mark.parametrize("beside", PUSHES.values(), ids=PUSHES)
def test_reading_a_span_is_no_matter(run: Run, here: Path, beside: object) -> None:
    assert "get_current_scope()" in fixed(run, here, READS, beside)


@pytest.mark.parametrize("a", [NAMED, SPAN], ids=["a name", "a span"])
@pytest.mark.parametrize("beside", GOES.values(), ids=GOES)
def test_a_push_that_goes(run: Run, here: Path, a: str, beside: object) -> None:
    assert "get_current_scope" in fixed(run, here, a, beside)


@pytest.mark.parametrize("a", [NAMED, SPAN], ids=["a name", "a span"])
def test_a_push_in_a_file_that_is_not_asked_for_stays(run: Run, here: Path, a: str) -> None:
    assert fixed(run, here, a, SIMPLE, "a.py") == a


@pytest.mark.parametrize("rule", ["SEN101", "SEN1", "ALL"])
def test_a_push_whose_rule_is_not_chosen_stays(run: Run, here: Path, rule: str) -> None:
    write_tree(here, {**PROJECT, "a.py": NAMED, "b.py": SIMPLE})
    run("check", "--fix", "--select", rule)
    assert ((here / "a.py").read_text() == NAMED) == (rule == "SEN101")


def test_the_place_is_told(run: Run, here: Path) -> None:
    write_tree(here, {**PROJECT, "a.py": NAMED, "pkg/b.py": BY_HAND})
    ran = run("check", "--output-format", "json")
    assert "`push_scope()` stays in pkg/b.py:2" in ran.text


LAST = "import sentry_sdk\ndef error():\n    return sentry_sdk.last_event_id()\n"
FORKS = {
    "last_event_id()": (LAST, PUSHED, "push_scope", False),
    "… right after the event": (
        "import sentry_sdk\ndef error(e):\n    sentry_sdk.capture_exception(e)\n"
        "    return sentry_sdk.last_event_id()\n",
        PUSHED,
        "isolation_scope",
        True,
    ),
    "… of a simple block": (LAST, SIMPLE, "new_scope", True),
    "a class whose text does more": (
        "import sentry_sdk\nclass A:\n    def __str__(self):\n"
        "        sentry_sdk.set_tag('a', 'b')\n        return ''\n",
        SHOWN,
        "isolation_scope",
        True,
    ),
    "a class whose text is pure": (
        "import sentry_sdk\nclass A:\n    def __str__(self):\n        return ''\n",
        SHOWN,
        "new_scope",
        True,
    ),
    "a function whose text does more": (
        "import sentry_sdk\ndef __str__(self):\n    sentry_sdk.set_tag('a', 'b')\n",
        SHOWN,
        "new_scope",
        True,
    ),
    "a callback that sets a tag": (
        "import sentry_sdk\ndef send(event, hint):\n    sentry_sdk.set_tag('a', 'b')\n"
        "    return event\nsentry_sdk.init(before_send=send)\n",
        SIMPLE,
        "isolation_scope",
        True,
    ),
    "a callback in options of ours": (
        "import sentry_sdk\ndef send(event, hint):\n    sentry_sdk.set_tag('a', 'b')\n"
        "    return event\nOPTIONS = {'before_send': send}\n",
        SIMPLE,
        "isolation_scope",
        True,
    ),
    "a callback that only computes": (
        "import sentry_sdk\ndef send(event, hint):\n    return event\n"
        "sentry_sdk.init(before_send=send)\n",
        SIMPLE,
        "new_scope",
        True,
    ),
}


@pytest.mark.parametrize("paths", [(), ("a.py",)], ids=["all files", "one file"])
@pytest.mark.parametrize(("beside", "a", "fork", "goes"), FORKS.values(), ids=FORKS)
def test_which_fork_and_whether_it_is_safe(
    run: Run, here: Path, beside: str, a: str, fork: str, goes: bool, paths: tuple[str, ...]
) -> None:
    result = fixed(run, here, a, beside, *paths)
    assert f"sentry_sdk.{fork}()" in result
    assert (result != a) == goes


SENDS = "import tags\ndef send(event, hint):\n    tags.note()\n    return event\n"
# what a file without the SDK has, in which `send` may do more: whether it may be called while an
# event is sent
HANDED = {
    "OPTIONS = {'before_send': send}\n": True,
    "OPTIONS = dict(before_breadcrumb=send)\n": True,
    "def options():\n    o = {}\n    o['traces_sampler'] = send\n    return o\n": True,
    "OPTIONS = dict([('before_send', send)])\n": True,
    "class Conf:\n    error_sampler = staticmethod(send)\n": True,
    "class Conf:\n    before_send: object = staticmethod(send)\n": True,
    "def start(sdk): sdk.init(before_send=send)\n": True,
    "def start(init): init(before_send=lambda e, h: send(e, h))\n": True,
    "def install(client): client.options['before_send'] = send\n": True,
    "def install(client): client.options.setdefault('before_send', send)\n": True,
    "def install(client): client.options.update({'before_send': send})\n": True,
    "def install(client): client.options.before_send = send\n": True,
    "def install(scope): scope.add_event_processor(send)\n": True,
    "def install(scope): return scope.add_event_processor\n": True,
    "def install(scope):\n    @scope.add_error_processor\n    def f(event, hint): send(event, hint)\n": True,
    "def install(transport): transport.capture_envelope = send\n": True,
    "def install(transport): setattr(transport, 'capture_event', send)\n": True,
    "def install(client): client._prepare_event = send\n": True,
    "OPTIONS = {'attach_stacktrace': True}\n": False,  # no class has a `__repr__` that does more
    "OPTIONS = {'before_send': None}\n": False,
    "OPTIONS = {'before_sending': send}\n": False,
    "OPTIONS = {'send': send}\n": False,
    "OPTIONS = {'before_send': 'traces_sampler'}\n": False,
    "NAMES = ['before_send', 'traces_sampler']\n": False,
    "NAMES = ('before_send', send, 1)\n": False,
    "def old(client): return client.options.get('before_send')\n": False,
    "def old(client): return client.options['before_send']\n": False,
    "def old(client): return client.options.pop('before_send', None)\n": False,
    "def old(client): del client.options['before_send']\n": False,
    "def off(client): client.options['before_send'] = None\n": False,
    "def off(client): client.options[send] = 'before_send'\n": False,
    "def off(client, name): client.options[name, 'before_send'] = 1\n": False,
    "def start(sdk): sdk.init(release=send)\n": False,
    "def install(scope): scope.add_attachment(send)\n": False,
    "def install(scope): scope.add_event_processor()\n": False,
    "def install(scope): scope.add_event_processor = None\n": False,
    "def sent(transport): return transport.capture_envelope(send)\n": False,
    "def install(transport): transport.capture = send\n": False,
    "def install(transport): transport.capture_envelope = print\n": False,
    "# {'before_send': send}\n": False,
}


@pytest.mark.parametrize(("code", "called"), HANDED.items())
def test_what_a_file_without_the_sdk_has_it_call(
    run: Run, here: Path, code: str, called: bool
) -> None:
    fork = "isolation_scope" if called else "new_scope"
    assert f"sentry_sdk.{fork}()" in fixed(run, here, SIMPLE, SENDS + code)


# what a file that uses the SDK does, in which `send` may do more
WITH_SDK = {
    "Hub.current.client.options['before_send'] = send\n": True,
    "o = Hub.current.client.options\no['before_send'] = send\n": True,
    "Hub.current.client.transport.capture_envelope = send\n": True,
    "class Plug:\n    def go(self): self.client.options['before_send'] = send\n": True,
    "Hub.current.client.options['release'] = send\n": False,
    "Hub.current.client.options['before_send'] = None\n": False,
    "old = Hub.current.client.options['before_send']\n": False,
    "old = Hub.current.client.transport.capture_envelope\n": False,
    "Hub.current.client.other = send\n": False,
}


@pytest.mark.parametrize(("code", "called"), WITH_SDK.items())
def test_what_the_running_client_is_given(run: Run, here: Path, code: str, called: bool) -> None:
    fork = "isolation_scope" if called else "new_scope"
    head = "from sentry_sdk import Hub\n" + SENDS
    assert f"sentry_sdk.{fork}()" in fixed(run, here, SIMPLE, head + code)


SETS = """import sentry_sdk
def view():
    with sentry_sdk.new_scope() as scope:
        scope.level = "error"
"""
IN_TEST = "import sentry_sdk\nfrom unittest.mock import Mock, patch\nfrom sentry_sdk import Scope\n"
# what another file does: whether `set_level()` may be something else than the SDK's
LEVELS = {
    "from sentry_sdk import Scope\nScope.set_level = f\n": True,
    "from sentry_sdk import Scope\nsetattr(Scope, 'set_level', f)\n": True,
    "from sentry_sdk import Scope\npatch(Scope, 'set_level')\ndef patch(cls, name): setattr(cls, name, f)\n": True,
    "from sentry_sdk.scope import Scope\nclass Loud(Scope):\n    def set_level(self, v): print(v)\n": True,
    "import sentry_sdk\nclass Loud(sentry_sdk.Scope):\n    set_level = f\n": True,
    IN_TEST + "patch.object(Scope, 'set_level')\n": True,
    IN_TEST + "patch('sentry_sdk.Scope.set_level')\n": True,
    IN_TEST + "class Fake:\n    def set_level(self, v): pass\n": True,
    IN_TEST + "def test(s):\n    s.set_level.assert_not_called()\n": True,
    "from sentry_sdk import Scope\nScope.set_tag = f\n": False,
    "from sentry_sdk import Scope\nsetattr(Scope, 'set_levels', f)\n": False,
    "from sentry_sdk import Scope\npatch(Scope, 'set_tag')\ndef patch(cls, name): pass\n": False,
    "from sentry_sdk import Scope\nprint(Scope.set_level)\n": False,
    "from sentry_sdk import Scope\nprint('set_level')\n": False,
    "from sentry_sdk.scope import Scope\nclass Loud(Scope):\n    def reset_level(self, v): print(v)\n": False,
    "import sentry_sdk\nclass Log:\n    def set_level(self, v): print(v)\n": False,
    "import sentry_sdk\nwith sentry_sdk.new_scope() as s:\n    s.set_level('info')\n": False,
    "class Log:\n    def set_level(self, v): print(v)\nLog().set_level(1)\n": False,
    IN_TEST + "patch.object(Scope, 'set_tag')\n": False,
    IN_TEST + "patch('sentry_sdk.Scope.set_tag')\n": False,
    IN_TEST + "class Fake:\n    def set_tag(self, v): pass\n": False,
}


@pytest.mark.parametrize(("beside", "replaced"), LEVELS.items())
def test_a_method_that_a_fix_calls_may_be_replaced(
    run: Run, here: Path, beside: str, replaced: bool
) -> None:
    assert (fixed(run, here, SETS, beside) == SETS) == replaced


@pytest.mark.parametrize("other", ["set_level", "set_transaction_name", "set_user"])
@pytest.mark.parametrize("own", ["set_level", "set_transaction_name", "set_user"])
def test_each_setter_asks_about_its_own_method(run: Run, here: Path, own: str, other: str) -> None:
    attribute = {"set_transaction_name": "transaction"}.get(own, own.removeprefix("set_"))
    code = SETS.replace("level", attribute)
    beside = f"from sentry_sdk import Scope\nScope.{other} = f\n"
    assert (fixed(run, here, code, beside) == code) == (own == other)


BOOT = """import sentry_sdk
def main():
    sentry_sdk.init()
    with sentry_sdk.configure_scope() as scope:
        scope.set_tag("boot", "1")
    sentry_sdk.capture_message("up")
main()
"""
SERVED = {
    "import importlib\nraw = importlib.import_module('_thread')\n": False,
    'raw = __import__("threading")\n': False,
    "import logging.handlers\nlogging.handlers.QueueListener(q).start()\n": False,
    "import importlib\nraw = importlib.import_module('json')  # '_thread'\n": True,
    "import logging.handlers\nlogging.handlers.QueueHandler(q)\n": True,
    "x.threads('threading')\n": True,
    "import flask\napp = flask.Flask('x')\n": False,
    "import json\nfrom threading import Thread\nThread(target=print).start()\n": False,
    "import json\n": True,
    "# import flask\nimport json  # no threading\n": True,
    "from app import flask_tools\n": True,
}


@pytest.mark.parametrize(("beside", "goes"), SERVED.items())
def test_a_server_that_knows_nothing_of_the_sdk(
    run: Run, here: Path, beside: str, goes: bool
) -> None:
    assert (fixed(run, here, BOOT, beside) != BOOT) == goes


FLUSHES = """from sentry_sdk import Hub
def flush():
    Hub.current.client.flush()
"""
WAITS = {
    "try:\n    flush()\nexcept AttributeError:\n    print('off')\n": False,
    "try:\n    a.flush()\nexcept (KeyError, AttributeError):\n    print('off')\n": False,
    "import contextlib\nwith contextlib.suppress(AttributeError):\n    flush()\n": False,
    "try:\n    other()\nexcept AttributeError:\n    print('off')\nflush()\n": True,
    "try:\n    flush()\nexcept KeyError:\n    print('AttributeError')\n": True,
    "flush()\n": True,
}


@pytest.mark.parametrize("head", ["from a import flush\nimport a\n", "import sentry_sdk, a\n"])
@pytest.mark.parametrize(("beside", "goes"), WAITS.items())
def test_an_error_that_another_file_waits_for(
    run: Run, here: Path, head: str, beside: str, goes: bool
) -> None:
    assert (fixed(run, here, FLUSHES, head + beside) != FLUSHES) == goes


def test_standard_input_has_its_project_around_it(run: Run, here: Path) -> None:
    write_tree(here, {**PROJECT, "b.py": BY_HAND})
    ran = run("check", "--fix", "-", "--stdin-filename", "a.py", stdin=NAMED.encode())
    assert ran.text == NAMED
    alone = run("check", "--fix", "-", stdin=NAMED.encode())
    assert "get_current_scope" in alone.text


def test_the_names_and_order_of_files_do_not_matter(run: Run, here: Path) -> None:
    for name in ("aa.py", "z.py", "pkg/sub/m.py"):
        write_tree(here / name.replace("/", "-"), {**PROJECT, name: NAMED, "m.py": BY_HAND})
        run("check", "--fix", name.replace("/", "-"))
        assert (here / name.replace("/", "-") / name).read_text() == NAMED


TAG = """import sentry_sdk
def tag():
    with sentry_sdk.configure_scope() as scope:
        scope.set_tag("a", "b")
"""
THROUGH = TAG + "def boot():\n    tag()\n"
METHOD = """import sentry_sdk
class App:
    def boot(self):
        with sentry_sdk.configure_scope() as scope:
            scope.set_tag("a", "b")
"""
MADE = METHOD.replace("boot", "__init__")
INIT = "import sentry_sdk\n"
# What calls the function of a.py, and when: before `init()`, while the process starts, or neither.
MOMENTS = {
    "by module": (TAG, "import a\na.tag()\nsentry_sdk.init()\n", "early"),
    "by name": (TAG, "from a import tag\ntag()\nsentry_sdk.init()\n", "early"),
    "by another name": (TAG, "from a import tag as t\nt()\nsentry_sdk.init()\n", "early"),
    "by a module's other name": (TAG, "import a as b\nb.tag()\nsentry_sdk.init()\n", "early"),
    "by a star": (TAG, "from a import *\ntag()\nsentry_sdk.init()\n", "early"),
    "relative": (TAG, "from .a import tag\ntag()\nsentry_sdk.init()\n", "early"),
    "relative module": (TAG, "from . import a\na.tag()\nsentry_sdk.init()\n", "early"),
    "in a function": (TAG, "import a\ndef main():\n    a.tag()\n    sentry_sdk.init()\n", "early"),
    "in a function before": (
        TAG,
        "import a\ndef prepare():\n    a.tag()\ndef main():\n    prepare()\n    sentry_sdk.init()\n",
        "early",
    ),
    "through another": (THROUGH, "import a\na.boot()\nsentry_sdk.init()\n", "early"),
    "a method": (METHOD, "from a import App\nApp().boot()\nsentry_sdk.init()\n", "early"),
    "a method of a variable": (
        METHOD,
        "from a import App\napp = App()\napp.boot()\nsentry_sdk.init()\n",
        "early",
    ),
    "a constructor": (MADE, "from a import App\nApp()\nsentry_sdk.init()\n", "early"),
    "after": (TAG, "import a\nsentry_sdk.init()\na.tag()\n", "start"),
    "after, by name": (TAG, "from a import tag\nsentry_sdk.init()\ntag()\n", "start"),
    "imported only": (TAG, "import a\nsentry_sdk.init()\n", "never"),
    "passed on": (TAG, "import a\nrun(a.tag)\nsentry_sdk.init()\n", "never"),
    "another module's": (TAG, "from c import tag\ntag()\nsentry_sdk.init()\n", "never"),
    "another module's, by module": (TAG, "import c\nc.tag()\nsentry_sdk.init()\n", "never"),
    "another function": (THROUGH, "import a\na.other()\nsentry_sdk.init()\n", "never"),
    "in a function that does not start": (
        TAG,
        "import a\ndef view():\n    a.tag()\nsentry_sdk.init()\n",
        "never",
    ),
    "no start": (TAG, "import a\na.tag()\n", "start"),
    "a method after": (METHOD, "from a import App\nsentry_sdk.init()\nApp().boot()\n", "start"),
}


@pytest.mark.parametrize("row", MOMENTS.values(), ids=MOMENTS)
def test_when_another_file_runs_a_function(run: Run, here: Path, row: tuple[str, str, str]) -> None:
    text, main, when = row
    assert (fixed(run, here, text, {"main.py": INIT + main}) == text) == (when == "early")


@pytest.mark.parametrize("row", MOMENTS.values(), ids=MOMENTS)
def test_when_another_file_runs_a_function_beside_threads(
    run: Run, here: Path, row: tuple[str, str, str]
) -> None:
    text, main, when = row
    beside = {"main.py": INIT + main, "pool.py": "import threading, sentry_sdk\n"}
    assert (fixed(run, here, text, beside) == text) == (when != "never")


OPTIONS = """import sentry_sdk
SENTRY = {"dsn": "", "with_locals": False}
def start():
    sentry_sdk.init(**SENTRY)
"""
MADE_OPTIONS = OPTIONS.replace(
    '{"dsn": "", "with_locals": False}', 'dict(dsn="", with_locals=False)'
)
STORED = OPTIONS.replace(', "with_locals": False}', "}\nSENTRY['with_locals'] = False")
LOCAL = """import sentry_sdk
def start():
    SENTRY = {"dsn": "", "with_locals": False}
    sentry_sdk.init(**SENTRY)
"""
# What another file does with the dictionary of options, and whether it may read it.
TAKERS = {
    "reads a key": ("from a import SENTRY\nprint(SENTRY['with_locals'])\n", True),
    "by module": ("import a\nprint(a.SENTRY['with_locals'])\n", True),
    "by a star": ("from a import *\nprint(SENTRY['with_locals'])\n", True),
    "relative": ("from .a import SENTRY\nprint(SENTRY['with_locals'])\n", True),
    "by a string": ("import a\nprint(getattr(a, 'SENTRY'))\n", True),
    "grows it": ("from a import SENTRY\nSENTRY.update(request_bodies='never')\n", True),
    "in a function": ("def f():\n    from a import SENTRY\n    return SENTRY\n", True),
    "takes the function": ("from a import start\nstart()\n", False),
    "another module's": ("from c import SENTRY\nprint(SENTRY)\n", False),
    "its own": ("SENTRY = {}\nprint(SENTRY)\n", False),
    "nothing": ("import a\na.start()\n", False),
}


@pytest.mark.parametrize("text", [OPTIONS, MADE_OPTIONS, STORED], ids=["dict", "dict()", "stored"])
@pytest.mark.parametrize("row", TAKERS.values(), ids=TAKERS)
def test_options_that_another_file_may_read(
    run: Run, here: Path, text: str, row: tuple[str, bool]
) -> None:
    beside, taken = row
    assert ("with_locals" in fixed(run, here, text, beside)) is taken


@pytest.mark.parametrize("row", TAKERS.values(), ids=TAKERS)
def test_options_of_a_function_are_its_own(run: Run, here: Path, row: tuple[str, bool]) -> None:
    assert "with_locals" not in fixed(run, here, LOCAL, row[0])


ROUTED = """import sentry_sdk
def view():
    with sentry_sdk.push_scope() as scope:
        scope.set_transaction_name("A")
        load()
        sentry_sdk.capture_message("in")
"""
UNNAMED = ROUTED.replace('set_transaction_name("A")', 'set_tag("a", "b")')
KEPT = "with sentry_sdk.configure_scope() as c:  # noqa: SEN101\n"
# Whether what another file keeps names the transaction, which a name on the current scope overrides.
NAMING = {
    "a name": (KEPT + "    c.set_transaction_name('n')  # noqa: SEN107\n", True),
    "by assignment": (KEPT + "    c.transaction = 'n'  # noqa: SEN107, SEN112\n", True),
    "of a hub": (
        "from sentry_sdk import Hub\nHub.current.scope.transaction = 'n'  # noqa: SEN112, SEN210\n",
        True,
    ),
    "a span's": (KEPT + "    c.transaction.name = 'n'  # noqa: SEN107\n", False),
    "a tag": (KEPT + "    c.set_tag('a', 'n')\n", False),
    "a name that goes": (
        "def f():\n    with sentry_sdk.configure_scope() as c:\n        c.set_transaction_name('n')\n",
        False,
    ),
    "all that is cleared": (KEPT + "    c.clear()\n", True),
    "a scope that a function gives": ("def f():\n    return sentry_sdk.configure_scope()\n", True),
    "the function in a list": ("ALL = [sentry_sdk.configure_scope]\n", True),
    "the function as a default": ("def f(m=sentry_sdk.configure_scope):\n    m()\n", True),
    "a member of a parameter": ("def f(hub):\n    hub.configure_scope()\n", True),
    "by getattr": ("def f(n):\n    getattr(sentry_sdk, n)()\n", True),
    "by getattr of its name": ("getattr(sentry_sdk, 'configure_scope')()\n", True),
    "by getattr of another name": ("getattr(sentry_sdk, 'set_tag')('a', 'b')\n", False),
    "breadcrumbs that are cleared": (KEPT + "    c.clear_breadcrumbs()\n", False),
    "a dictionary that is cleared": ("d = {}\nd.clear()\n", False),
    "a patched name": (
        "from unittest.mock import patch\npatch('lib.configure_scope')\n",
        False,
    ),
    "another library's": ("import other\nother.set_transaction_name('n')\n", False),
    "a method of a class": (
        "class A:\n    def f(self):\n        self.set_transaction_name('n')\n",
        False,
    ),
}


@pytest.mark.parametrize("row", NAMING.values(), ids=NAMING)
def test_a_name_that_another_file_sets(run: Run, here: Path, row: tuple[str, bool]) -> None:
    beside, named = row
    assert (fixed(run, here, ROUTED, INIT + beside) == ROUTED) is named


@pytest.mark.parametrize("name", NAMING)
def test_a_scope_that_names_nothing_overrides_nothing(run: Run, here: Path, name: str) -> None:
    result = fixed(run, here, UNNAMED, INIT + NAMING[name][0])
    asks = name == "by getattr"  # which may be for the ID of the last event
    assert ("isolation_scope" in result) is not asks


OPTION = "import sentry_sdk\nsentry_sdk.init(with_locals=True)\n"
OWN = "from sentry_sdk import Client, Hub\n"
# What another file has, and whether the option is renamed although that stays.
HUBS = {
    "a hub with a client": (OWN + "def f(run):\n    run(Hub(Client()))\n", False),
    "a hub with what a function gives": (OWN + "def f(run):\n    run(Hub(make()))\n", False),
    "one that is silenced": (OWN + "with Hub(Client()):  # noqa: SEN221\n    pass\n", False),
    "one that goes": (OWN + "with Hub(Client()):\n    pass\n", True),
    "one that is only called and goes": (OWN + "Hub(Client()).scope\nh = Hub(Client())\n", False),
    "a clone": (OWN + "def f(run):\n    run(Hub(Hub.current))\n", True),
    "a clone of a parameter": (OWN + "def f(hub):\n    with Hub(hub):\n        pass\n", True),
    "no client": (OWN + "def f(run):\n    run(Hub())\n", True),
}


@pytest.mark.parametrize("name", HUBS)
def test_an_option_that_lets_a_hub_take_over(run: Run, here: Path, name: str) -> None:
    beside, goes = HUBS[name]
    assert ("include_local_variables" in fixed(run, here, OPTION, beside)) is goes


UNSAFE_HUB = OWN + "class A:\n    def f(self):\n        self.h = Hub(Client())\n"


@pytest.mark.parametrize("name", HUBS)
def test_no_fix_lets_a_hub_take_over(run: Run, here: Path, name: str) -> None:
    beside, goes = HUBS[name]
    fixed(run, here, OPTION, beside, "--unsafe-fixes")
    assert ("include_local_variables" in (here / "a.py").read_text()) is goes


@pytest.mark.parametrize("name", ["a.py", "c.py"])
def test_an_option_goes_with_the_hub(run: Run, here: Path, name: str) -> None:
    write_tree(here, {**PROJECT, name: OPTION, "b.py": UNSAFE_HUB})
    run("check", "--fix", "--unsafe-fixes")
    assert "include_local_variables" in (here / name).read_text()
    assert "Hub" not in (here / "b.py").read_text()


def test_where_the_hub_stays_is_told(run: Run, here: Path) -> None:
    stays = {"pkg/b.py": HUBS["a hub with a client"][0]}
    write_tree(here, {**PROJECT, "a.py": OPTION, **stays})
    ran = run("check", "--output-format", "json")
    assert "First replace the `Hub(client)` in pkg/b.py:3" in ran.text
    write_tree(here, {**PROJECT, "a.py": OPTION, "pkg/b.py": UNSAFE_HUB})
    assert "which stays in pkg/b.py:4" in run("check", "--output-format", "json").text


def test_what_takes_a_name_away_is_told(run: Run, here: Path) -> None:
    cleared = "import sentry_sdk\nwith sentry_sdk.configure_scope() as c:\n    c.clear()\n"
    write_tree(here, {**PROJECT, "a.py": NAMED, "pkg/b.py": cleared})
    ran = run("check", "--assume", "rest-migrated", "--output-format", "json")
    assert "pkg/b.py:3 clears the scope, and with it this name in 1.x" in ran.text
    assert "names the transaction by the 1.x API" not in ran.text
