"""The rules of the code's own form, checked on its syntax."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from sentry_migrate.rules import RULES
from sentry_migrate.rules._rule import GUIDE, Ignores, Rule

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "server/sentry_migrate"
MODULES = {
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts): path
    for path in sorted(PACKAGE.rglob("*.py"))
}
MAX_LINES = 250

# A layer imports from itself and the layers named after it, directly or through them.
LAYERS: dict[str, tuple[str, ...]] = {
    "text": (),
    "model": ("text",),
    "sdk": ("model",),
    "patterns": (),
    "config": ("sdk", "patterns"),
    "modules": (),
    "reexports": ("modules",),
    "syntax": ("config",),
    "rules": ("syntax",),
    "engine": ("rules", "reexports"),
    "page": ("model",),
    "report": ("engine", "page"),
    "frames": ("config", "reexports"),
    "worker": ("engine", "frames"),
    "cli": ("report",),
    "lsp": ("frames", "page"),
    "__init__": (),
    "__main__": ("cli",),
}
"""`cli` also starts the server: ALLOWED. `lsp` reaches the engine through the worker process only."""

PAGE = {"report"} | {
    f"report.{name}"
    for name in ("entry", "folders", "html", "listing", "markup", "places", "summary", "visible")
}
"""The modules that make the migration report, and the package itself, which holds nothing. They
know findings only, because the server uses them too, and it never loads the analysis."""

# module → what it imports although its layer does not
ALLOWED = {
    ("cli.commands", "lsp"),
}

# package or module → names that must not be imported there
BANNED = {
    "": {"requests", "urllib.request", "http", "smtplib"},  # nothing is ever sent anywhere
    "lsp": {"libcst"},
    "cli": {"libcst", "pygls", "lsprotocol"},
    "engine": {"pygls", "lsprotocol", "click", "rich"},
    "page": {"libcst", "pygls", "lsprotocol", "click", "rich"},
    "report": {"libcst", "pygls", "lsprotocol", "click"},
    "rules": {"pygls", "lsprotocol", "os", "subprocess", "io"},
    "syntax": {"pygls", "lsprotocol", "os", "subprocess"},
    "text": {"libcst", "pygls", "lsprotocol", "ast", "os", "pathlib"},
    "model": {"libcst", "pygls", "lsprotocol"},
    "modules": {"libcst", "pygls", "lsprotocol"},
    "reexports": {"libcst", "pygls", "lsprotocol"},
    "frames": {"libcst", "pygls", "lsprotocol"},
}


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """Every imported module, and whether only a type checker imports it."""
    tree = ast.parse(path.read_bytes())
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
    parts = module.split(".")
    return "page" if ".".join(parts[:2]) in PAGE else parts[0]


def reachable(layer: str) -> set[str]:
    below = {layer}
    for lower in LAYERS[layer]:
        below |= reachable(lower)
    return below


@pytest.mark.parametrize("module", MODULES)
def test_arrows_point_down(module: str) -> None:
    allowed = reachable(layer_of(module)) | {"__init__"}
    for name, _ in imports(MODULES[module]):
        if name.startswith("sentry_migrate."):
            layer = layer_of(name.removeprefix("sentry_migrate."))
            if layer in LAYERS:
                assert layer in allowed or (module, layer) in ALLOWED, f"{module} imports {name}"


@pytest.mark.parametrize("module", MODULES)
def test_nobody_knows_what_is_not_theirs(module: str) -> None:
    banned = BANNED[""] | BANNED.get(layer_of(module), set())
    for name, checking in imports(MODULES[module]):
        names = {name, name.split(".")[0]}
        assert checking or not names & banned, f"{module} imports {name}"


def test_one_module_translates_findings_to_the_protocol() -> None:
    """Offsets become positions, findings diagnostics and edits text edits in one place."""
    made = re.compile(r"\btypes\.(Diagnostic|TextEdit|AnnotatedTextEdit)\(|\bPosition\(\*")
    translating = {
        module
        for module, path in MODULES.items()
        if layer_of(module) == "lsp" and made.search(path.read_text(encoding="utf-8"))
    }
    assert translating == {"lsp.convert"}


def test_one_module_parses() -> None:
    parsing = {
        module
        for module, path in MODULES.items()
        if re.search(r"\b(parse_module|MetadataWrapper)\b", path.read_text(encoding="utf-8"))
    }
    assert parsing == {"syntax.tree"}


@pytest.mark.parametrize("module", MODULES)
def test_modules_are_small_and_say_what_they_are(module: str) -> None:
    text = MODULES[module].read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MAX_LINES
    assert ast.get_docstring(ast.parse(text)), "no paragraph at the top"


@pytest.mark.parametrize(
    "module", [name for name in MODULES if not re.match(r"rules\.[a-z]", name)]
)
def test_what_is_public_is_documented(module: str) -> None:
    """Rules are not listed: a check says nothing that its rule does not."""
    tree = ast.parse(MODULES[module].read_bytes())
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    for node in tree.body:
        if not isinstance(node, kinds) or node.name.startswith("_"):
            continue
        assert ast.get_docstring(node), f"{module}.{node.name} has no docstring"
        for member in node.body if isinstance(node, ast.ClassDef) else ():
            if isinstance(member, kinds) and not member.name.startswith("_"):
                assert ast.get_docstring(member), f"{module}.{node.name}.{member.name}"


@pytest.mark.parametrize("module", [name for name in MODULES if layer_of(name) != "lsp"])
def test_data_is_frozen(module: str) -> None:
    """A server has state, the rest has not; what grows while a tree is read has an identity."""
    for node in ast.walk(ast.parse(MODULES[module].read_bytes())):
        for decorator in node.decorator_list if isinstance(node, ast.ClassDef) else ():
            words = ast.unparse(decorator)
            if words.startswith("dataclass"):
                assert "frozen=True" in words or "eq=False" in words, f"{module}: {words}"


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
            "ch" + "atgpt|cla" + "ude|anthro" + "pic|open" + "ai\\.com",
        )
    ),
    re.IGNORECASE,
)


def test_nothing_speaks_of_one_machine_or_of_registries() -> None:
    for path in tracked():
        match = FOREIGN.search(path.read_text(encoding="utf-8", errors="replace"))
        assert match is None, f"{path.relative_to(ROOT)}: {match and match.group()}"
