"""Whole proofs, on both real SDKs, of small projects with tests of many makes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from cli.conftest import write_tree
from differential import environments
from sentry_migrate.cli import prove, recorded
from sentry_migrate.prove.fixes import Fixer, TriedFix

pytestmark = [pytest.mark.slow, pytest.mark.network]

SHOP = """\
import sentry_sdk
from sentry_sdk import Hub, capture_message, configure_scope, push_scope


def charge(order):
    with push_scope() as scope:
        scope.set_tag("order", order)
        capture_message("charged")


def refund(order, note):
    with push_scope() as scope:
        scope.set_tag("order", order)
        note()
    capture_message("refunded")


def login(user):
    with configure_scope() as scope:
        scope.set_user({"id": user})
    Hub.current.capture_message("login")


def never():
    Hub.current.capture_message("never")


def quiet():
    with push_scope() as scope:
        scope.set_tag("a", "b")
"""
TESTS = """\
import unittest

import sentry_sdk
from shop import orders


def test_charge():
    orders.charge(1)


def test_refund():
    orders.refund(2, lambda: sentry_sdk.set_tag("note", "x"))


def test_refund_tells():
    orders.refund(2, lambda: sentry_sdk.capture_message("told"))


def test_quiet():
    orders.quiet()


class Login(unittest.TestCase):
    def test_login(self):
        orders.login(3)
"""
PROJECT = {
    "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\ndependencies = ["sentry-sdk>=1.40"]\n',
    "shop/__init__.py": "",
    "shop/orders.py": SHOP,
    "tests/test_orders.py": TESTS,
}
ROWS = {"charge": 6, "refund": 12, "login": 19, "message": 21, "never": 25, "quiet": 29}
Prove = Callable[..., tuple[int, Any]]


@pytest.fixture(scope="module")
def sdks() -> str:
    return str(environments.install(environments.OLD, environments.NEW))


@pytest.fixture
def proved(tmp_path: Path, sdks: str, capsys: pytest.CaptureFixture[str]) -> Prove:
    def run(files: dict[str, str], *command: str, fixer: Fixer | None = None, **more: Any) -> Any:
        write_tree(tmp_path, files)
        before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
        python = more.pop("python", sys.executable)
        options = prove.Options(
            str(tmp_path), command, fixer or Fixer(unsafe=True), sdks, python,
            environments.OLD, environments.NEW, output_format="json", **more,
        )  # fmt: skip
        code = prove.run(options)
        assert all(path.read_bytes() == data for path, data in before.items())
        out, err = capsys.readouterr()
        return code, json.loads(out) if out else err

    return run


def verdicts(found: Any) -> dict[int, str]:
    return {one["location"]["row"]: one["verdict"] for one in found["fixes"]}


def test_each_fix_has_its_verdict(proved: Prove) -> None:
    code, found = proved(PROJECT)
    assert code == 0
    assert verdicts(found) == {
        ROWS["charge"]: "equal",
        ROWS["refund"]: "equal",
        ROWS["login"]: "equal",
        ROWS["message"]: "equal",
        ROWS["never"]: "never-ran",
        ROWS["quiet"]: "nothing-sent",
    }
    assert (found["differences"], found["tests"]) == ([], 5)
    assert found["traced_differently"] == []
    assert found["leaks"] == {"tests/test_orders.py::Login::test_login": ["user"]}


@dataclass(frozen=True)
class Wrong(Fixer):
    """Makes the fixes, and puts something else into the files of some."""

    wrong: dict[str, tuple[str, str]] = field(default_factory=dict)
    """By name of the file, what is right after its fix, and what stands there instead."""
    files: dict[str, str] = field(default_factory=dict)
    """By ID of the fix."""

    def find(self, copy: str) -> list[TriedFix]:
        found = super().find(copy)
        self.files.update((one.id, Path(one.path).name) for one in found)
        return found

    def find_and_make(self, copy: str) -> list[TriedFix]:
        found = self.find(copy)
        self.make(copy)
        return found

    def make(self, copy: str, ids: Iterable[str] | None = None) -> None:
        chosen = None if ids is None else [*ids]
        super().make(copy, chosen)
        for name in {self.files[one] for one in (self.files if chosen is None else chosen)}:
            file = Path(copy) / "wrong" / name
            right, wrong = self.wrong[name]
            assert right in file.read_text()
            file.write_text(file.read_text().replace(right, wrong, 1))


BLOCK = """\
import sentry_sdk
from sentry_sdk import push_scope

