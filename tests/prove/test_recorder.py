"""What is recorded where, and what no test reaches, in a Python of its own."""

from __future__ import annotations

import importlib
import os
import re
import sys
import types
import unittest
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cli.conftest import write_tree
from differential import environments
from sentry_migrate.prove.injected.sentry_migrate_network import is_public, refuse
from sentry_migrate.prove.recordings import Recording
from sentry_migrate.prove.runs import INJECTED, Runner

ADDRESSES: dict[Any, bool] = {
    ("1.1.1.1", 443): True,
    ("2606:4700:4700::1111", 443, 0, 0): True,
    ("::ffff:1.1.1.1", 443, 0, 0): True,
    ("127.0.0.1", 5432): False,
    ("127.8.0.1", 5432): False,
    ("localhost", 5432): False,
    ("10.0.0.7", 5432): False,
    ("172.17.0.2", 5432): False,
    ("192.168.1.5", 5432): False,
    ("169.254.1.1", 80): False,
    ("0.0.0.0", 80): False,
    ("", 80): False,
    ("<broadcast>", 80): False,
    ("::1", 80, 0, 0): False,
    ("fe80::1%lo", 80, 0, 1): False,
    ("fd00::1", 80, 0, 0): False,
    ("::ffff:10.0.0.7", 80, 0, 0): False,
    ("no-such-host.invalid", 80): False,
    (3, 1024): False,
    (): False,
    "/run/postgresql/.s": False,
    b"\0abstract": False,
    None: False,
}


@pytest.mark.parametrize(("address", "public"), ADDRESSES.items(), ids=map(str, ADDRESSES))
def test_what_is_public(address: Any, public: bool) -> None:
    assert is_public(address) == public


class Socket:
    """Says what it was asked for."""

    def connect(self, address: Any) -> str:
        return f"to {address[0]}"

    def connect_ex(self, address: Any) -> int:
        return 0

    def sendto(self, data: bytes, *rest: Any) -> int:
        return len(data)


def test_sockets_reach_nothing_public() -> None:
    kind = type("Mine", (Socket,), {})
    refuse(kind)
    here, there = ("127.0.0.1", 1), ("1.1.1.1", 1)
    mine = kind()
    assert (mine.connect(here), mine.connect_ex(here)) == ("to 127.0.0.1", 0)
    assert (mine.sendto(b"ab", here), mine.sendto(b"ab", 0, here), mine.sendto(b"ab")) == (2, 2, 2)
    assert mine.connect_ex(there) != 0
    for refused in (
        lambda: mine.connect(there),
        lambda: mine.sendto(b"", there),
        lambda: mine.sendto(b"", 0, there),
    ):
        with pytest.raises(ConnectionRefusedError, match=r"prove lets no test reach 1\.1\.1\.1"):
            refused()


