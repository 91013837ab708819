"""Records what the SDK would send, test by test, in the Python of the code under test.

Works on sentry-sdk 1.45 and 2.x alike: nothing here may differ between the two, or comparing the
recordings is worth nothing. Everything is written at once, a line of JSON each, to a file of this
process, so that a process that is killed loses nothing.
"""

import ast
import builtins
import functools
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
from contextlib import contextmanager
from typing import Any, Callable, Dict, Iterator, List, Optional, Tuple
from urllib.parse import urlsplit

RAN = "__sentry_migrate_ran__"
"""The built-in function that instrumented code calls."""

_LOCAL = ("localhost", "127.0.0.1", "::1", "0.0.0.0", "testserver")
_UNTOLD = ("_last_event_id", "_propagation_context", "_type", "_n_breadcrumbs_truncated")
"""What a scope keeps of its own accord."""


class _Output:
    """The file of this process; a forked process opens its own."""

    def __init__(self, directory: str) -> None:
        self._directory = directory
        self._lock = threading.RLock()
        self._file = None  # type: Any
        self._pid = 0

    def write(self, kind: str, **data: Any) -> None:
        data.update(kind=kind, test=current.test)
        line = json.dumps(data, default=_plain, sort_keys=True)
        with self._lock:
            if self._pid != os.getpid():
                self._pid = os.getpid()
                name = "{}-{}.jsonl".format(self._pid, time.time_ns())
                self._file = open(os.path.join(self._directory, name), "a", encoding="utf-8")
            self._file.write(line + "\n")
            self._file.flush()


class _Current:
    """Which test runs; empty outside of tests."""

    test = ""


def _plain(value: Any) -> str:
    return type(value).__name__


current = _Current()
output = None  # type: Optional[_Output]
_prepared = threading.local()
_ran = set()  # type: set


def write(kind: str, **data: Any) -> None:
    """Record a line for the test that runs."""
    if output is not None:
        output.write(kind, **data)


def start() -> None:
    """Record from now on, as the environment says."""
    global output
    output = _Output(os.environ["SENTRY_MIGRATE_RECORDING"])
    _move_paths()
    probes = os.environ.get("SENTRY_MIGRATE_PROBES")
    if probes:
        with open(probes, encoding="utf-8") as file:
            _instrument(json.load(file))
    _AfterImport.hooks = {
        "sentry_sdk.client": _record_client,
        "sentry_sdk.scope": _record_headers,
        "sentry_sdk.transport": _cut_network,
        "unittest.case": _name_unittests,
    }
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

    hooks = {}  # type: Dict[str, Callable[[Any], None]]

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
            hook(module)

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


# Which code runs.


def _instrument(probes: Dict[str, Dict[str, List[str]]]) -> None:
    """Have statements of interest say that they run. `probes` maps real paths to 1-based lines to
    what is to be said."""
    loader = importlib.machinery.SourceFileLoader
    compiled = loader.source_to_code

    def source_to_code(self: Any, data: Any, path: Any, *args: Any, **options: Any) -> Any:
        lines = probes.get(os.path.realpath(os.fsdecode(path)))
        if lines and not isinstance(data, ast.AST):
            data = with_probes(ast.parse(data, path), lines)
        return compiled(self, data, path, *args, **options)

    loader.source_to_code = source_to_code  # type: ignore[method-assign, assignment]
    setattr(builtins, RAN, _note)
    _AfterImport.hooks["_pytest.assertion.rewrite"] = functools.partial(_instrument_tests, probes)


def _instrument_tests(probes: Dict[str, Dict[str, List[str]]], module: Any) -> None:
    """The same in test modules, which pytest compiles itself."""
    rewrite = module.rewrite_asserts

    def rewrite_asserts(tree: Any, source: Any, module_path: Any = None, *rest: Any) -> Any:
        lines = probes.get(os.path.realpath(module_path)) if module_path else None
        if lines:
            with_probes(tree, lines)
        return rewrite(tree, source, module_path, *rest)

    module.rewrite_asserts = rewrite_asserts


