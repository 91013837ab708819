"""A program in several files is the same program: what was not safe in one is not in several."""

from __future__ import annotations

import ast
import json
from collections import Counter
from pathlib import Path

import pytest

from cli.conftest import Run, write_tree
from differential.program import programs


def split(text: str, name: str = "part") -> dict[str, str] | None:
    """The program with one of its functions in a file of its own; None where each needs the
    rest."""
    tree, lines = ast.parse(text), text.splitlines(keepends=True)
    imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    names = Counter(node.name for node in functions)
    stored = {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)
    } | {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    last = max((node.end_lineno or 0 for node in imports), default=0)
    for one in functions:
        loaded = {node.id for node in ast.walk(one) if isinstance(node, ast.Name)}
        own = {node.arg for node in ast.walk(one) if isinstance(node, ast.arg)} | {one.name}
        if loaded & stored - own or names[one.name] > 1 or one.decorator_list:
            continue
        if not imports or last >= one.lineno:
            continue
        heads = (lines[node.lineno - 1 : node.end_lineno] for node in imports)
        part = [*(line for head in heads for line in head), *lines[one.lineno - 1 : one.end_lineno]]
        before, after = lines[last : one.lineno - 1], lines[one.end_lineno or 0 :]
        main = [*lines[:last], f"from {name} import {one.name}\n", *before, *after]
        return {"main.py": "".join(main), f"{name}.py": "".join(part)}
    return None


PARTS = {row.id: (row.text, parts) for row in programs() if (parts := split(row.text)) is not None}

THREE = {
    title: (text, {**parts, **more})
    for title, (text, parts) in PARTS.items()
    if (more := split(parts["main.py"], "other")) is not None
}


def safe(run: Run, here: Path, files: dict[str, str]) -> Counter[str]:
    """How often each rule has a safe fix; those about imports aside, which are in both files."""
    write_tree(here, {"pyproject.toml": "", **files})
    found = json.loads(run("check", "--output-format", "json", ".").text)
    return Counter(
        one["name"]
        for one in found
        if (one["fix"] or {}).get("applicability") == "safe" and "import" not in one["name"]
    )


def test_many_programs_can_be_split() -> None:
    assert len(PARTS) > 100
    assert len(THREE) > 10


@pytest.mark.parametrize("title", PARTS)
def test_no_label_gets_safer_in_two_files(title: str, run: Run, here: Path) -> None:
    text, parts = PARTS[title]
    whole = safe(run, here, {"main.py": text})
    assert safe(run, here, parts) <= whole


@pytest.mark.parametrize("title", THREE)
def test_no_label_gets_safer_in_three_files(title: str, run: Run, here: Path) -> None:
    text, parts = THREE[title]
    whole = safe(run, here, {"main.py": text})
    assert safe(run, here, parts) <= whole
