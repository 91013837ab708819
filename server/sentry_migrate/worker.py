"""The child process that runs the analysis, so that the parser can neither stall nor kill the
server.

Owns the process: frames on standard input and output, a stack deep enough for deep trees, and
its end at the end of input. Refuses to know who asks.
"""

from __future__ import annotations

import ctypes
import os
import queue
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path, PurePath
from typing import Any, BinaryIO

from sentry_migrate import __version__, frames, modules
from sentry_migrate.model import Failure, FixOutcome, Report
from sentry_migrate.reexports import Handed
from sentry_migrate.text.source import DecodeError, Source

Handlers = Mapping[type[Any], Callable[[Any], frames.Answer]]

# libcst recurses in native code and in Python, both in proportion to the depth of the tree: an
# expression of 3,000 nested parentheses overflows the usual 8 MB.
_STACKS = (512 << 20, 128 << 20, 32 << 20)
_RECURSION = 20_000


def main() -> None:
    """Answer questions until standard input ends."""
    run(_load)


def run(load: Callable[[], tuple[frames.Hello, Handlers]]) -> None:
    """Say hello, then answer with the handlers that `load` gives, until standard input ends.

    The main thread only reads, so that the end of input is seen during a long analysis too.
    """
    _die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server; we see its end
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a stray print must not break a frame
    questions: queue.SimpleQueue[frames.Message] = queue.SimpleQueue()
    sys.setrecursionlimit(_RECURSION)
    _start_deep(lambda: _work(load, questions, output))
    source = os.fdopen(os.dup(0), "rb")
    while (question := frames.read(source)) is not None:
        questions.put(question)
    os._exit(0)


def _start_deep(target: Callable[[], None]) -> None:
    for size in _STACKS:
        try:
            threading.stack_size(size)
            threading.Thread(target=target, daemon=True).start()
        except (RuntimeError, ValueError):
            continue  # an address space limit; try a smaller stack
        threading.stack_size(0)
        return
    raise MemoryError("no stack for the analysis")


def _work(
    load: Callable[[], tuple[frames.Hello, Handlers]],
    questions: queue.SimpleQueue[frames.Message],
    output: BinaryIO,
) -> None:
    try:
        hello, handlers = load()
        _send(output, hello)
        while True:
            question = questions.get()
            try:
                answer = handlers[type(question)](question)
            except Exception as error:
                traceback.print_exc()
                answer = frames.Failed(f"{type(error).__name__}: {error}"[:300])
            _send(output, answer)
    except BaseException:
        traceback.print_exc()
    os._exit(1)  # without us the process can do nothing; the server starts another


def _send(output: BinaryIO, message: frames.Message) -> None:
    output.write(frames.pack(message))
    output.flush()


def _die_with_parent() -> None:
    """On Linux, have the kernel kill us when the server is gone.

    The end of input tells us too, but a native parser at work may not let us read it for seconds.
    """
    if sys.platform == "linux":
        parent = os.getppid()
        set_parent_death_signal = 1  # PR_SET_PDEATHSIG, prctl(2)
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(0)  # it died just before we asked