def with_probes(tree: Any, lines: Dict[str, List[str]]) -> Any:
    """The tree, with a call before the innermost statement of each of the lines."""
    blocks = [
        block
        for node in ast.walk(tree)
        for block in (getattr(node, name, None) for name in ("body", "orelse", "finalbody"))
        if isinstance(block, list)
    ]
    places = {}  # type: Dict[Tuple[int, int], List[str]]
    for line, said in lines.items():
        found = []  # type: List[Tuple[int, int, int]]
        for number, block in enumerate(blocks):
            for at, node in enumerate(block):
                first = min([node.lineno, *(one.lineno for one in _decorators(node))])
                last = _last(node)
                if first <= int(line) <= last:
                    found.append((last - first, number, at))
        if found:
            _, number, at = min(found)
            places.setdefault((number, at), []).extend(said)
    for (number, at), said in sorted(places.items(), reverse=True):
        node = blocks[number][at]
        values = [ast.Str(one) if sys.version_info < (3, 8) else ast.Constant(one) for one in said]
        call = ast.Expr(ast.Call(ast.Name(RAN, ast.Load()), values, []))
        for part in ast.walk(call):
            ast.copy_location(part, node)
        blocks[number].insert(at, call)
    return tree


def _decorators(node: Any) -> List[Any]:
    return getattr(node, "decorator_list", [])


def _last(node: Any) -> int:
    last = getattr(node, "end_lineno", None)
    return int(last or max(getattr(part, "lineno", 0) for part in ast.walk(node)))


def _note(*names: str) -> None:
    for name in names:
        if (current.test, name) not in _ran:
            _ran.add((current.test, name))
            write("ran", fix=name)


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
            write("session", payload={"status": found.status, "errors": found.errors})
        return session(self, found)

    client._init_impl, client.capture_event = init, capture_event
    client._prepare_event, client.capture_session = prepare_event, capture_session


def _attachment(one: Any) -> str:
    data = getattr(one, "bytes", None)
    size = len(data) if isinstance(data, bytes) else ""
    return "{} {}".format(getattr(one, "filename", None) or getattr(one, "path", ""), size)


def _nowhere() -> Any:
    """A transport for a client without a DSN: it prepares events all the same."""
    from sentry_sdk.transport import Transport

    class Nowhere(Transport):
        def __init__(self) -> None:
            self.options = {}
            self.parsed_dsn = None

        def capture_event(self, event: Any) -> None:
            pass

        def capture_envelope(self, envelope: Any) -> None:
            pass

    return Nowhere()


def _record_headers(module: Any) -> None:
    headers = module.Scope.iter_trace_propagation_headers

    def iter_headers(self: Any, *args: Any, **named: Any) -> Iterator[Tuple[str, str]]:
        found = list(headers(self, *args, **named))
        given = {name: value for name, value in found if name == "sentry-trace"}
        sampled = [value.split("-")[2:] for value in given.values()]
        write("headers", payload={"names": sorted(name for name, _ in found), "sampled": sampled})
        return iter(found)

    module.Scope.iter_trace_propagation_headers = iter_headers


def _cut_network(module: Any) -> None:
    """Nothing leaves the machine, below everything that a test may replace."""
    for kind in list(vars(module).values()):
        if isinstance(kind, type) and "_make_pool" in vars(kind):
            kind._make_pool = _without_network(kind._make_pool)  # type: ignore[attr-defined]


