"""How fast it is, next to what it is built on and to ruff: `python tests/benchmarks`.

Prints medians of ratios. Both sides of a ratio are measured in turn, in the same run, so that
a machine under load slows both. `--check` exits with 1 if a goal is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import shutil
import statistics
import sys
import sysconfig
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path

TESTS = Path(__file__).parents[1]
SERVER = TESTS.parent / "server"
sys.path[:0] = [str(SERVER), str(TESTS)]

from benchmarks.application import application  # noqa: E402
from benchmarks.proof import GOAL_PROOF, proof  # noqa: E402
from benchmarks.timing import program, ratio, seconds  # noqa: E402

PLAIN = '''

def page_{n}(request, items):
    """Handle request number {n}."""
    result = []
    for index, item in enumerate(items):
        if item.price > {n} and item.name not in request.session:
            result.append(compute(item, index=index, total=sum(each.price for each in items)))
        else:
            logger.info("skipped %s of %s", item.name, len(items))
    return {{"result": result, "status": "ok" if result else "empty"}}
'''
USING = """

def view_{n}(request):
    with sentry_sdk.configure_scope() as scope:
        scope.set_tag("tenant", request.tenant)
        scope.set_extra("request", {{"number": {n}, "path": request.path}})
    return render(request)
"""
GOAL_ANALYSIS = 2.5
GOAL_TREE = 1.0
GOAL_TURN = 0.05
GOAL_ONE = 2.0


def module(lines: int) -> str:
    """Code of about `lines` lines that uses the SDK once in fifty."""
    text = "import logging\n\nimport sentry_sdk\n\nlogger = logging.getLogger(__name__)\n"
    number = 0
    while text.count("\n") < lines:
        text += (USING if number % 5 == 0 else PLAIN).format(n=number)
        number += 1
    return text


def analysis() -> list[float]:
    """Analysing a text against libcst parsing it."""
    import libcst

    from sentry_migrate.engine.analyze import analyze
    from sentry_migrate.project.config import Settings
    from sentry_migrate.python import tree as trees
    from sentry_migrate.text.source import Source

    settings = Settings()
    ratios = []
    for label, edited in (("a file", False), ("a file after a line changed", True)):
        print(f"analysing {label} / libcst.parse_module of it")
        for lines, times in ((100, 15), (1_000, 9), (10_000, 3)):
            texts = edits(module(lines))
            text = next(texts)
            findings = len(analyze(Source(text), settings).findings)
            assert findings == text.count("configure_scope()")

            def analyzed() -> None:
                if not edited:  # noqa: B023 - called within this turn
                    trees._KEPT.clear()
                analyze(Source(next(texts)), settings)  # noqa: B023

            ours, theirs, median = ratio(analyzed, lambda: libcst.parse_module(text), times)  # noqa: B023
            if not edited:
                ratios.append(median)
            print(
                f"  {lines:>6} lines, {findings:>3} findings: {ours * 1000:8.1f} ms / "
                f"{theirs * 1000:8.1f} ms = {median:.2f}"
            )
    return ratios


def edits(text: str) -> Iterator[str]:
    """A text, each time with something else in its middle."""
    middle = text.index("        else:", len(text) // 2)
    for number in itertools.count():
        yield f"{text[:middle]}            number = {number}\n{text[middle:]}"


def make_tree(directory: Path) -> int:
    """Copy the standard library and the installed packages. Gives the number of Python files."""
    keep = shutil.ignore_patterns("site-packages", "__pycache__", "*.so", "*.pyc", "*.a", "*.exe")
    paths = sysconfig.get_paths()
    shutil.copytree(paths["stdlib"], directory / "standard", ignore=keep, symlinks=True)
    shutil.copytree(paths["purelib"], directory / "packages", ignore=keep, symlinks=True)
    return sum(path.suffix in (".py", ".pyi") for path in directory.rglob("*.py*"))


def tree(times: int) -> float:
    """`check` of a large tree against ruff looking for unused imports there."""
    check = [sys.executable, "-m", "sentry_migrate", "check", "--isolated", "-q", "-e"]
    ruff = [
        str(Path(sysconfig.get_path("scripts"), "ruff")),
        "check",
        "--no-cache",
        "--isolated",
        "--select",
        "F401",
        "-q",
        "-e",
    ]
    with tempfile.TemporaryDirectory() as name:
        files = make_tree(Path(name))
        print("sentry-migrate check / ruff check --no-cache --select F401")
        goal = None
        for using in (0, 20):
            for number in range(using):
                (Path(name) / f"service_{number}.py").write_text(module(200))
            program(*check, name)()  # so that both find the files in the system's cache
            ours, theirs, median = ratio(program(*check, name), program(*ruff, name), times)
            goal = median if goal is None else goal
            kind = f"{using} of 200 lines use the SDK" if using else "none uses the SDK"
            print(f"  {files + using} files, {kind}: {ours:.2f} s / {theirs:.2f} s = {median:.2f}")
        print("sentry-migrate check of one file")
        for kind, text in (("that does not use the SDK", ""), ("of 200 lines", module(200))):
            (Path(name) / "one.py").write_text(text)
            run = program(*check, str(Path(name) / "one.py"))
            print(f"  {kind}: {statistics.median(seconds(run) for _ in range(times)):.2f} s")
    assert goal is not None
    return goal


def make_project(directory: Path, files: int = 3_000, every: int = 15) -> None:
    """Packages whose modules import each other; each so many uses the SDK."""
    (directory / "pyproject.toml").write_text("[project]\nname = 'shop'\nversion = '1'\n")
    start = (
        "import sentry_sdk\n\nimport pkg_0.m_0\n\nsentry_sdk.init()\npkg_0.m_0.page_1(None, ())\n"
    )
    (directory / "main.py").write_text(start)
    using, plain = module(200), "".join(PLAIN.format(n=number) for number in range(17))
    for number in range(files):
        package = directory / f"pkg_{number % 30}"
        package.mkdir(exist_ok=True)
        (package / "__init__.py").touch()
        near = f"from pkg_{(number + 1) % 30} import m_{(number + 1) % files}\n"
        text = using if number % every == 0 else f"import logging\n{near}{plain}"
        (package / f"m_{number}.py").write_text(text)


def project(times: int) -> float:
    """`check` of one file of a large project against the same file alone."""
    check = [sys.executable, "-m", "sentry_migrate", "check", "-q", "-e"]
    with tempfile.TemporaryDirectory() as name:
        whole, alone, kept = (Path(name, part) for part in ("whole", "alone", "kept"))
        for directory in (whole, alone):
            directory.mkdir()
        make_project(whole)
        (alone / "pyproject.toml").touch()
        one = whole / "pkg_15" / "m_15.py"
        shutil.copy(one, alone)
        print("sentry-migrate check of a project of 3000 files, 200 of which use the SDK")
        cached = ["--cache-dir", str(kept)]
        for label, command in (
            ("all files", [*check, "--no-cache", str(whole)]),
            ("one file, first run", [*check, "--no-cache", str(one)]),
        ):
            run = program(*command)
            print(f"  {label}: {statistics.median(seconds(run) for _ in range(times)):.2f} s")
        program(*check, *cached, str(one))()
        ours, theirs, median = ratio(
            program(*check, *cached, str(one)),
            program(*check, *cached, str(alone / one.name)),
            times,
        )
        print(f"  one file / that file alone: {ours:.2f} s / {theirs:.2f} s = {median:.2f}")
    return median


async def longest_turns(session: Callable[..., Awaitable[None]], directory: Path) -> list[float]:
    """Seconds of the processor, by the server's event loop at a time: all but the short ones."""
    from lsp.measured_server import noted
    from lsp.wire import Client

    clients = []

    async def start(capabilities: object, command: Sequence[str], **params: object) -> Client:
        client = Client()
        client.configuration = params.pop("configuration", {})
        clients.append(client)
        await client.start(command)
        await client.initialize(capabilities, **params)  # type: ignore[arg-type]
        return client

    log = directory / "turns.jsonl"
    os.environ.update(TURNS=str(log), TURNS_IN="seconds")
    await session(start, directory)
    for client in clients:
        await client.stop()
    return [took for took, _ in noted(log)]


