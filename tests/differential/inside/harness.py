"""What a program finds besides the SDK, and what records it. Runs inside an SDK environment, on
sentry-sdk 1.45 and on every 2.x.

Every client that has a DSN, whoever makes it, gets a transport that keeps what it is given. No
socket can be connected. Nothing here may differ between two SDK versions, or the comparison is
worth nothing.
"""

from __future__ import annotations

import builtins
import contextlib
import io
import json
import logging
import os
import random
import socket
import sys
import traceback
import types
import warnings
from collections.abc import Callable, Iterable
from typing import Any

import sentry_sdk
import sentry_sdk.client
import sentry_sdk.consts
import sentry_sdk.tracing_utils
from sentry_sdk.transport import Transport

PROGRAM = "program.py"
DSN = "https://key@sentry.invalid/1"

SENT: list[dict[str, Any]] = []
OUT: list[Any] = []
WARNINGS: list[dict[str, Any]] = []
LOGGED: list[str] = []
CLIENTS: list[Any] = []


DICE = 0.25
"""What every roll of the dice gives: a transaction with a rate above it is sampled."""


class Dice(random.Random):
    """The generator of 2.x, which takes its seed from the trace."""

    def randrange(self, start: int, stop: int | None = None, step: int = 1) -> int:
        assert stop is not None
        return start + int((stop - start) * DICE)


class Recorder(Transport):
    """Keeps what would be sent."""

    def capture_event(self, event: Any) -> None:
        """The way of 1.x for an event that needs no envelope."""
        SENT.append({"type": event.get("type") or "event", "payload": event})

    def capture_envelope(self, envelope: Any) -> None:
        attachments = [
            {
                "filename": item.headers.get("filename"),
                "content_type": item.headers.get("content_type"),
                "bytes": item.payload.get_bytes().decode("utf-8", "replace"),
            }
            for item in envelope.items
            if item.headers.get("type") == "attachment"
        ]
        for item in envelope.items:
            kind = item.headers.get("type")
            if kind == "attachment":
                continue
            payload = item.payload.json
            if payload is None:
                payload = item.payload.get_bytes().decode("utf-8", "replace")
            record = {"type": kind, "payload": payload}
            if kind in ("event", "transaction") and attachments:
                record["attachments"] = attachments
            SENT.append(record)

    def flush(self, *args: Any, **kwargs: Any) -> None:
        pass

    def kill(self) -> None:
        pass


class _Log(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        LOGGED.append(f"{record.levelname}: {record.getMessage()}")


def _no_network(*args: Any, **kwargs: Any) -> None:
    raise OSError("programs have no network")


def install() -> None:
    """Make every client record, and note warnings and the SDK's own log."""
    real_transport = sentry_sdk.client.make_transport
    real_init = sentry_sdk.client._Client._init_impl

    def make_transport(options: Any) -> Any:
        given = options["transport"]
        sends = given is None and options["dsn"]
        return Recorder(options) if sends else real_transport(options)

    def init_impl(self: Any) -> None:
        CLIENTS.append(self)
        real_init(self)

    sentry_sdk.client.make_transport = make_transport
    sentry_sdk.client._Client._init_impl = init_impl
    sentry_sdk.consts.DEFAULT_OPTIONS["auto_enabling_integrations"] = False
    socket.socket.connect = _no_network  # type: ignore[method-assign, assignment]
    socket.socket.connect_ex = _no_network  # type: ignore[method-assign, assignment]

    random.random = lambda: DICE
    if hasattr(sentry_sdk.tracing_utils, "Random"):
        sentry_sdk.tracing_utils.Random = Dice

    for name in [name for name in os.environ if name.startswith("SENTRY_")]:
        del os.environ[name]
    os.environ.update(SENTRY_DSN=DSN, SENTRY_RELEASE="r1")
    sys.argv[:] = [PROGRAM]

    warnings.simplefilter("always")
    warnings.showwarning = _note_warning
    log = logging.getLogger("sentry_sdk.errors")
    log.filters.clear()
    log.handlers.clear()
    log.setLevel(logging.INFO)
    log.propagate = False
    log.addHandler(_Log())


def _note_warning(message: Any, category: Any, filename: str, lineno: int, *_: Any) -> None:
    WARNINGS.append(
        {"category": category.__name__, "message": str(message), "file": filename, "line": lineno}
    )


# What a program may use: these are builtins in it.


def out(*values: Any) -> None:
    """Record values a person reading the program would look at."""
    OUT.append(list(values) if len(values) != 1 else values[0])


def cap(message: str, **kwargs: Any) -> Any:
    """Send a message from a place the fixer cannot see into."""
    return sentry_sdk.capture_message(message, **kwargs)


def exc(message: str = "boom", **kwargs: Any) -> Any:
    """Raise and capture, where the fixer cannot see it."""
    try:
        raise ValueError(message)
    except ValueError:
        return sentry_sdk.capture_exception(**kwargs)


def request(app: Callable[..., Iterable[bytes]], path: str = "/", method: str = "GET") -> None:
    """One WSGI request through the SDK's own middleware."""
    from sentry_sdk.integrations.wsgi import SentryWsgiMiddleware

    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "SERVER_NAME": "shop.test",
        "SERVER_PORT": "80",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(b""),
    }
    response = SentryWsgiMiddleware(app)(environ, lambda *_args, **_kwargs: None)
    list(response)
    getattr(response, "close", lambda: None)()