def _without_network(make_pool: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(make_pool)
    def make(self: Any, *args: Any, **named: Any) -> Any:
        pool = make_pool(self, *args, **named)
        name = "urlopen" if hasattr(pool, "urlopen") else "request"
        send = getattr(pool, name, None)
        if send is None:
            return pool

        def cut(method: Any, url: Any, *rest: Any, **more: Any) -> Any:
            host = urlsplit(url if isinstance(url, str) else "").hostname
            return send(method, url, *rest, **more) if host in _LOCAL else _Answer()

        setattr(pool, name, cut)
        return pool

    return make


class _Answer:
    """What a server says that took everything."""

    status = status_code = 200
    data = content = b"{}"
    headers = {}  # type: Dict[str, str]

    def close(self) -> None:
        pass

    release_conn = drain_conn = close


def _record_warnings() -> None:
    warn = warnings.warn

    def warn_too(message: Any, category: Any = None, stacklevel: int = 1, *rest: Any, **more: Any):  # type: ignore[no-untyped-def]  # noqa: ANN202
        caller = sys._getframe(1).f_globals.get("__name__", "")
        if str(caller).partition(".")[0] == "sentry_sdk":
            kind = category or type(message)
            if isinstance(kind, type) and issubclass(kind, DeprecationWarning):
                write("warning", payload=str(message))
        return warn(message, category, stacklevel + 1, *rest, **more)

    warnings.warn = warn_too


# Tests.


def _name_unittests(module: Any) -> None:
    """Give what runs in a `unittest.TestCase` its name, unless pytest has given one."""
    run = module.TestCase.run

    def named(self: Any, result: Any = None) -> Any:
        if current.test:
            return run(self, result)
        before = tuple(len(getattr(result, name, ())) for name in ("failures", "errors"))
        with running(self.id()):
            done = run(self, result)
            after = tuple(len(getattr(result, name, ())) for name in ("failures", "errors"))
            write("outcome", phase="call", outcome="passed" if before == after else "failed")
        return done

    module.TestCase.run = named


@contextmanager
def running(test: str) -> Iterator[None]:
    """Within it, what is recorded belongs to the test."""
    current.test = test
    try:
        yield
    finally:
        current.test = ""


@contextmanager
def isolated(default_client: bool) -> Iterator[None]:
    """Within it, there is a client that records; after it, the SDK is as it was before. What had
    been changed is recorded."""
    if "sentry_sdk" not in sys.modules:
        importlib.import_module("sentry_sdk")
    before = _State()
    if default_client and not _has_client():
        _bind_client()
    begun = _State()
    try:
        yield
    finally:
        left = begun.changed()
        if left:
            write("leak", payload=left)
        before.restore()


def _two() -> bool:
    return hasattr(sys.modules["sentry_sdk"], "get_isolation_scope")


def _has_client() -> bool:
    sdk = sys.modules["sentry_sdk"]
    if _two():
        return bool(sdk.get_client().is_active())
    return sdk.Hub.current.client is not None


def _bind_client() -> None:
    sdk = sys.modules["sentry_sdk"]
    client = sdk.Client(default_integrations=False, traces_sample_rate=1.0)
    if _two():
        sdk.get_global_scope().set_client(client)
    else:
        sdk.Hub.current.bind_client(client)


class _State:
    """What the SDK keeps where this test runs: its scopes, with what is in them, and its client."""

    def __init__(self) -> None:
        sdk = sys.modules["sentry_sdk"]
        if _two():
            scopes = [sdk.get_global_scope(), sdk.get_isolation_scope(), sdk.get_current_scope()]
            self._stack = None  # type: Any
        else:
            self._hub = sdk.Hub.current
            self._stack = list(self._hub._stack)
            scopes = [scope for _, scope in self._stack]
        self._scopes = [(scope, _content(scope)) for scope in scopes]

    def changed(self) -> List[str]:
        """What is different now, by name."""
        names = set()
        now = _State()
        if self._stack is not None and [c for c, _ in self._stack] != [c for c, _ in now._stack]:
            names.add("client")
        for (_, old), (_, new) in zip(self._scopes, now._scopes):
            names.update(
                name.lstrip("_")
                for name in old
                if name not in _UNTOLD and not _same(old[name], new.get(name))
            )
        return sorted(names)

    def restore(self) -> None:
        """Make it so again."""
        if self._stack is not None:
            self._hub._stack[:] = self._stack
        else:
            module = sys.modules["sentry_sdk.scope"]
            module._isolation_scope.set(self._scopes[1][0])  # type: ignore[attr-defined]
            module._current_scope.set(self._scopes[2][0])  # type: ignore[attr-defined]
        for scope, content in self._scopes:
            for name, value in content.items():
                object.__setattr__(scope, name, value)


def _same(one: Any, other: Any) -> bool:
    try:
        return bool(one is other or one == other)
    except Exception:  # a value of the user's that cannot be compared
        return False


def _content(scope: Any) -> Dict[str, Any]:
    found = {}
    for name in getattr(type(scope), "__slots__", ()) or vars(scope):
        if hasattr(scope, name):
            value = getattr(scope, name)
            copied = isinstance(value, (dict, list)) or type(value).__name__ == "deque"
            found[name] = value.copy() if copied else value
    return found