def turns(times: int) -> float:
    """The longest turn of the server's event loop against parsing the same document."""
    import libcst

    from lsp.busy import LARGE, SESSIONS

    print("longest turn of the server's event loop / libcst.parse_module of the document")
    longest = []
    for session in SESSIONS:
        pairs = []
        for _ in range(times):
            with tempfile.TemporaryDirectory() as name:
                ours = max(asyncio.run(longest_turns(session, Path(name))), default=0.0)
            pairs.append((seconds(lambda: libcst.parse_module(LARGE)), ours))
        longest.append(statistics.median(ours for _, ours in pairs))
        median = statistics.median(ours / theirs for theirs, ours in pairs)
        label = session.__name__.replace("_", " ")
        print(f"  {label}: {longest[-1] * 1000:.0f} ms, {median:.3f}")
    return max(longest)


def main(arguments: Sequence[str]) -> int:
    """The exit code: 1 with --check if a goal is missed."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--check", action="store_true", help="exit with 1 if a goal is missed")
    parser.add_argument("--times", type=int, default=5, help="repetitions on the tree")
    options = parser.parse_args(arguments)
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} processors; medians")
    missed = max(analysis()) > GOAL_ANALYSIS
    missed |= turns(options.times) > GOAL_TURN
    missed |= tree(options.times) >= GOAL_TREE
    missed |= project(options.times) > GOAL_ONE
    missed |= proof() > GOAL_PROOF
    application(options.times)
    goals = (
        f"at most {GOAL_ANALYSIS}, {GOAL_TURN * 1000:.0f} ms, below {GOAL_TREE}, at most {GOAL_ONE}, "
        f"at most {GOAL_PROOF}"
    )
    print(f"goals: {goals}: {'MISSED' if missed else 'met'}")
    return 1 if missed and options.check else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