def _load() -> tuple[frames.Hello, Handlers]:
    """The real analysis. Imported here and not above: the server imports frames, never this."""
    import libcst

    from sentry_migrate.engine.analyze import analyze
    from sentry_migrate.engine.dependencies import is_dependency_file
    from sentry_migrate.engine.files import left_out
    from sentry_migrate.engine.fix import fix
    from sentry_migrate.rules import RULES
    from sentry_migrate.syntax.tree import ParseError, Tree

    def analyze_text(ask: frames.Analyze) -> Report:
        if not ask.python and not is_dependency_file(_pure(ask.path)):
            return Report()
        if ask.path is not None and left_out(ask.path, ask.settings):
            return Report(left_out=True)
        source = Source(ask.text)
        return analyze(source, ask.settings, _pure(ask.path), names(ask, source))

    def names(
        ask: frames.Analyze | frames.FixAll | frames.AnalyzeFile | frames.FixFile, source: Source
    ) -> Mapping[str, str]:
        if not ask.reexports or ask.path is None:
            return {}
        data = source.text.encode("utf-8", "replace")
        return Handed(ask.reexports).concerning(ask.path, data)

    def parse(ask: frames.Parse) -> Report:
        try:
            Tree(ask.text)
        except ParseError as error:
            return Report(failure=Failure("syntax", str(error), error.offset))
        return Report()

    def fix_text(ask: frames.FixAll) -> FixOutcome:
        rules = None if ask.rules is None else frozenset(ask.rules)
        source = Source(ask.text)
        path, given = _pure(ask.path), names(ask, source)
        return fix(source, ask.settings, path, unsafe=ask.unsafe, rules=rules, reexports=given)

    def analyze_file(ask: frames.AnalyzeFile) -> frames.FileReport:
        if left_out(ask.path, ask.settings):
            return frames.FileReport("", Report(left_out=True))
        source = _read(ask.path)
        if isinstance(source, Failure):
            return frames.FileReport("", Report(failure=source))
        report = analyze(source, ask.settings, PurePath(ask.path), names(ask, source))
        return frames.FileReport(source.text if report.findings else "", report)

    def fix_file(ask: frames.FixFile) -> frames.FileFix:
        source = _read(ask.path)
        if isinstance(source, Failure):
            return frames.FileFix("", FixOutcome("", (), (), Report(failure=source)))
        rules = None if ask.rules is None else frozenset(ask.rules)
        path, given = PurePath(ask.path), names(ask, source)
        outcome = fix(source, ask.settings, path, unsafe=ask.unsafe, rules=rules, reexports=given)
        return frames.FileFix(source.text, outcome)

    docs = tuple(
        frames.RuleDoc(
            rule.code, rule.name, rule.kind, rule.summary, rule.why, rule.safety, rule.link,
            rule.since,
        )
        for rule in RULES.values()
    )  # fmt: skip
    versions = (
        ("sentry-migrate", __version__),
        ("libcst", libcst.LIBCST_VERSION),
        ("python", sys.version.split()[0]),
    )
    handlers: dict[type[Any], Callable[[Any], frames.Answer]] = {
        frames.Analyze: analyze_text,
        frames.Parse: parse,
        frames.FixAll: fix_text,
        frames.AnalyzeFile: analyze_file,
        frames.FixFile: fix_file,
        frames.Discover: _discover,
        frames.Read: _modules,
    }
    return frames.Hello(docs, versions), handlers


def _pure(path: str | None) -> PurePath | None:
    return None if path is None else PurePath(path)


def _read(path: str) -> Source | Failure:
    try:
        return Source.from_bytes(Path(path).read_bytes())
    except (DecodeError, OSError) as error:
        return Failure("decode", str(error))


def _discover(ask: frames.Discover) -> frames.Files:
    """Files below a folder that concern us, as the command line would find them."""
    from sentry_migrate.engine.files import discover, read
    from sentry_migrate.engine.pool import mentions_sentry

    paths: list[str] = []
    others: list[str] = []
    rest: list[str] = []
    importing: dict[str, modules.Module] = {}
    for found in discover([ask.root], lambda _: ask.settings):
        try:
            data = read(found.path)
        except OSError:
            continue
        mentions = mentions_sentry(found.path, data)
        if not (mentions or modules.hints(data)) or found.skipped():
            rest.append(found.path)
            continue
        (paths if mentions else others).append(found.path)
        module = modules.module(found.path, data)
        if module is not None and module.imports:
            importing[found.path] = module
        else:
            rest.append(found.path)
    names = {*ask.names, *(module.name for module in importing.values())}
    known = (*importing.items(), *modules.alike(rest, names))
    return frames.Files(tuple(sorted(paths)), tuple(sorted(others)), known)


def _modules(ask: frames.Read) -> frames.Modules:
    texts = dict(ask.texts)
    return frames.Modules(tuple(_module(path, texts.get(path)) for path in ask.paths))


def _module(path: str, text: str | None) -> modules.Module | None:
    try:
        data = Path(path).read_bytes() if text is None else text.encode("utf-8", "replace")
    except OSError:
        return None
    return modules.module(path, data)


if __name__ == "__main__":
    main()
