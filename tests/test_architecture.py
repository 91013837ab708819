"""The rules of the code's own form, checked on its syntax."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from sentry_migrate.kit.rule import GUIDE, Ignores, Rule
from sentry_migrate.rules import RULES

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "server/sentry_migrate"
MODULES = {
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts): path
    for path in sorted(PACKAGE.rglob("*.py"))
}
MAX_LINES = 400

# A room imports from itself and the rooms named after it, directly or through them.
LAYERS: dict[str, tuple[str, ...]] = {
    "text": (),
    "call_keys": (),
    "plan": ("call_keys",),
    "doubts": (),
    "model": ("text", "plan"),
    "project": ("model", "doubts"),
    "python": ("text",),
    "sdk": ("python", "project"),
    "kit": ("sdk", "project"),
    "proof": ("kit",),
    "rewrite": ("proof",),
    "rules": ("rewrite",),
    "engine": ("rules",),
    "page": ("model", "doubts"),
    "report": ("rules", "page"),
    "worker": ("project", "isolation"),
    "worker.answers": ("engine", "worker"),
    "prove": ("project", "isolation"),
    "cli": ("report", "worker", "prove", "isolation"),
    "lsp.wire": ("text",),
    "lsp.documents": ("lsp.wire", "project"),
    "lsp.analysis": ("lsp.documents", "worker"),
    "lsp.session": ("lsp.analysis",),
    "lsp.features": ("lsp.session", "page"),
    "lsp": ("lsp.features",),
    "isolation": (),
    "__init__": (),
    "__main__": ("cli",),
}
"""`cli` also starts the server: ALLOWED. `lsp` reaches the engine through the worker process only."""

PAGE = (
    {"report"}
    | {
        f"report.{name}"
        for name in (
            "entry",
            "fix_diff",
            "folders",
            "html",
            "listing",
            "markup",
            "question_page",
            "questions",
            "source_links",
            "summary",
            "trend",
            "uncounted",
        )
    }
    | {"report.visible"}
)
"""The modules that make the migration report, and the package itself, which holds nothing. They
know findings only, because the server uses them too, and it never loads the analysis."""

# module → what it imports although its layer does not
ALLOWED = {
    ("cli.commands", "lsp"),
}

# room → names that must not be imported there
_PROTOCOL = {"pygls", "lsprotocol"}
BANNED = {
    "": {"requests", "urllib.request", "http", "smtplib"},  # nothing is ever sent anywhere
    "text": {"libcst", "ast", "os", "pathlib"} | _PROTOCOL,
    "model": {"libcst"} | _PROTOCOL,
    "project": {"libcst"} | _PROTOCOL,
    "python": {"os", "subprocess"} | _PROTOCOL,
    "sdk": {"os", "subprocess"} | _PROTOCOL,
    "kit": {"os", "subprocess", "io"} | _PROTOCOL,
    "proof": {"os", "subprocess", "io"} | _PROTOCOL,
    "rewrite": {"os", "subprocess", "io"} | _PROTOCOL,
    "rules": {"os", "subprocess", "io"} | _PROTOCOL,
    "engine": {"click", "rich"} | _PROTOCOL,
    "worker": {"libcst"} | _PROTOCOL,
    "page": {"libcst", "click", "rich"} | _PROTOCOL,
    "report": {"libcst", "click"} | _PROTOCOL,
    "cli": {"libcst"} | _PROTOCOL,
    "lsp": {"libcst"},
    "lsp.wire": {"libcst"},
    "lsp.documents": {"libcst"},
    "lsp.analysis": {"libcst"},
    "lsp.session": {"libcst"},
    "lsp.features": {"libcst"},
}


@cache
def parsed(path: Path) -> ast.Module:
    """A module's syntax."""
    return ast.parse(path.read_bytes())


@cache
def imports(path: Path) -> tuple[tuple[str, bool], ...]:
    """Every imported module, and whether only a type checker imports it."""
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[tuple[str, bool]]:
    tree = parsed(path)
    checking: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            checking.update(child for part in node.body for child in ast.walk(part))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node in checking
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            assert node.module is not None
            yield node.module, node in checking
            for alias in node.names:
                yield f"{node.module}.{alias.name}", node in checking


def layer_of(module: str) -> str:
    """The narrowest room that holds a module."""
    parts = module.removesuffix(".__init__").split(".")
    if ".".join(parts[:2]) in PAGE:
        return "page"
    ends = range(len(parts), 0, -1)
    return next((name for end in ends if (name := ".".join(parts[:end])) in LAYERS), parts[0])