def run(call):
    with push_scope() as scope:
        scope.set_tag("a", "b")
        sentry_sdk.capture_message("inside")
        call()
"""
TRACE = """\
import sentry_sdk
from sentry_sdk import Hub

def run(call):
    with sentry_sdk.start_transaction(name="t"):
        with sentry_sdk.start_span(op="outer") as outer:
            with outer.start_child(op="inner") as inner:
                Hub.current.capture_message("inside")
    inner.containing_transaction
"""
TAG, SEND = 'scope.set_tag("a", "b")', 'sentry_sdk.capture_message("inside")'
NOTE = 'sentry_sdk.set_tag("note", "x")'
# what goes wrong → (the code, what a test of it calls, what is right after the fix, what is wrong)
WRONG: dict[str, tuple[str, str, str, str]] = {
    "a_tag_is_lost": (BLOCK, "None", TAG, "pass"),
    "another_value": (BLOCK, "None", TAG, TAG.replace("b", "c")),
    "an_extra": (BLOCK, "None", TAG, f"{TAG}; scope.set_extra('a', 1)"),
    "a_fingerprint": (BLOCK, "None", TAG, f"{TAG}; scope.fingerprint = ['x']"),
    "a_crumb": (BLOCK, "None", TAG, f"{TAG}; sentry_sdk.add_breadcrumb(message='x')"),
    "an_attachment": (BLOCK, "None", TAG, f"{TAG}; scope.add_attachment(bytes=b'', filename='x')"),
    "nothing_is_sent": (BLOCK, "None", SEND, "pass"),
    "sent_twice": (BLOCK, "None", SEND, f"{SEND}; {SEND}"),
    "another_text": (BLOCK, "None", SEND, SEND.replace("inside", "within")),
    "another_level": (BLOCK, "None", SEND, SEND.replace(")", ", level='error')")),
    "it_raises": (BLOCK, "None", SEND, SEND.replace("message", "mesage")),
    "not_isolated": (BLOCK, NOTE, "with isolation_scope()", "with sentry_sdk.new_scope()"),
    "not_imported": (BLOCK, "None", "import sentry_sdk\n", "import sentry_sdk, no_such_module\n"),
    "another_parent": (TRACE, "None", "outer.start_child", "sentry_sdk.get_current_scope().transaction.start_child"),
    "out_of_its_trace": (
        TRACE, "None", 'sentry_sdk.capture_message("inside")\n    inner', 'pass\n    sentry_sdk.capture_message("inside"); inner',
    ),
}  # fmt: skip


def test_wrong_fixes_are_found_and_blamed(proved: Prove) -> None:
    """All in one project, because each must be told from the others."""
    files = {f"wrong/{name}.py": code for name, (code, *_) in WRONG.items()}
    tests = [
        f"def test_{name}():\n    from wrong.{name} import run\n    run(lambda: {call})\n"
        for name, (_, call, *_) in WRONG.items()
    ]
    files["test_wrong.py"] = "\n".join(["import sentry_sdk\n", *tests])
    wrong = {f"{name}.py": (right, wrong) for name, (*_, right, wrong) in WRONG.items()}
    code, found = proved(files, fixer=Wrong(unsafe=True, wrong=wrong))
    assert code == 1
    paths = {one["id"]: Path(one["filename"]).stem for one in found["fixes"]}
    blamed = {one["test"]: {paths[fix] for fix in one["fixes"]} for one in found["differences"]}
    assert blamed == {f"test_wrong.py::test_{name}": {name} for name in WRONG}
    assert {one["cause"] for one in found["differences"]} == {"fix"}
    assert all(one["diff"] for one in found["differences"])


ASYNC = """\
import asyncio
from shop import orders

def test_tasks():
    async def one(n):
        orders.charge(n)
    async def main():
        await asyncio.gather(one(1), one(2))
    asyncio.run(main())
"""
THREADS = """\
from concurrent.futures import ThreadPoolExecutor
from shop import orders

