"""Notebooks are checked and fixed as the editor does it, and nothing else in their files changes."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lsprotocol import types

from cli.conftest import Run, here_and_now, read_tree, write_tree
from cli.samples import AFTER, BEFORE, CLEAN
from sentry_migrate.lsp.documents.convert import changes
from sentry_migrate.lsp.documents.documents import Documents
from sentry_migrate.project.config import Settings
from sentry_migrate.text.edits import apply
from sentry_migrate.worker import answers, frames

IMPORT = "%matplotlib inline\nimport sentry_sdk"
VIEW = BEFORE.partition("\n\n\n")[2].removesuffix("\n")
VIEW_AFTER = AFTER.partition("\n\n\n")[2].removesuffix("\n")
BY_HAND = "sentry_sdk.push_scope()"
OUTPUT = {"output_type": "stream", "name": "stdout", "text": ["sentry_sdk.push_scope()\n"]}
TEXT = {"cell_type": "markdown", "metadata": {}, "source": ["# sentry_sdk\n", "\u00e9"]}


@pytest.fixture(autouse=True)
def kept(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENTRY_MIGRATE_STATE_DIR", str(tmp_path_factory.mktemp("state")))


def code(source: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": 1,
        "metadata": {},
        "outputs": [OUTPUT],
        "source": source.splitlines(keepends=True),
    }


def book(*cells: str | dict[str, Any], indent: int | None = 1, **more: Any) -> bytes:
    """A notebook of code cells, and others, as Jupyter writes it."""
    made = [one if isinstance(one, dict) else code(one) for one in cells]
    notebook = {"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **more}
    return (json.dumps(notebook, indent=indent, ensure_ascii=False) + "\n").encode()


SHOP = book(TEXT, IMPORT, VIEW, BY_HAND)
SHOP_AFTER = book(TEXT, IMPORT, VIEW_AFTER, BY_HAND)

# name → the notebook, as it is fixed
FIXED: dict[str, tuple[bytes, bytes]] = {
    "as Jupyter writes it": (SHOP, SHOP_AFTER),
    "on one line": (book(IMPORT, VIEW, indent=None), book(IMPORT, VIEW_AFTER, indent=None)),
    "without a last line end": (SHOP.rstrip(b"\n"), SHOP_AFTER.rstrip(b"\n")),
    "with a mark": (b"\xef\xbb\xbf" + SHOP, b"\xef\xbb\xbf" + SHOP_AFTER),
    "other line ends": (SHOP.replace(b"\n", b"\r\n"), SHOP_AFTER.replace(b"\n", b"\r\n")),
    "a string for a cell": (
        book({**code(""), "source": f"{IMPORT}\n\n\n{VIEW}"}),
        book({**code(""), "source": f"{IMPORT}\n\n\n{VIEW_AFTER}"}),
    ),
    "an import in another cell": (
        book("from sentry_sdk import configure_scope", VIEW.replace("sentry_sdk.", "")),
        book("from sentry_sdk import get_isolation_scope", VIEW_AFTER.replace("sentry_sdk.", "")),
    ),
    "a cell that loses all its code": (
        book("import sentry_sdk", "from sentry_sdk import Hub", "Hub.current.flush()", BY_HAND),
        book("import sentry_sdk", "", "sentry_sdk.flush()", BY_HAND),
    ),
    "a cell of SQL between": (
        book(IMPORT, "%%sql\nselect (", VIEW),
        book(IMPORT, "%%sql\nselect (", VIEW_AFTER),
    ),
}


@pytest.mark.parametrize(("before", "after"), FIXED.values(), ids=FIXED)
def test_a_notebook_is_fixed_and_restored(
    run: Run, here: Path, before: bytes, after: bytes
) -> None:
    write_tree(here, {"a.ipynb": before})
    shown = run("check", "--diff").out
    run("check", "--fix")
    assert (here / "a.ipynb").read_bytes() == after
    assert run("check", "--diff").out == b""
    if before != after:
        assert shown
        assert run("undo").code == 0
    assert (here / "a.ipynb").read_bytes() == before


PLACES: dict[str, Sequence[str]] = {
    "concise": ("a.ipynb:cell 3:2:10: SEN101 [*]", "a.ipynb:cell 4:1:1: SEN105"),
    "full": (" --> a.ipynb:cell 3:2:10\n", " --> a.ipynb:cell 4:1:1\n", "1 | sentry_sdk.push_scope()"),
    "grouped": ("a.ipynb:\n", "  cell 3:2:10  SEN101", "  cell 4:1:1   SEN105"),
    "markdown": ("| a.ipynb:cell 3:2 |", "| a.ipynb:cell 4:1 |"),
    "github": ("file=a.ipynb,line=44,col=15,endColumn=41,endLine=44::a.ipynb:cell 3:2:10: SEN101",),
    "gitlab": ('"line": 44,\n          "column": 15',),
    "sarif": ('"startLine": 44,\n                  "startColumn": 15',),
    "rdjson": ('"line": 44,\n            "column": 15',),
    "junit": ('name="SEN101 at cell 3:2:10"', 'line="44"', "a.ipynb:cell 3:2:10: "),
    "json": ('"cell": 3,\n    "location": {\n      "row": 2,\n      "column": 10',),
    "json-lines": ('"cell": 3, "location": {"row": 2, "column": 10}',),
}  # fmt: skip


@pytest.mark.parametrize(("form", "places"), PLACES.items(), ids=PLACES)
def test_where_a_finding_is(run: Run, here: Path, form: str, places: Sequence[str]) -> None:
    """For people in a cell, for programs that show the file in its text."""
    write_tree(here, {"a.ipynb": SHOP})
    text = run("check", "--output-format", form).text
    assert [place for place in places if place not in text] == []
    assert SHOP.decode().split("\n")[43][14:40] == "sentry_sdk.configure_scope"


@pytest.mark.parametrize("form", ["sarif", "rdjson"])
def test_fixes_for_programs_are_of_the_file(run: Run, here: Path, form: str) -> None:
    write_tree(here, {"a.ipynb": SHOP})
    found = json.loads(run("check", "--output-format", form).text)
    lines = SHOP.decode().splitlines(keepends=True)
    edits = [
        (
            (one["deletedRegion"]["startLine"], one["deletedRegion"]["startColumn"]),
            (one["deletedRegion"]["endLine"], one["deletedRegion"]["endColumn"]),
            one["insertedContent"]["text"],
        )
        for result in (found["runs"][0]["results"] if form == "sarif" else ())
        for fix in result.get("fixes", ())
        for change in fix["artifactChanges"]
        for one in change["replacements"]
    ] or [
        (*((p["line"], p["column"]) for p in (one["range"]["start"], one["range"]["end"])), one["text"])
        for finding in found["diagnostics"]
        for one in finding["suggestions"]
    ]  # fmt: skip
    text = SHOP.decode()
    for start, end, new in sorted(edits, reverse=True):
        first, last = (sum(map(len, lines[: row - 1])) + at - 1 for row, at in (start, end))
        text = text[:first] + new + text[last:]
    assert text.encode() == SHOP_AFTER


# name → the notebook, the exit code, what is said
REFUSED: dict[str, tuple[bytes, int, str]] = {
    "broken": (SHOP[:-4], 1, "a.ipynb: decode-error: the notebook is not valid JSON"),
    "old": (
        b'{"nbformat": 3, "worksheets": [{"cells": ["sentry_sdk"]}]}',
        1,
        "a.ipynb: decode-error: the notebook has format 3; `jupyter nbconvert",
    ),
    "not a notebook": (b'["sentry_sdk"]', 1, "a.ipynb: decode-error: the file is not a notebook"),
    "code that is broken": (book(IMPORT, "def f(:"), 1, "a.ipynb:cell 2:1:7: syntax-error"),
    "another language": (
        book(IMPORT, VIEW, metadata={"language_info": {"name": "R"}}),
        0,
        "Not counted: 1 notebook in another language than Python.",
    ),
}


@pytest.mark.parametrize(("before", "code", "said"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_fixed_is_told_and_stays(
    run: Run, here: Path, before: bytes, code: int, said: str
) -> None:
    write_tree(here, {"a.ipynb": before})
    ran = run("check")
    assert (ran.code, said in ran.text + ran.err) == (code, True), ran.text + ran.err
    for command in (("--fix",), ("--fix", "--unsafe-fixes"), ("--add-ignores",), ("--todo",)):
        assert run("check", *command).code == code
        assert (here / "a.ipynb").read_bytes() == before


PLAIN = book({**code("x = 1"), "outputs": []})
# name → a notebook without a word of the SDK, whether that tells nothing of what is in it
CUT: dict[str, tuple[bytes, bool]] = {
    "whole": (PLAIN, False),
    "with a mark": (b"\xef\xbb\xbf" + PLAIN, False),
    "empty": (b"", False),
    "white space": (b"\n \r\n", False),
    "no cells": (b"{}", False),
    "old": (b'{"nbformat": 3, "worksheets": []}', False),
    "a comma too many": (PLAIN.replace(b"]", b",]"), False),
    "in conflict": (PLAIN.replace(b'   "x', b'<<<<<<< HEAD\n   "y",\n=======\n   "x'), False),
    "another language": (PLAIN.replace(b'"metadata": {}', b'"metadata": {"language_info": {"name": "R"}}'), False),
    "cut": (PLAIN[:50], True),
    "not downloaded": (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n", True),
    "UTF-16": (book(BY_HAND).decode().encode("utf-16"), True),
    "UTF-16 without a mark": (book(BY_HAND).decode().encode("utf-16-le"), True),
}  # fmt: skip


@pytest.mark.parametrize(("data", "cut"), CUT.values(), ids=CUT)
def test_nothing_is_claimed_of_a_notebook_that_is_not_whole(
    run: Run, here: Path, data: bytes, cut: bool
) -> None:
    write_tree(here, {"a.ipynb": data, "b.py": CLEAN})
    said = "No sentry-sdk 1.x code is left in 2 files.\n"
    if cut:
        said = (
            "No finding is left in 1 file.\nNot counted: 1 notebook of which not all can be read.\n"
        )
    ran = run("check", "-v")
    assert (ran.code, ran.text, "Not all can be read: a.ipynb\n" in ran.err) == (0, said, cut)
    assert ("What no tool can check:" in run("status").text) is not cut
    write_tree(here, {".gitignore": "a.ipynb\n"})
    assert "No sentry-sdk 1.x code is left" in run("check").text


def test_one_fix_that_cannot_be_made_holds_up_no_other(run: Run, here: Path) -> None:
    first = "from sentry_sdk import capture_message, init\n\n# for the tests\n"
    second = "%%time\ninit(transport=lambda found: print(found['level']))"
    view = f"import sentry_sdk\n\n{VIEW}"
    write_tree(here, {"a.ipynb": book(first, second, "capture_message('x')", view)})
    ran = run("check", "--fix", "--unsafe-fixes")
    after = (here / "a.ipynb").read_bytes()
    fixed = f"import sentry_sdk\n\n{VIEW_AFTER}"
    assert after == book(first, second, "capture_message('x')", fixed)
    assert ran.code == 1
    assert "a.ipynb:cell 2:2:6" in ran.text
    assert "help: Change the code by hand: the fix would change several cells as one" in ran.text


def test_the_other_commands_know_notebooks(run: Run, here: Path) -> None:
    write_tree(here, {"nb/a.ipynb": SHOP, "b.py": CLEAN})
    assert "2 findings in 1 of 2 files" in run("status").text
    assert json.loads(run("report", "--output-format", "json").text)["files"] == {"nb/a.ipynb": 2}
    assert "nb/a.ipynb#L44" in run("report", "--links", "{path}#L{line}").text
    tasks = json.loads(run("tasks", "--output-format", "json", "-o", "-").text)
    assert [(one["cell"], one["row"]) for one in tasks] == [(3, 2), (4, 1)]
    assert "**nb/a.ipynb:cell 3:2**" in run("tasks", "-o", "-").text
    assert "1/1" in (shown := run("apply", "-i", stdin=b"y\n").text)
    assert "nb/a.ipynb:cell 3:2:10" in shown
    assert (here / "nb/a.ipynb").read_bytes() == SHOP_AFTER


def test_a_notebook_that_is_staged(run: Run, here: Path) -> None:
    (here / ".git").rmdir()
    subprocess.run(["git", "init", "-q"], check=True)
    write_tree(here, {"a.ipynb": SHOP, "b.ipynb": SHOP})
    subprocess.run(["git", "add", "a.ipynb"], check=True)
    ran = run("check", "--staged", "--fix", "--output-format", "concise")
    assert [line.partition(":")[0] for line in ran.text.splitlines() if "SEN" in line] == [
        "a.ipynb"
    ]
    assert read_tree(here)["a.ipynb"] == SHOP_AFTER
    assert read_tree(here)["b.ipynb"] == SHOP


def test_a_notebook_on_standard_input(run: Run, here: Path) -> None:
    ran = run("check", "-", "--stdin-filename", "a.ipynb", "--fix", stdin=SHOP)
    assert ran.out == SHOP_AFTER
    assert "a.ipynb:cell 4:1:1" in ran.err


@pytest.mark.parametrize("option", ["--add-ignores", "--todo"])
def test_comments_go_into_cells_once(run: Run, here: Path, option: str) -> None:
    write_tree(here, {"a.ipynb": SHOP})
    run("check", option)
    once = (here / "a.ipynb").read_bytes()
    sources = ["".join(one["source"]) for one in json.loads(once)["cells"]]
    assert [len(one.splitlines()) for one in sources] == [2, 2, 3, 1]
    assert ["  # " in one for one in sources] == [False, False, True, True]
    run("check", option)
    assert (here / "a.ipynb").read_bytes() == once


def test_a_baseline_accepts_what_a_notebook_has(run: Run, here: Path) -> None:
    write_tree(here, {"a.ipynb": SHOP})
    run("check", "--baseline", "known.json", "--update-baseline")
    write_tree(here, {"a.ipynb": book(TEXT, IMPORT, "x = 1", VIEW, BY_HAND)})
    assert run("check", "--baseline", "known.json").code == 0
    write_tree(here, {"a.ipynb": book(TEXT, IMPORT, VIEW, BY_HAND, BY_HAND)})
    ran = run("check", "--baseline", "known.json", "--output-format", "concise")
    assert [line.partition(": ")[0] for line in ran.text.splitlines() if "SEN" in line] == [
        "a.ipynb:cell 5:1:1"
    ]


def test_a_module_keeps_what_a_notebook_takes(run: Run, here: Path) -> None:
    module = "import sentry_sdk\nfrom sentry_sdk import Hub, configure_scope\n\n" + VIEW.replace(
        "sentry_sdk.", ""
    )
    write_tree(
        here,
        {"obs.py": module, "a.ipynb": book("from obs import configure_scope\nf = configure_scope")},
    )
    run("check", "--fix")
    assert b"configure_scope" in read_tree(here)["obs.py"]


FIX = answers.load()[1][frames.FixAll]
CELLS = (
    "import sentry_sdk",
    "from sentry_sdk import configure_scope, push_scope",
    VIEW,
    VIEW.replace("sentry_sdk.", ""),
    BY_HAND,
    "with push_scope() as scope:\n    scope.set_tag('a', 1)\n    sentry_sdk.capture_message('b')\n",
    "%%time\nimport sentry_sdk",
    "%%bash\nls (",
    "%time view(1)",
    "x = 1\n\n",
    "",
    "s = 'caf\u00e9'  # \U0001f600",
    "sentry_sdk.Hub.current.capture_message('a')",
    "scope = sentry_sdk.Hub.current.scope\nscope.set_tag('a', 1)",
)


def in_an_editor(cells: Sequence[str]) -> list[str] | None:
    """What an editor's command makes of the cells; None where it makes nothing."""
    uris = [f"vscode-notebook-cell:/w/a.ipynb#{number}" for number in range(len(cells))]
    kind = types.NotebookCellKind.Code
    listed = [types.NotebookCell(kind, uri) for uri in uris]
    document = types.NotebookDocument("file:///w/a.ipynb", "jupyter-notebook", 1, listed)
    texts = [
        types.TextDocumentItem(uri, "python", 1, text)
        for uri, text in zip(uris, cells, strict=True)
    ]
    unit = Documents().open_notebook(types.DidOpenNotebookDocumentParams(document, texts))
    outcome: Any = FIX(frames.FixAll(unit.text, Settings(), "/w/a.ipynb", None, False))
    found = changes(unit, outcome.edits)
    after = dict(zip(uris, cells, strict=True))
    for place, edits, _ in found or ():
        after[place.uri] = apply(after[place.uri], edits)
    return None if found is None else list(after.values())


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(CELLS), max_size=6), st.sampled_from([None, 1]))
def test_the_editor_and_the_command_agree(cells: list[str], indent: int | None) -> None:
    data = book(*cells, indent=indent)
    job = frames.Check("/w/a.ipynb", data, Settings(), fix=True)
    done = here_and_now(job)
    expected = in_an_editor(cells)
    after = data if done.fixed is None else done.fixed
    if expected is None:  # an editor offers each fix alone, then
        expected = ["".join(one["source"]) for one in json.loads(after)["cells"]]
    assert ["".join(one["source"]) for one in json.loads(after)["cells"]] == expected
    again = here_and_now(frames.Check("/w/a.ipynb", after, Settings(), fix=True))
    assert again.fixed in (None, after)
    assert after == book(*expected, indent=indent)