@pytest.fixture
def injected(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], types.ModuleType]:
    """Imports what is injected as it is imported there."""
    monkeypatch.syspath_prepend(INJECTED)
    for name in [name for name in os.environ if name.startswith("SENTRY_MIGRATE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("SENTRY_MIGRATE_OVERLAY", os.pathsep.join(OVERLAY))
    monkeypatch.setenv("SENTRY_MIGRATE_RECORDING", "rec")
    for name in [name for name in sys.modules if name.startswith("sentry_migrate_")]:
        monkeypatch.delitem(sys.modules, name)
    return importlib.import_module


OVERLAY = ("/injected", "/sdk")
PATHS = os.pathsep.join(OVERLAY)
MINE = {
    "SENTRY_MIGRATE_OVERLAY": PATHS,
    "SENTRY_MIGRATE_RECORDING": "rec",
    "PYTHONPATH": PATHS,
    "PYTEST_PLUGINS": "sentry_migrate_pytest",
    "SENTRY_MIGRATE_TEST": "t",
}
ENVIRONMENTS: dict[str, tuple[dict[Any, Any], dict[Any, Any]]] = {
    "nothing": ({}, MINE),
    "only a path": ({"PATH": "/bin"}, {**MINE, "PATH": "/bin"}),
    "all": (MINE, MINE),
    "a path of its own": ({"PYTHONPATH": "/x"}, {**MINE, "PYTHONPATH": f"{PATHS}{os.pathsep}/x"}),
    "a path before ours": (
        {**MINE, "PYTHONPATH": f"/x{os.pathsep}{PATHS}"}, {**MINE, "PYTHONPATH": f"/x{os.pathsep}{PATHS}"},
    ),
    "a plugin": ({"PYTEST_PLUGINS": "a,b"}, {**MINE, "PYTEST_PLUGINS": "sentry_migrate_pytest,a,b"}),
    "another recording": ({"SENTRY_MIGRATE_RECORDING": "x"}, {**MINE, "SENTRY_MIGRATE_RECORDING": "x"}),
    "of an earlier test": ({**MINE, "SENTRY_MIGRATE_TEST": "s"}, MINE),
    "bytes": (
        {b"PATH": b"/bin", b"PYTHONPATH": b"/x"},
        {**MINE, b"PATH": b"/bin", "PYTHONPATH": f"{PATHS}{os.pathsep}/x"},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("env", "wanted"), ENVIRONMENTS.values(), ids=ENVIRONMENTS)
def test_environments_of_children(
    injected: Callable[[str], Any], env: dict[Any, Any], wanted: dict[Any, Any]
) -> None:
    children = injected("sentry_migrate_children")
    with injected("sentry_migrate_recorder").running("t"):
        assert children.completed(env) == wanted
        assert (children.completed(env) is env) == (env == wanted)
        assert children.completed("no mapping") == "no mapping"


class _Cases:
    """Kept from pytest."""

    class Case(unittest.TestCase):
        """Of tests that are run by hand."""

        def test_good(self) -> None:
            with self.subTest("a"):
                pass

        def test_skipped(self) -> None:
            self.skipTest("")

        @unittest.expectedFailure
        def test_expected(self) -> None:
            self.fail()

        def test_bad(self) -> None:
            self.fail()

        def test_bad_part(self) -> None:
            with self.subTest("a"):
                self.fail()

        def test_raises(self) -> None:
            raise OSError

        @unittest.expectedFailure
        def test_unexpected(self) -> None:
            pass


class Remote(unittest.TestResult):
    """As in the processes of Django's `--parallel`."""

    def __init__(self) -> None:
        super().__init__()
        self.failures = self.errors = iter(())  # type: ignore[assignment]

    def addFailure(self, test: Any, err: Any) -> None:
        pass

    def addError(self, test: Any, err: Any) -> None:
        pass

    def addSubTest(self, test: Any, subtest: Any, err: Any) -> None:
        pass


@pytest.mark.parametrize("name", [name for name in vars(_Cases.Case) if name.startswith("test")])
@pytest.mark.parametrize("kind", [unittest.TestResult, Remote])
def test_how_tests_of_unittest_end(
    injected: Callable[[str], Any], name: str, kind: type[unittest.TestResult]
) -> None:
    recorder, result = injected("sentry_migrate_recorder"), kind()
    with recorder._failures(result) as failures:
        unittest.TestCase.run(_Cases.Case(name), result)
    ends_well = name in ("test_good", "test_skipped", "test_expected")
    assert bool(failures) != ends_well
    assert not {"addFailure", "addSubTest"} & vars(result).keys()


PROJECT = {
    "conftest.py": """\
import pytest, sentry_sdk

@pytest.fixture(scope="session", autouse=True)
def session():
    sentry_sdk.init(default_integrations=False)
    sentry_sdk.capture_message("session")
    yield
    sentry_sdk.capture_message("end of session")

@pytest.fixture(scope="module")
def module(request):
    request.addfinalizer(lambda: sentry_sdk.capture_message("end of module"))

@pytest.fixture(scope="module")
def broken(module):
    sentry_sdk.capture_message("broken")
    raise OSError

@pytest.fixture
def own(module):
    sentry_sdk.capture_message("own")
    yield
    sentry_sdk.capture_message("end of own")
""",
    "test_a.py": """\
import asyncio, os, socket, subprocess, sys, pytest, sentry_sdk

def test_own(own):
    sentry_sdk.capture_message("test")

class TestClass:
    @classmethod
    def setup_class(cls):
        sentry_sdk.capture_message("class")

    @classmethod
    def teardown_class(cls):
        sentry_sdk.capture_message("end of class")

    def test_method(self):
        sentry_sdk.capture_message("method")

CODE = "import sentry_sdk; sentry_sdk.init(default_integrations=False); sentry_sdk.capture_message('child')"

def test_child():
    subprocess.check_call([sys.executable, "-c", CODE], env={"PATH": os.environ["PATH"]})

def test_more_children(monkeypatch):
    for name in list(os.environ):
        monkeypatch.delenv(name)
    async def run():
        await (await asyncio.create_subprocess_exec(sys.executable, "-c", CODE)).wait()
    asyncio.run(run())
    assert os.spawnve(os.P_WAIT, sys.executable, [sys.executable, "-c", CODE], {}) == 0

def test_network(monkeypatch):
    assert not {"http_proxy", "ALL_PROXY"} & os.environ.keys()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("1.1.1.1", 80))
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        socket.create_connection(server.getsockname()).close()

@pytest.mark.skip
def test_skipped(own):
    pass
""",
    "test_b.py": "def test_broken(broken):\n    pass\n",
}  # fmt: skip
PLUGINS = ("-p", "no:randomly", "-p", "no:cacheprovider", "-p", "no:hypothesispytest")
SENT = {
    "": ["broken", "class", "end of class", *["end of module"] * 2, "end of session", "session"],
    "test_a.py::test_own": ["end of own", "own", "test"],
    "test_a.py::TestClass::test_method": ["method"],
    "test_a.py::test_child": ["child"],
    "test_a.py::test_more_children": ["child"] * 2,
    "test_a.py::test_network": [],
    "test_a.py::test_skipped": [],
    "test_b.py::test_broken": [],
}


@pytest.mark.slow
@pytest.mark.network
def test_what_belongs_to_which_test(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And that children are recorded too, and reach nothing that is public."""
    write_tree(tmp_path, PROJECT)
    sdk = environments.install(environments.NEW) / environments.NEW
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    command = (sys.executable, "-m", "pytest", "-q", *PLUGINS)
    runner = Runner(command, sys.executable, str(tmp_path))
    probes = {"conftest.py": {"5:5": ["init"], "8:5": ["end"], "16:5": ["broken"]}}
    found = runner.run(str(tmp_path), str(sdk), probes)
    assert sent(found.recording) == SENT, found.printed
    ran = {name: {*test.ran} for name, test in found.recording.items() if test.ran}
    assert ran == {
        "": {"init", "end", "broken"},
        "test_a.py::test_own": {"init"},
        "test_b.py::test_broken": {"broken"},
    }
    assert [name for name, test in found.recording.items() if name and test.is_failure] == [
        "test_b.py::test_broken"
    ]


def sent(recording: Recording) -> dict[str, list[str]]:
    return {
        name: sorted(payload.get("message", "") for kind, payload in test.sent if kind == "event")
        for name, test in recording.items()
    }


FIXTURES = {
    "conftest.py": """\
import pytest, sentry_sdk

@pytest.fixture(scope="module")
def shared():
    sentry_sdk.init("http://a@localhost/1", release="1", default_integrations=False)
    sentry_sdk.set_tag("shared", "yes")
    sentry_sdk.add_breadcrumb(message="shared")
    yield
    sentry_sdk.set_tag("torn", "down")

@pytest.fixture
def own():
    sentry_sdk.add_breadcrumb(message="own")
    sentry_sdk.set_tag("own", "yes")
""",
    "test_a.py": """\
import sentry_sdk

def test_own(own):
    sentry_sdk.capture_message("m")

def test_shared(shared, own):
    sentry_sdk.capture_message("m")

def test_shared_later(shared):
    sentry_sdk.capture_message("m")
""",
    "test_b.py": """\
import sentry_sdk

def test_other():
    sentry_sdk.capture_message("m")

def test_own_again(own):
    sentry_sdk.capture_message("m")
""",
}
# test → the messages of breadcrumbs, and the tags that it sends, and what it leaves
LEFT = {
    "test_a.py::test_own": ("", "own", "tags"),  # there is no client yet
    "test_a.py::test_shared": ("shared own", "own shared", "breadcrumbs tags"),
    "test_a.py::test_shared_later": ("shared", "shared", ""),
    "test_b.py::test_other": ("shared", "shared torn", ""),
    "test_b.py::test_own_again": ("shared own", "own shared torn", "breadcrumbs tags"),
}


@pytest.mark.slow
@pytest.mark.network
@pytest.mark.parametrize("version", [environments.OLD, environments.NEW])
def test_what_fixtures_of_one_test_leave_reaches_no_other(tmp_path: Path, version: str) -> None:
    write_tree(tmp_path, FIXTURES)
    sdk = environments.install(version) / version
    command = (sys.executable, "-m", "pytest", "-q", *PLUGINS)
    found = Runner(command, sys.executable, str(tmp_path)).run(str(tmp_path), str(sdk))
    told = {}
    for name, test in found.recording.items():
        for kind, payload in test.sent:
            if kind == "event":
                crumbs = [v for k, v in payload.items() if re.match(r"breadcrumbs.*message$", k)]
                tags = sorted(k[5:] for k in payload if k.startswith("tags."))
                told[name] = (" ".join(crumbs), " ".join(tags), " ".join(test.left))
    assert told == LEFT, found.printed