def test_threads():
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(orders.charge, range(4)))
"""
STARTS = """\
import sentry_sdk
from sentry_sdk.transport import Transport
from shop import orders

class Mine(Transport):
    def __init__(self):
        super().__init__()
        self.got = []
    def capture_event(self, event):
        self.got.append(event)
    def capture_envelope(self, envelope):
        self.got.append(envelope)

def test_own_transport():
    mine = Mine()
    sentry_sdk.init("https://key@sentry.invalid/1", transport=mine)
    orders.charge(1)
    assert len(mine.got) == 1

def test_real_transport():
    sentry_sdk.init("https://key@sentry.invalid/1")
    orders.charge(1)
    sentry_sdk.flush()
"""
RANDOM = """\
import random
from shop import orders

def test_random():
    orders.charge(random.random())
"""
PROCESS = """\
import subprocess
import sys

def test_process():
    code = "import sentry_sdk; sentry_sdk.init(); from shop import orders; orders.charge(1)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
"""
UNITTEST = (sys.executable, "-m", "unittest", "discover", "-s", "tests", "-t", ".")
CASE = """\
import unittest
from shop import orders

class Charge(unittest.TestCase):
    def test_charge(self):
        orders.charge(1)
"""

# name → (test file, what is run; whether the fix in charge() is proved equal)
KINDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "asyncio": (ASYNC, ()),
    "threads": (THREADS, ()),
    "own transport and a real one": (STARTS, ()),
    "random values": (RANDOM, ()),
    "a process": (PROCESS, ()),
    "unittest": (CASE, UNITTEST),
    "xdist": (TESTS, (sys.executable, "-m", "pytest", "-n", "2", "-p", "no:cacheprovider")),
    "a script": ("", (sys.executable, "-c", "import sentry_sdk\nsentry_sdk.init()\nfrom shop import orders\norders.charge(1)")),
}  # fmt: skip


@pytest.mark.parametrize(("test", "command"), KINDS.values(), ids=KINDS)
def test_kinds_of_tests(proved: Prove, test: str, command: tuple[str, ...]) -> None:
    files = {**PROJECT, "tests/__init__.py": "", "tests/test_orders.py": test}
    code, found = proved(files, *command)
    assert code == 0, found
    assert verdicts(found)[ROWS["charge"]] == "equal"
    (charge,) = (one for one in found["fixes"] if one["location"]["row"] == ROWS["charge"])
    assert all(charge["tests"]) == bool(test)  # each by its name, if there are tests


SHUFFLED = """\
import os
import random
import pytest
import sentry_sdk

def pytest_collection_modifyitems(items):
    # Processes of one run have to agree.
    random.Random(os.environ.get("PYTEST_XDIST_TESTRUNUID")).shuffle(items)

@pytest.fixture(autouse=True)
def sdk():
    sentry_sdk.init("https://key@localhost/1")
    sentry_sdk.add_breadcrumb(message="set up")
"""


@pytest.mark.parametrize("processes", ["0", "2"])
def test_the_order_of_tests_makes_no_difference(proved: Prove, processes: str) -> None:
    """As pytest-randomly has it: each test starts Sentry, which asks Git, and leaves something."""
    more = TESTS.replace("sentry_sdk.set_tag", "sentry_sdk.set_extra")
    files = {"tests/conftest.py": SHUFFLED, "tests/test_more.py": more}
    command = (sys.executable, "-m", "pytest", "-n", processes, "-p", "no:cacheprovider")
    code, found = proved({**PROJECT, **files}, *command)
    assert (code, found["differences"], found["not_repeated"]) == (0, [], [])
    assert verdicts(found)[ROWS["charge"]] == "equal"


DJANGO = """\
import sys
import django
from django.conf import settings
from django.core.management import execute_from_command_line
import sentry_sdk
from sentry_sdk.integrations.celery import CeleryIntegration
from sentry_sdk.integrations.django import DjangoIntegration

sentry_sdk.init(integrations=[CeleryIntegration(), DjangoIntegration()], traces_sample_rate=1)
settings.configure(ROOT_URLCONF="tests.urls", ALLOWED_HOSTS=["*"])
if __name__ == "__main__":
    execute_from_command_line(sys.argv)
"""
URLS = """\
from celery import Celery
from django.http import HttpResponse
from django.urls import path
from shop import orders

