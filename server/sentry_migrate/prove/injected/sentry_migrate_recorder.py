"""Records what the SDK would send, test by test, in the Python of the code under test.

Works on sentry-sdk 1.45 and 2.x alike: nothing here may differ between the two, or comparing the
recordings is worth nothing. Everything is written at once, a line of JSON each, to a file of this
process, so that a process that is killed loses nothing.
"""

from __future__ import annotations

import functools
import hashlib
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

_TEST = "SENTRY_MIGRATE_TEST"
_FAILURES = ("addError", "addFailure", "addSubTest", "addUnexpectedSuccess")


class _Output:
    """The file of this process; a forked process opens its own."""

    def __init__(self, directory: str) -> None:
        self._directory = directory
        self._file = self._pid = -1

    def write(self, kind: str, **data: Any) -> None:
        """Append a line at once; what cannot be written as JSON is named by its type."""
        data = {"test": current.test, **data, "kind": kind, "at": time.time_ns()}
        try:
            line = _encode(data)
        except (ValueError, RecursionError):  # it contains itself
            line = json.dumps({"kind": kind, "test": data["test"], "payload": {"unreadable": True}})
        if self._pid != os.getpid():
            self._pid = os.getpid()
            path = os.path.join(self._directory, f"{self._pid}-{time.time_ns()}.jsonl")
            self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.write(self._file, f"{line}\n".encode())


class _Current:
    """Which test runs; empty outside of tests."""

    test = ""
    waiting = ""
    """The test that waits for something to be set up that it shares with others."""


def _plain(value: Any) -> str:
    return type(value).__name__


_encode = json.JSONEncoder(default=_plain, skipkeys=True).encode
current = _Current()
output: _Output | None = None
_prepared = threading.local()
_ran: set[tuple[str, str]] = set()


def write(kind: str, **data: Any) -> None:
    """Record a line for the test that runs."""
    if output is not None:
        output.write(kind, **data)


def start() -> None:
    """Record from now on, as the environment says."""
    global output
    output = _Output(os.environ["SENTRY_MIGRATE_RECORDING"])
    current.test = os.environ.get(_TEST, "")
    _move_paths()
    children = importlib.import_module("sentry_migrate_children")
    children.complete_os()
    _AfterImport.hooks = {
        "sentry_sdk.client": _record_client,
        "sentry_sdk.scope": _record_headers,
        "sentry_sdk.transport": _cut_network,
        "unittest.case": _name_unittests,
        "subprocess": children.complete_popen,
        "gevent._socket3": _cut_gevent,
    }
    file = os.environ.get("SENTRY_MIGRATE_PROBES")
    if file:
        with open(file, encoding="utf-8") as text:
            probes = json.load(text)
        instrumented = importlib.import_module("sentry_migrate_probes")
        instrumented.instrument(probes, _note)
        instrumented.instrument_script(probes)
        for name, hook in (
            ("_pytest.assertion.rewrite", instrumented.instrument_tests),
            ("coverage.execfile", instrumented.instrument_runner),
        ):
            _AfterImport.hooks[name] = functools.partial(hook, probes)
    if "subprocess" in sys.modules:  # by a file of installed packages that runs before
        _AfterImport.hooks.pop("subprocess")(sys.modules["subprocess"])
    sys.meta_path.insert(0, _AfterImport())
    _record_warnings()
    write("started", version=list(sys.version_info[:3]), command=sys.argv[:1])


# Where code is imported from.


def _move_paths() -> None:
    """Import the copy of the project where the project itself is installed in place."""
    root, copy = os.environ.get("SENTRY_MIGRATE_ROOT"), os.environ.get("SENTRY_MIGRATE_COPY")
    if not root or not copy:
        return

    def moved(entry: str) -> str:
        path = os.path.realpath(entry) if entry else entry
        if path == root or path.startswith(root + os.sep):
            there = copy + path[len(root) :]
            return there if os.path.exists(there) else entry
        return entry

    sys.path[:] = [moved(entry) for entry in sys.path]
    for name, module in list(sys.modules.items()):
        if name.startswith("__editable__"):
            mapping = getattr(module, "MAPPING", None)
            if isinstance(mapping, dict):
                for key, value in mapping.items():
                    mapping[key] = moved(value)


