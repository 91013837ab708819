"""Calls what a documented example defines. Runs inside an SDK environment.

An example is a fragment: functions that nobody calls, with parameters that nobody gives. Each is
called once inside a transaction and once outside, and what it does is looked at from outside.
"""

from __future__ import annotations

import asyncio
import importlib.abc
import importlib.machinery
import inspect
import sys
import threading
import types
from collections.abc import Callable
from concurrent.futures.thread import _threads_queues  # type: ignore[attr-defined]
from typing import Any

import harness
import sentry_sdk

PROJECT = frozenset({"app", "mylib", "project", "myapp", "shop"})
"""Packages that examples import from, and that do not exist."""

INCOMING = {"sentry-trace": "a" * 32 + "-" + "b" * 16 + "-1"}


def work(*args: Any, **kwargs: Any) -> str:
    """Somebody else's code: it touches everything a scope can leak."""
    sentry_sdk.set_tag("work", "done")
    sentry_sdk.add_breadcrumb(message="working")
    sentry_sdk.capture_message("working")
    for value in args:
        if hasattr(value, "set_extra"):
            value.set_extra("passed", "on")
    return "worked"


class Task:
    """Something with a name that can be run."""

    id = "task-1"
    name = "task"

    def run(self) -> str:
        return work()


class AsyncTask(Task):
    async def run(self) -> str:  # type: ignore[override]
        await asyncio.sleep(0)
        return work()


def _error() -> Exception:
    try:
        raise KeyError("missing")
    except KeyError as error:
        return error


def _client() -> Any:
    return sentry_sdk.Client(release="another", default_integrations=False)


def _hub() -> Any:
    import sentry_sdk.hub

    return sentry_sdk.hub.Hub.current


ARGUMENTS: dict[str, Callable[[], Any]] = {
    "client": _client,
    "error": _error,
    "exc": _error,
    "exception": _error,
    "headers": lambda: dict(INCOMING),
    "environ": lambda: {"HTTP_SENTRY_TRACE": INCOMING["sentry-trace"]},
    "hub": _hub,
    "kind": lambda: "logging",
    "span": sentry_sdk.get_current_span
    if hasattr(sentry_sdk, "get_current_span")
    else lambda: None,
    "transaction": lambda: getattr(sentry_sdk.get_current_span(), "containing_transaction", None),
    "task": Task,
    "user": lambda: {"id": "ann"},
    **dict.fromkeys(("work", "job", "helper", "func", "function", "callback"), lambda: work),
    **dict.fromkeys(("flag", "debug", "enabled"), lambda: True),
    **dict.fromkeys(("value", "rows", "count"), lambda: 3),
    "options": dict,
}
"""What to give for a parameter; any other name gets itself as text."""


class _Project(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Makes the packages that examples import from."""

    def find_spec(
        self, name: str, path: Any = None, target: Any = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name.partition(".")[0] not in PROJECT:
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        module = types.ModuleType(spec.name)
        module.__dict__["__getattr__"] = lambda name: work
        return module

    def exec_module(self, module: types.ModuleType) -> None:
        pass


def prepare() -> None:
    """To be called before the example is run."""
    sys.meta_path.append(_Project())


def drive(module: types.ModuleType) -> None:
    """Call everything the example defines, and look at what it left behind."""
    _join()
    sentry_sdk.capture_message("before the example is called")
    with sentry_sdk.start_transaction(name="example", op="task"):
        with sentry_sdk.start_span(op="step"):
            _call_all(module)
        sentry_sdk.capture_message("in the transaction")
    _call_all(module)
    sentry_sdk.set_tag("late", "yes")
    harness.exc("after the example")


def _call_all(module: types.ModuleType) -> None:
    for value in list(module.__dict__.values()):
        if getattr(value, "__module__", None) != module.__name__:
            continue
        if inspect.isfunction(value):
            _call(value)
        elif inspect.isclass(value) and value.__bases__ == (object,):
            owner = value()
            for name, method in list(vars(value).items()):
                if inspect.isfunction(method) and not name.startswith("__"):
                    _call(getattr(owner, name))


def _call(function: Callable[..., Any]) -> None:
    asynchronous = inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function)
    arguments = {
        name: _argument(name, parameter.annotation, asynchronous)
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
        and parameter.default is parameter.empty
    }
    try:
        result = _result(function(**arguments))
    except Exception as error:
        result = f"{type(error).__name__}: {error}"
    _join()
    if result is None or isinstance(result, str | int | float | list | dict):
        harness.out(function.__name__, result)


def _join() -> None:
    """Wait for what the example started: the order of what is sent must not be left to chance.

    The threads of an executor wait for more to do, and those of the SDK are daemons.
    """
    for thread in threading.enumerate():
        if thread not in (threading.main_thread(), *_threads_queues) and not thread.daemon:
            thread.join(timeout=30)


def _result(result: Any) -> Any:
    if inspect.iscoroutine(result):
        return asyncio.run(result)
    if inspect.isgenerator(result):
        return [work(value) for value in result]
    if hasattr(result, "__enter__") and hasattr(result, "__exit__"):
        with result as value:
            return work(value)
    return result


def _argument(name: str, annotation: Any, asynchronous: bool) -> Any:
    annotated = getattr(annotation, "__name__", str(annotation)).lower()
    if annotated in ("span", "transaction", "hub", "client"):
        name = annotated
    if name == "task" and asynchronous:
        return AsyncTask()
    if name == "request":
        return types.SimpleNamespace(headers={}, path="/orders", tenant="acme", user="ann", id=7)
    if name == "scope":
        return sentry_sdk.Scope()
    return ARGUMENTS[name]() if name in ARGUMENTS else name