app = Celery(task_always_eager=True)

@app.task
def charge_later():
    orders.charge(1)

def charge(request):
    orders.charge(1)
    return HttpResponse()

urlpatterns = [path("charge", charge)]
"""
DJANGO_TESTS = """\
from django.test import SimpleTestCase
from tests import urls

class Requests(SimpleTestCase):
    def test_request(self):
        self.client.get("/charge")

    def test_task(self):
        urls.charge_later.delay().get()
"""


def test_djangos_runner_and_tasks_of_celery(proved: Prove, sdks: str) -> None:
    files = {"manage.py": DJANGO, "tests/urls.py": URLS, "tests/test_orders.py": DJANGO_TESTS}
    python = str(Path(sdks) / "frameworks" / "bin" / "python")
    code, found = proved(
        {**PROJECT, "tests/__init__.py": "", **files}, "python", "manage.py", "test", python=python
    )
    assert (code, found["differences"]) == (0, [])
    names = [f"tests.test_orders.Requests.test_{kind}" for kind in ("request", "task")]
    assert found["traced_differently"] == names
    (charge,) = (one for one in found["fixes"] if one["location"]["row"] == ROWS["charge"])
    assert (charge["verdict"], charge["tests"]) == ("equal", names)


SCRIPT = '''\
"""Charges in this process, and in another that imports this file."""
from __future__ import annotations
import multiprocessing, sys
from sentry_sdk import capture_message, init, push_scope

def charge(order):
    with push_scope() as scope:
        scope.set_tag("order", order)
        capture_message(__doc__)

if __name__ == "__main__":
    init()
    charge(sys.argv[1])
    other = multiprocessing.get_context("spawn").Process(target=charge, args=(2,))
    other.start()
    other.join()
    sys.exit(other.exitcode)
'''


def test_a_script_is_probed_like_a_module(proved: Prove) -> None:
    code, found = proved({**PROJECT, "bin/charge.py": SCRIPT}, "python", "bin/charge.py", "1")
    assert code == 0, found
    (charge,) = (one for one in found["fixes"] if one["filename"].endswith("charge.py"))
    assert (charge["verdict"], charge["tests"]) == ("equal", [""])


def test_a_failing_test_ends_the_proof(proved: Prove) -> None:
    files = {**PROJECT, "tests/test_orders.py": "def test_broken():\n    assert 0\n"}
    code, said = proved(files)
    assert code == 2
    for told in ("tests/test_orders.py::test_broken", "assert 0", "a copy of", "--allow-failures"):
        assert told in said


def test_failures_that_stay_are_equal(proved: Prove) -> None:
    broken = TESTS + "\n\ndef test_broken():\n    assert 0\n"
    code, found = proved({**PROJECT, "tests/test_orders.py": broken}, allow_failures=True)
    assert (code, found["differences"]) == (0, [])


UNPROVABLE: dict[str, tuple[tuple[str, ...], dict[str, Any], str]] = {
    "no such command": (("no-such-command",), {}, "not a command"),
    "no Python": (("true",), {}, "ran no Python"),
    "no tests": ((sys.executable, "-m", "pytest", "-k", "none"), {}, "no test ran"),
    "a test that ends the process": (
        (sys.executable, "-m", "pytest", "tests/test_orders.py", "ending.py"),
        {},
        "ending.py::test_ends",
    ),
    "no such option": ((sys.executable, "-m", "pytest", "--none"), {}, "unrecognized arguments"),
    "isolated": ((sys.executable, "-I", "-c", ""), {}, "ran no Python"),
    "too slow": (
        (sys.executable, "-c", "import time; time.sleep(60)"),
        {"timeout": 0.5},
        "took more than 0.5 seconds",
    ),
}


@pytest.mark.parametrize(("command", "more", "said"), UNPROVABLE.values(), ids=UNPROVABLE)
def test_what_cannot_be_run(
    proved: Prove, command: tuple[str, ...], more: dict[str, Any], said: str
) -> None:
    ending = "import os\n\ndef test_ends():\n    os._exit(0)\n"
    code, found = proved({**PROJECT, "ending.py": ending}, *command, **more)
    assert code == 2
    assert said in found


# the signal, whether Ctrl-C is ignored, whether nobody reads any more what is printed → exit code
ENDS: dict[str, tuple[str, bool, bool, int]] = {
    "Ctrl-C": ("SIGINT", False, False, 130),
    "Ctrl-C, and its reader": ("SIGINT", False, True, 130),
    "a terminal that is closed": ("SIGHUP", False, True, 143),
    "a terminal that is closed, where Ctrl-C is ignored": ("SIGHUP", True, False, 143),
    "terminated": ("SIGTERM", False, False, 143),
    "terminated, and its reader": ("SIGTERM", False, True, 143),
    "terminated, where Ctrl-C is ignored": ("SIGTERM", True, False, 143),
    "terminated, where Ctrl-C is ignored, and its reader": ("SIGTERM", True, True, 143),
}


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
@pytest.mark.parametrize(("name", "ignored", "closed", "code"), ENDS.values(), ids=ENDS)
def test_what_ends_it_ends_the_tests(
    tmp_path: Path, sdks: str, name: str, ignored: bool, closed: bool, code: int
) -> None:
    begun = tmp_path / "begun"
    tests = f"import os, time; open({str(begun)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    write_tree(tmp_path / "project", PROJECT)
    write_tree(tmp_path, {"tmp/x": "", "cache/sentry-migrate/x": ""})
    (tmp_path / "cache/sentry-migrate/sdk").symlink_to(sdks)
    versions = ("--old", environments.OLD, "--new", environments.NEW)
    command = ("-m", "sentry_migrate", "prove", *versions, "--", sys.executable, "-c", tests)
    shell = ("sh", "-c", "trap '' INT; exec \"$@\"", "sh") if ignored else ()
    places = {"TMPDIR": str(tmp_path / "tmp"), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    running = subprocess.Popen(
        [*shell, sys.executable, *command], cwd=tmp_path / "project", stderr=subprocess.PIPE,
        env={**os.environ, **places},
    )  # fmt: skip
    assert running.stderr
    while not begun.exists() or not begun.read_text():
        assert running.poll() is None
        time.sleep(0.05)
    if closed:
        running.stderr.close()
    running.send_signal(getattr(signal, name))
    if closed:
        running.wait(timeout=30)
    else:
        _, said = running.communicate(timeout=30)
        assert said.splitlines()[-1:] == [b"interrupted; the project is as it was"]
    assert running.returncode == code
    with pytest.raises(ProcessLookupError):
        os.kill(int(begun.read_text()), 0)
    assert os.listdir(tmp_path / "tmp") == ["x"]


def test_the_sdk_itself_differs(proved: Prove) -> None:
    """What sentry-sdk 2.x does to unchanged code is not the fault of a fix."""
    test = (
        "import sentry_sdk\nfrom shop import orders\n"
        "def test_release():\n"
        "    orders.charge(1)\n"
        "    sentry_sdk.capture_message(sentry_sdk.VERSION.split('.')[0])\n"
    )
    code, found = proved({**PROJECT, "tests/test_orders.py": test})
    assert code == 1
    assert [one["cause"] for one in found["differences"]] == ["sdk"]
    assert "different" not in verdicts(found).values()


def test_recordings_of_two_runs_are_compared(
    tmp_path: Path, sdks: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    app = "import sys, sentry_sdk\nsentry_sdk.init()\nsentry_sdk.capture_message(sys.argv[1])\n"
    write_tree(tmp_path, {"app.py": app})
    monkeypatch.setenv("PYTHONPATH", str(Path(sdks) / environments.NEW))
    for name, said in (("a", "hello"), ("b", "hello"), ("c", "bye")):
        assert recorded.record((sys.executable, "app.py", said), name) == 0
    assert recorded.compare("a", "b", "text") == 0
    assert recorded.compare("a", "c", "text") == 1
    nothing = (sys.executable, "-c", "raise SystemExit(3)")
    assert [recorded.record(nothing, name) for name in ("e", "f")] == [2, 2]
    assert recorded.compare("e", "f", "text") == 2
    assert recorded.compare("a", "e", "text") == 1
    (tmp_path / "d").write_text("no recording")
    assert recorded.compare("a", "d", "text") == 2
    assert recorded.compare("a", "missing", "text") == 2