class _AfterImport(importlib.abc.MetaPathFinder):
    """Calls a function with a module as soon as it is imported."""

    hooks: ClassVar[dict[str, Callable[[Any], None]]] = {}

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """The module's own spec, whose loader also calls the hook."""
        hook = self.hooks.pop(name, None)
        if hook is None:
            return None
        spec = importlib.util.find_spec(name)
        if spec is None or spec.loader is None:
            return spec
        run = spec.loader.exec_module

        def exec_module(module: Any) -> None:
            run(module)
            try:
                hook(module)
            except AttributeError as error:  # an SDK that this recorder does not know
                write("unknown", payload=f"{name}: {error}")

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


def _note(*names: str) -> None:
    """Record that the code of fixes runs, once in each test."""
    for test in {current.test, current.waiting or current.test}:
        for name in names:
            if (test, name) not in _ran:
                _ran.add((test, name))
                write("ran", fix=name, test=test)


# What is sent.


def _record_client(module: Any) -> None:
    client = module._Client
    start, capture = client._init_impl, client.capture_event
    prepare, session = client._prepare_event, client.capture_session

    def init(self: Any) -> None:
        start(self)
        if self.transport is None:
            self.transport = _nowhere()

    def prepare_event(self: Any, event: Any, hint: Any, *rest: Any, **named: Any) -> Any:
        made = prepare(self, event, hint, *rest, **named)
        waiting = getattr(_prepared, "waiting", None)
        if waiting:
            waiting[-1] = (made, hint)
        return made

    def capture_event(self: Any, *args: Any, **named: Any) -> Any:
        waiting = _prepared.__dict__.setdefault("waiting", [])
        waiting.append(None)
        try:
            sent = capture(self, *args, **named)
        finally:
            made = waiting.pop()
        if sent is not None and made is not None and made[0] is not None:
            event, hint = made
            attachments = [_attachment(one) for one in (hint or {}).get("attachments") or ()]
            kind = event.get("type") or "event"
            write(kind, payload=event, attachments=sorted(attachments))
        return sent

    def capture_session(self: Any, found: Any) -> Any:
        if getattr(found, "release", None):
            told = {name: getattr(found, name, None) for name in ("status", "errors", "did")}
            write("session", payload=told)
        return session(self, found)

    client._init_impl, client.capture_event = init, capture_event
    client._prepare_event, client.capture_session = prepare_event, capture_session


def _attachment(one: Any) -> str:
    data = getattr(one, "bytes", None)
    content = ""
    if isinstance(data, bytes):
        content = f"{len(data)} {hashlib.blake2b(data, digest_size=6).hexdigest()}"
    return f"{getattr(one, 'filename', None) or getattr(one, 'path', '')} {content}"


def _nowhere() -> Any:
    """A transport for a client without a DSN: it prepares events all the same."""
    base: Any = sys.modules["sentry_sdk.transport"].Transport

    class Nowhere(base):  # type: ignore[misc]
        def __init__(self) -> None:
            self.options: dict[str, Any] = {}
            self.parsed_dsn = None

        def capture_event(self, event: Any) -> None:
            pass

        def capture_envelope(self, envelope: Any) -> None:
            pass

    return Nowhere()


def _record_headers(module: Any) -> None:
    """Of the scope, which the hub asks; of the hub itself before 1.40."""
    kind = module.Hub if module.__name__ == "sentry_sdk.hub" else module.Scope
    headers = getattr(kind, "iter_trace_propagation_headers", None)
    if headers is None:
        _AfterImport.hooks["sentry_sdk.hub"] = _record_headers
        return

    def iter_headers(self: Any, *args: Any, **named: Any) -> Iterator[tuple[str, str]]:
        found = list(headers(self, *args, **named))
        if _asks_git():
            return iter(found)
        trace, span, *sampled = [*dict(found).get("sentry-trace", "").split("-"), ""][:3]
        names = sorted(name for name, _ in found)
        told = {"names": names, "sampled": sampled, "trace_id": trace, "span_id": span}
        write("headers", payload=told)
        return iter(found)

    kind.iter_trace_propagation_headers = iter_headers