def reachable(layer: str) -> set[str]:
    below = {layer}
    for lower in LAYERS[layer]:
        below |= reachable(lower)
    return below


# Of each question about all modules there is one test, which lists the modules that are wrong: a
# test for each of them takes longer to set up than to answer.


def _upwards(module: str, name: str) -> bool:
    """Whether a module imports something from a room that is not below its own."""
    layer = layer_of(name.removeprefix("sentry_migrate."))
    if not name.startswith("sentry_migrate.") or layer not in LAYERS:
        return False
    allowed = reachable(layer_of(module)) | {"__init__"}
    return layer not in allowed and (module, layer) not in ALLOWED


def test_arrows_point_down() -> None:
    imported = [(module, name) for module, path in MODULES.items() for name, _ in imports(path)]
    assert [f"{module} imports {name}" for module, name in imported if _upwards(module, name)] == []


def test_the_code_map_has_every_room_above_those_that_use_it() -> None:
    page = (ROOT / "server/docs/architecture.md").read_text(encoding="utf-8")
    table = page.partition("\n## The code map\n")[2].partition("\nBeside it:")[0]
    listed = re.findall(r"^\| `([\w/]+?)(?:/|\.py)` \|", table, re.MULTILINE)
    rooms = ["lsp" if name == "lsp/server" else name.replace("/", ".") for name in listed]
    parts = {"page", "worker.answers", "__init__", "__main__"}  # of rooms, and the package itself
    assert sorted(rooms) == sorted(LAYERS.keys() - parts)
    for at, room in enumerate(rooms):
        assert reachable(room) - parts <= set(rooms[: at + 1]), room


def test_features_import_each_other_without_a_circle() -> None:
    known = {name for name in MODULES if name.startswith("lsp.features.")}
    left = {
        name: {found.removeprefix("sentry_migrate.") for found, _ in imports(MODULES[name])} & known
        for name in known
    }
    while free := {name for name, needed in left.items() if not needed & left.keys()}:
        left = {name: needed for name, needed in left.items() if name not in free}
    assert left == {}


def test_nobody_knows_what_is_not_theirs() -> None:
    wrong = [
        f"{module} imports {name}"
        for module, path in MODULES.items()
        for name, checking in imports(path)
        if not checking
        and {name, name.split(".")[0]} & (BANNED[""] | BANNED.get(layer_of(module), set()))
    ]
    assert wrong == []


READS = re.compile(r"(?<!`)\bopen\((?!\d)|\.open\(|\bread_(bytes|text)\(")
READERS = {
    "project.regular_files",
    "project.atomic_write",  # files of our own
    "cli.entry_point",  # the null device
    # what this program itself has written for the tests it runs, and what they print
    *("prove.runs", "prove.injected.sentry_migrate_probes"),
    "prove.injected.sentry_migrate_recorder",
    *("lsp.features.text_sync", "lsp.documents.documents"),  # documents that an editor opens
    # the package's own files
    *("report.docs", "report.html", "report.settings_schema", "sdk.releases"),
    *("report.proofs", "sdk.scope_members", "sdk.changes"),
}


def test_one_module_reads_files() -> None:
    """A pipe in a checked folder would be waited for without end, a device give without end."""
    reading = {
        module for module, path in MODULES.items() if READS.search(path.read_text(encoding="utf-8"))
    }
    assert reading == READERS


BUILDS = re.compile(r"\b(?:context|self\._context)\.(?:fix|finding)\(|\bFixDraft\(|\bEdit\(")


def test_what_judges_fixes_builds_none() -> None:
    building = {
        module
        for module, path in MODULES.items()
        if layer_of(module) == "proof" and BUILDS.search(path.read_text(encoding="utf-8"))
    }
    assert building == set()
    assert BUILDS.search(MODULES["rewrite.push_scope"].read_text(encoding="utf-8"))


def test_one_module_translates_findings_to_the_protocol() -> None:
    """Offsets become positions, findings diagnostics and edits text edits in one place."""
    made = re.compile(r"\btypes\.(Diagnostic|TextEdit|AnnotatedTextEdit)\(|\bPosition\(\*")
    translating = {
        module
        for module, path in MODULES.items()
        if layer_of(module).startswith("lsp") and made.search(path.read_text(encoding="utf-8"))
    }
    assert translating == {"lsp.documents.convert"}


def test_one_module_parses() -> None:
    parsing = {
        module
        for module, path in MODULES.items()
        if re.search(r"\b(parse_module|MetadataWrapper)\b", path.read_text(encoding="utf-8"))
    }
    assert parsing == {"python.parsing"}


