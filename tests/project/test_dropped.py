"""One run drops a name wherever nobody takes it now, and a second one changes nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner, Result

from cli.conftest import here_and_now, inline, read_tree, write_tree
from counting import calls
from sentry_migrate.cli import written_files as command
from sentry_migrate.cli.commands import cli
from sentry_migrate.project import atomic_write
from sentry_migrate.project.dropped_names import DroppedNames, written_together
from sentry_migrate.project.taken_names import Demand, Taken
from sentry_migrate.worker import pool
from sentry_migrate.worker.frames import Check


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(pool.Pool, "run", inline)
    root = tmp_path / "project"
    root.mkdir()
    monkeypatch.chdir(root)
    (root / "pyproject.toml").write_text("")
    return root


def check(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["check", "--no-cache", *arguments, "."])


UNSAFE = ("--fix", "--unsafe-fixes")
OBS = "from sentry_sdk import push_scope, capture_message\ncapture_message('a')\n"
DROPPED = "from sentry_sdk import capture_message\ncapture_message('a')\n"
BODY = "def f():\n    with {}() as scope:\n        scope.set_tag('a', 'b')\n"
USE = "from app.obs import capture_message, push_scope\n" + BODY.format("push_scope")
PASSES = "from app.obs import push_scope, capture_message\ncapture_message('b')\n"

# what: (files beside app/obs.py, whether a safe run drops the name there)
ROWS: dict[str, tuple[dict[str, str], bool]] = {
    "a user": ({"app/use.py": USE}, True),
    "two users": ({"app/use.py": USE, "z.py": USE}, True),
    "a user by another name": (
        {"app/use.py": "from .obs import push_scope as p, capture_message\n" + BODY.format("p")},
        True,
    ),
    "an attribute": ({"a.py": "from app import obs\n" + BODY.format("obs.push_scope")}, True),
    "an attribute of a dotted module": (
        {"a.py": "import app.obs\n" + BODY.format("app.obs.push_scope")},
        True,
    ),
    "through a module": (
        {"app/a.py": PASSES, "app/use.py": USE.replace("app.obs", "app.a")},
        True,
    ),
    "through two modules": (
        {
            "app/m.py": PASSES,
            "app/a.py": PASSES.replace("app.obs", ".m"),
            "app/use.py": USE.replace("app.obs", "app.a"),
        },
        True,
    ),
    "a star": ({"app/use.py": USE, "z.py": "from app.obs import *\n"}, False),
    "a string": ({"app/use.py": USE, "z.py": "NAME = 'app.obs:push_scope'\n"}, False),
    "a test": (
        {"app/use.py": USE, "test_a.py": "import mock\nmock.patch('app.obs.push_scope')\n"},
        False,
    ),
    "a function that is passed on": (
        {"app/use.py": "from app.obs import push_scope\nrun(push_scope)\n"},
        False,
    ),
    "a suppressed use": (
        {"app/use.py": USE.replace("() as scope:", "() as scope:  # noqa: SEN102")},
        False,
    ),
    "one of two": (
        {"app/use.py": USE, "app/z.py": "from app.obs import push_scope\nrun(push_scope)\n"},
        False,
    ),
    "no Python": ({"app/use.py": USE, "z.py": "from app.obs import push_scope\nif\n"}, False),
    "an excluded file": (
        {"app/use.py": USE, "build/a.py": "from app.obs import push_scope\n"},
        False,
    ),
    "itself, by a string": (
        {"app/use.py": USE, "app/obs.py": OBS + "globals()['push_scope']\n"},
        False,
    ),
    "each other": (
        {
            "app/obs.py": "from app.a import push_scope, x\nfrom sentry_sdk import init\ninit(x)\n",
            "app/a.py": "from app.obs import push_scope\nx = 1\n",
        },
        False,
    ),
}


@pytest.mark.parametrize(("files", "goes"), ROWS.values(), ids=ROWS)
def test_a_name_that_the_users_of_a_module_no_longer_take(
    here: Path, files: dict[str, str], goes: bool
) -> None:
    write_tree(here, {"app/__init__.py": "", "app/obs.py": OBS, **files})
    before, (shown, said) = read_tree(here), diff()
    assert read_tree(here) == before
    check("--fix")
    assert ("push_scope" not in (here / "app/obs.py").read_text()) is goes
    after = read_tree(here)
    assert changed(before, after) == shown, said
    check("--fix")
    assert read_tree(here) == after


def diff() -> tuple[set[str], str]:
    """The files that `--diff` would change, and all that it prints."""
    text = check("--diff").stdout
    return {line[4:] for line in text.splitlines() if line.startswith("+++ ")}, text


def changed(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> set[str]:
    return {path for path in before if before[path] != after[path]}


def test_files_that_are_not_asked_for_take_what_they_take(here: Path) -> None:
    write_tree(here, {"app/__init__.py": "", "app/obs.py": OBS, "app/use.py": USE})
    CliRunner().invoke(cli, ["check", "--no-cache", "--fix", "app/obs.py"])
    assert (here / "app/obs.py").read_text() == OBS
    CliRunner().invoke(cli, ["check", "--no-cache", "--fix", "app/use.py"])
    assert (here / "app/obs.py").read_text() == OBS
    CliRunner().invoke(cli, ["check", "--no-cache", "--fix", "app/obs.py", "app/use.py"])
    assert (here / "app/obs.py").read_text() == DROPPED


def test_what_is_left_is_said_of_what_is_left(here: Path) -> None:
    kept = "from app.obs import push_scope\nrun(push_scope)\n"
    write_tree(
        here, {"app/__init__.py": "", "app/obs.py": OBS, "app/use.py": USE, "app/z.py": kept}
    )
    assert "taken by app/use.py and 1 more file" in check("--output-format=concise").stdout
    first = check("--fix", "--output-format=concise").stdout
    assert "taken by app/z.py" in first
    again = check("--output-format=concise").stdout.splitlines()
    assert next(line for line in again if "obs" in line) in first


@pytest.mark.parametrize("failing", ["app/use.py", "app/a.py", "app/obs.py"])
@pytest.mark.parametrize("chain", [True, False], ids=["a chain", "one user"])
def test_a_file_that_cannot_be_written(
    here: Path, monkeypatch: pytest.MonkeyPatch, failing: str, chain: bool
) -> None:
    """Then what it takes stays where it is, all the way down; what does not depend on it goes."""
    middle = {"app/a.py": PASSES, "app/use.py": USE.replace("app.obs", "app.a")}
    write_tree(here, {"app/__init__.py": "", "app/obs.py": OBS, "app/use.py": USE})
    write_tree(here, middle if chain else {})
    before = read_tree(here)
    replace = atomic_write.replace

    def refuse(path: str, old: bytes, new: bytes) -> None:
        if path.replace(os.sep, "/").endswith(failing):
            raise PermissionError(13, "Permission denied")
        replace(path, old, new)

    monkeypatch.setattr(command.atomic_write, "replace", refuse)
    ran = check("--fix")
    order = ["app/use.py", *(["app/a.py"] if chain else []), "app/obs.py"]
    if failing not in order:
        assert changed(before, read_tree(here)) == set(order)
        return
    at = order.index(failing)
    assert changed(before, read_tree(here)) == set(order[:at])
    assert ran.exit_code == 2
    assert f"{failing}: io-error: not fixed: Permission denied" in ran.stderr.replace(os.sep, "/")
    for behind in order[at + 1 :]:
        said = f"{behind}: io-error: not fixed: its fixes need those of {order[order.index(behind) - 1]}"
        assert said in ran.stderr.replace(os.sep, "/")


LENGTHS = (8, 32)


def test_a_long_chain_costs_little_for_each_link(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for length in LENGTHS:
        asked: list[str] = []

        def counted(_: pool.Pool, jobs: Sequence[Check], asked: list[str] = asked) -> object:
            asked += (job.path for job in jobs)
            return map(here_and_now, jobs)

        monkeypatch.setattr(pool.Pool, "run", counted)
        names = [f"m{number}" for number in range(length)]
        write_tree(here / str(length), {"pyproject.toml": "", **chain(names)})
        monkeypatch.chdir(here / str(length))
        check("--fix")
        texts = [(here / str(length) / f"{name}.py").read_text() for name in names]
        assert not [text for text in texts if "push_scope" in text]
        assert len(asked) < 2 * length


def chain(names: Sequence[str]) -> dict[str, str]:
    """Modules of which each takes a name from the one before, and the last uses it."""
    first, *rest = names
    files = {first: OBS}
    for before, name in zip(names, rest, strict=False):
        files[name] = PASSES.replace("app.obs", before)
    files[names[-1]] += BODY.format("push_scope")
    return {f"{name}.py": text for name, text in files.items()}


@pytest.mark.parametrize("shape", ["chain", "star", "star of chains"])
def test_working_out_what_is_dropped_costs_little_for_each_file(shape: str) -> None:
    def work(size: int) -> None:
        takes = {}
        for number in range(1, size):
            homes = {"chain": [number - 1], "star": [0], "star of chains": [0, number - 1]}[shape]
            pairs = tuple((f"m{home}", "push_scope") for home in homes)
            takes[f"/p/m{number}.py"] = Taken(pairs=pairs, modules=())
        dropped = DroppedNames(Demand.of(takes), [f"/p/m{number}.py" for number in range(size)])
        due = [f"/p/m{size - 1}.py"]
        while due:
            for path in due:
                dropped.becomes(path, Taken())
            due = [path for path, names in dropped.outdated() if "push_scope" not in str(names)]
        assert len(list(written_together(takes, dropped.takers()))) == size - 1

    small, large = (calls(lambda size=size: work(size)) for size in (50, 200))  # type: ignore[misc]
    assert large < 6 * small


@pytest.mark.parametrize("seed", range(200))
def test_files_that_need_each_other_are_written_together(seed: int) -> None:
    random = Random(seed)
    paths = [str(number) for number in range(random.randint(1, 8))]
    needs = {path: {random.choice(paths) for _ in range(random.randint(0, 2))} for path in paths}
    needs["0"].add("of no concern")
    groups = list(written_together(paths, needs))
    assert sorted(path for group in groups for path in group) == paths
    written: set[str] = set()
    for group in groups:
        written.update(group)
        assert all(needs[path] - {"of no concern"} <= written for path in group)
    if not any(path in reached(path, needs) for path in paths):
        assert len(groups) == len(paths)


def reached(start: str, needs: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        fresh = needs.get(waiting.pop(), set()) - found
        found |= fresh
        waiting.extend(fresh)
    return found


def test_a_name_that_is_taken_again_stays_for_good() -> None:
    takes = {"/p/a.py": Taken(pairs=(("obs", "push_scope"),))}
    dropped = DroppedNames(Demand.of(takes), ["/p/obs.py"])
    said = []
    for taken in (Taken(), takes["/p/a.py"], Taken(), takes["/p/a.py"], Taken()):
        dropped.becomes("/p/a.py", taken)
        said += [names for _, names in dropped.outdated()]
    assert said[:2] == [(), (("push_scope", 1, "/p/a.py"),)]
    assert {name for names in said[2:] for name, *_ in names} <= {"push_scope"}
    assert () not in said[2:]


# -- projects at random ----------------------------------------------------------------------------

NAMES = ("push_scope", "configure_scope", "Hub")
SDK_2 = "".join(
    f"def {name}(*args, **kwargs): ...\n"
    for name in (
        *("init", "set_tag", "push_scope", "configure_scope", "new_scope", "isolation_scope"),
        *("get_isolation_scope", "get_current_scope", "get_client", "capture_message", "Hub"),
    )
)


class Project:
    """Modules in rows: each takes names from those before it, in some way, and may use them."""

    def __init__(self, seed: int) -> None:
        self.random = random = Random(seed)
        self.files: dict[str, str] = {}
        self.homes: dict[str, list[str]] = {name: ["sentry_sdk"] for name in NAMES}
        names = [f"m{number}" for number in range(random.randint(2, 7))]
        random.shuffle(names)  # the order of paths is not that of imports
        for name in names:
            package = random.random() < 0.2
            path = f"app/{name}/__init__.py" if package else f"app/{name}.py"
            self.files[path] = self.module(f"app.{name}", package)
        self.files.setdefault("app/__init__.py", "")
        if random.random() < 0.3:
            self.files["test_app.py"] = self.test()

    def module(self, module: str, package: bool) -> str:
        random, lines = self.random, []
        bound = []
        for name in random.sample(NAMES, random.randint(1, 2)):
            home = random.choice(self.homes[name])
            line, written = self.taking(home, name, package)
            lines.append(line)
            bound += [name] if written == name and "import *" not in line else []
            if random.random() < 0.5:
                lines.append(self.using(name, written))
        for name in bound:
            self.homes[name].append(module)
        if random.random() < 0.1:
            lines.append(f"__all__ = {[*bound, 'capture_message']}")
        return "from sentry_sdk import capture_message\n" + "".join(f"{one}\n" for one in lines)

    def taking(self, home: str, name: str, package: bool) -> tuple[str, str]:
        """A line that takes a name from a module, and what code writes for it then."""
        last = home.rpartition(".")[2]
        near = ".." if package else "."
        forms = [(f"from {home} import {name}, capture_message as c_{last}", name)] * 3
        forms += [(f"from {home} import {name}", name)]
        forms += [(f"from {home} import {name} as other_{name}", f"other_{name}")]
        forms += [(f"import {home}", f"{home}.{name}")]
        if home != "sentry_sdk":
            forms += [
                (f"from {near}{last} import {name}", name),
                (f"from {near}{last} import *", name),
                (f"from app import {last}", f"{last}.{name}"),
                (f"import {home} as m_{last}", f"m_{last}.{name}"),
                (f"from app import {last}\ngetattr({last}, '{name}')", f"{last}.{name}"),
                (f"def late():\n    from {home} import {name}\n    return {name}", "print"),
            ]
        return self.random.choice(forms)

    def using(self, name: str, written: str) -> str:
        if written == "print":
            return ""
        if name == "Hub":
            return f"def g():\n    {written}.current.capture_message('a')"
        uses = [f"def f():\n    with {written}() as scope:\n        scope.set_tag('a', 'b')"] * 4
        uses += [f"def f():\n    return {written}"]
        return self.random.choice(uses)

    def test(self) -> str:
        name = self.random.choice(NAMES)
        home = self.random.choice(self.homes[name])
        return (
            "from unittest import mock\n"
            f"def test_it():\n    with mock.patch('{home}.{name}'):\n        pass\n"
        )


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize("flags", [("--fix",), UNSAFE], ids=["safe", "unsafe"])
def test_one_run_is_all_it_takes(here: Path, seed: int, flags: tuple[str, ...]) -> None:
    project = Project(seed)
    write_tree(here, project.files)
    check(*flags)
    once = read_tree(here)
    check(*flags)
    assert read_tree(here) == once
    imported(here)


def imported(here: Path) -> None:
    """Import every module with 2.x, and look up what its tests patch."""
    (here.parent / "sentry_sdk.py").write_text(SDK_2)
    modules = [
        path.relative_to(here)
        .with_suffix("")
        .as_posix()
        .replace("/", ".")
        .removesuffix(".__init__")
        for path in sorted(here.rglob("*.py"))
    ]
    code = "import importlib, sys\nfor name in sys.argv[1:]:\n    importlib.import_module(name)\n"
    code += "if 'test_app' in sys.argv: sys.modules['test_app'].test_it()\n"
    done = subprocess.run(
        [sys.executable, "-c", code, *modules],
        cwd=here,
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(here), str(here.parent)))},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