class Stub:
    """Stands for a name an example uses and does not define. Notes that it was called."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __call__(self, *args: Any, **kwargs: Any) -> Stub:
        OUT.append(f"called {self._name}")
        return Stub(f"{self._name}()")

    def __getattr__(self, name: str) -> Stub:
        if name.startswith("__"):
            raise AttributeError(name)
        return Stub(f"{self._name}.{name}")

    def __getitem__(self, key: Any) -> Stub:
        return Stub(f"{self._name}[{key!r}]")

    def __enter__(self) -> Stub:
        OUT.append(f"entered {self._name}")
        return self

    def __exit__(self, *_: object) -> None:
        OUT.append(f"left {self._name}")

    def __iter__(self) -> Any:
        return iter((1, 2))

    def __repr__(self) -> str:
        return f"<{self._name}>"

    __str__ = __repr__


def run(setup: str, text: str, coda: str = "", stubs: Iterable[str] = ()) -> dict[str, Any]:
    """Run one program in this process, which must be thrown away afterwards."""
    install()
    for helper in (out, cap, exc, request):
        setattr(builtins, helper.__name__, helper)
    error = None
    printed = io.StringIO()
    module = types.ModuleType("program")
    module.__file__ = PROGRAM
    sys.modules["program"] = module
    module.__dict__.update({name: Stub(name) for name in stubs})
    with contextlib.redirect_stdout(printed):
        _execute(setup, "setup.py", {"__name__": "setup"})
        WARNINGS.clear()
        LOGGED.clear()
        try:
            _execute(text, PROGRAM, module.__dict__)
            _execute(coda, "coda.py", {"__name__": "coda", "program": module})
        except BaseException as caught:
            frames = traceback.extract_tb(caught.__traceback__)
            lines = [frame.lineno for frame in frames if frame.filename == PROGRAM]
            error = {
                "type": type(caught).__name__,
                "message": str(caught),
                "line": lines[-1] if lines else 0,
            }
        for client in CLIENTS:
            flusher = getattr(client, "session_flusher", None)
            if flusher is not None:
                flusher.flush()
    return {
        "sent": SENT,
        "out": OUT,
        "printed": printed.getvalue(),
        "error": error,
        "warnings": WARNINGS,
        "logged": LOGGED,
    }


def _execute(text: str, name: str, namespace: dict[str, Any]) -> None:
    exec(compile(text, name, "exec", dont_inherit=True), namespace)


def dump(result: dict[str, Any]) -> str:
    return json.dumps(result, default=str, sort_keys=True)