def test_nobody_reads_what_a_node_may_lack() -> None:
    """The comments above a statement are not parsed again where the statement is not. Those above
    the first one of a block are, with the block."""
    reading = {
        module
        for module, path in MODULES.items()
        if re.search(
            r"\b(leading_lines|lines_after_decorators)\b", path.read_text(encoding="utf-8")
        )
    }
    assert reading == {"python.tree", "sdk.type_comments"}


def test_modules_are_small_and_say_what_they_are() -> None:
    lengths = {name: len(path.read_bytes().splitlines()) for name, path in MODULES.items()}
    assert {name: lines for name, lines in lengths.items() if lines > MAX_LINES} == {}
    assert [name for name in MODULES if not ast.get_docstring(parsed(MODULES[name]))] == []


_DOCUMENTED = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def _undocumented(holder: ast.Module | ast.ClassDef, path: str) -> Iterator[str]:
    """The public functions and classes without a docstring, with their public members."""
    for node in holder.body:
        if isinstance(node, _DOCUMENTED) and not node.name.startswith("_"):
            if not ast.get_docstring(node):
                yield f"{path}.{node.name}"
            if isinstance(holder, ast.Module) and isinstance(node, ast.ClassDef):
                yield from _undocumented(node, f"{path}.{node.name}")


def test_what_is_public_is_documented() -> None:
    """Rules are not listed: a check says nothing that its rule does not."""
    listed = {name: path for name, path in MODULES.items() if not re.match(r"rules\.\w+\.", name)}
    missing = [one for name, path in listed.items() for one in _undocumented(parsed(path), name)]
    assert missing == []


def test_data_is_frozen() -> None:
    """A server has state, the rest has not; what grows while a tree is read has an identity."""
    decorators = [
        (module, ast.unparse(decorator))
        for module, path in MODULES.items()
        if not layer_of(module).startswith("lsp")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ClassDef)
        for decorator in node.decorator_list
    ]
    data = [(module, words) for module, words in decorators if words.startswith("dataclass")]
    assert data
    assert [one for one in data if not re.search("frozen=True|eq=False", one[1])] == []


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_rules_are_documented(rule: Rule) -> None:
    assert re.fullmatch(r"SEN\d{3}", rule.code)
    assert re.fullmatch(r"[a-z][a-z0-9-]+", rule.name)
    assert any(isinstance(example, Ignores) for example in rule.examples), "no negative example"
    assert rule.summary
    assert not rule.summary.endswith(".")
    assert rule.why.strip()
    assert rule.safety.strip()
    assert rule.link.startswith((GUIDE, "https://docs.sentry.io/", "https://github.com/getsentry/"))
    if rule.kind in ("safe", "conditional"):
        assert list(rule.rewrites()), "no example of a fix"


WRITTEN = [*MODULES.values(), *sorted((ROOT / "tests").rglob("programs/*.py"))]


def test_nothing_is_left_to_fill_in() -> None:
    """tests/rules/new_rule.py leaves these words where something has to be said."""
    left = [
        f"{path.relative_to(ROOT).as_posix()}:{number}: {line.strip()}"
        for path in WRITTEN
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if "FILL IN" in line
    ]
    assert left == [], "\n".join(left)


def tracked() -> list[Path]:
    """Every text file of the project."""
    listed = ""
    if shutil.which("git"):
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False, text=True
        ).stdout
    names = [ROOT / name for name in listed.split("\0") if name]
    files = names or [path for part in ("server", "tests") for path in (ROOT / part).rglob("*")]
    return [path for path in files if path.is_file() and path.suffix not in (".png", ".vsix")]


# Spelled in pieces, so that this file does not hold what it looks for.
FOREIGN = re.compile(
    "|".join(
        (
            "/wo" + "rk/",
            r"\.\./sha" + "red",
            "pyp" + r"i\.org",
            "pythonho" + r"sted\.org",
            "npm" + r"js\.(org|com)",
            "ch" + "atgpt|cla" + "ude|anthro" + "pic|open" + "ai\\.com\\b",
        )
    ),
    re.IGNORECASE,
)


@pytest.mark.slow
def test_nothing_speaks_of_one_machine_or_of_registries() -> None:
    for path in tracked():
        match = FOREIGN.search(path.read_text(encoding="utf-8", errors="replace"))
        assert match is None, f"{path.relative_to(ROOT)}: {match and match.group()}"