def _asks_git() -> bool:
    """Whether `init()` runs Git for the release, which is traced from the second time on."""
    frame: Any = sys._getframe(2)
    while frame is not None:
        if frame.f_code.co_name == "get_git_revision":
            return bool(frame.f_globals.get("__name__") == "sentry_sdk.utils")
        frame = frame.f_back
    return False


def _cut_network(module: Any) -> None:
    importlib.import_module("sentry_migrate_network").cut(module)


def _cut_gevent(module: Any) -> None:
    if "SENTRY_MIGRATE_OFFLINE" in os.environ:
        importlib.import_module("sentry_migrate_network").refuse(module.socket)


def _record_warnings() -> None:
    warn = warnings.warn

    def warn_too(
        message: Any, category: Any = None, stacklevel: int = 1, *rest: Any, **more: Any
    ) -> None:
        caller = sys._getframe(1).f_globals.get("__name__", "")
        if str(caller).partition(".")[0] == "sentry_sdk":
            kind = category or type(message)
            if (
                isinstance(kind, type)
                and issubclass(kind, DeprecationWarning)
                and not _hushed(kind)
            ):
                write("warning", payload=str(message))
        warn(message, category, stacklevel + 1, *rest, **more)

    warnings.warn = warn_too


def _hushed(kind: Any) -> bool:
    """Whether the SDK itself ignores the warning, because it is its own doing."""
    return any(
        action == "ignore" and issubclass(kind, category) and "sentry_sdk" in category.__module__
        for action, _, category, _, _ in warnings.filters
    )


# Tests.


def only() -> set[str] | None:
    """Names of the tests that are to run; None for all."""
    file = os.environ.get("SENTRY_MIGRATE_ONLY")
    if not file:
        return None
    with open(file, encoding="utf-8") as lines:
        return set(lines.read().splitlines())


def _name_unittests(module: Any) -> None:
    """Give what runs in a `unittest.TestCase` its name, unless pytest has given one."""
    run = module.TestCase.run

    wanted = only()

    def named(self: Any, result: Any = None) -> Any:
        if current.test:
            return run(self, result)
        if wanted is not None and self.id() not in wanted:
            return result
        isolated = importlib.import_module("sentry_migrate_state").isolated
        with running(self.id()), isolated("SENTRY_MIGRATE_NO_CLIENT" not in os.environ):
            with _failures(result) as failures:
                done = run(self, result)
            write("outcome", phase="call", outcome="failed" if failures else "passed")
        return done

    module.TestCase.run = named


@contextmanager
def _failures(result: Any) -> Iterator[list[str]]:
    """The failures that a result of unittest is told meanwhile. Those that it keeps cannot be
    counted in the processes of Django's `--parallel`."""
    told: list[str] = []

    def listening(name: str) -> Callable[..., Any]:
        tell = getattr(result, name)

        def telling(*args: Any) -> Any:
            if args[-1] is not None:  # so are parts of a test that go well
                told.append(name)
            return tell(*args)

        return telling

    names = [name for name in _FAILURES if hasattr(result, name)]
    replaced = {name: vars(result)[name] for name in names if name in vars(result)}
    try:
        for name in names:
            setattr(result, name, listening(name))
        yield told
    finally:
        for name in names:
            delattr(result, name)
            if name in replaced:
                setattr(result, name, replaced[name])


@contextmanager
def running(test: str) -> Iterator[None]:
    """Within it, what is recorded belongs to the test, also in processes that it starts."""
    before = current.test
    _is_now(test)
    try:
        yield
    finally:
        _is_now(before)


def _is_now(test: str) -> None:
    current.test = test
    if test:
        os.environ[_TEST] = test
    else:
        os.environ.pop(_TEST, None)


@contextmanager
def setting_up() -> Iterator[None]:
    """Within it, something is set up that several tests share. What it sends belongs to none of
    them, because each of them may be the first; the one that is first runs its code, too."""
    before, current.waiting = current.waiting, current.waiting or current.test
    try:
        with running(""):
            yield
    finally:
        current.waiting = before
