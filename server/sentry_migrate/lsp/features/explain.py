"""The pages of rules, as documents that nobody can change.

Owns where the pages are, and how each client is shown one. They ship with the program and need no
network; what they say is written by `report/docs.py`.
"""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams

import sentry_migrate
from sentry_migrate.doubts import DOUBTS
from sentry_migrate.lsp.session.session import Session, known_rules
from sentry_migrate.lsp.wire.requests import PERSON, answered
from sentry_migrate.project import regular_files

SCHEME = "sentry-migrate"
"""Of the documents that this server has the content of (LSP 3.18 "Text Document Content")."""

_PACKAGE = Path(sentry_migrate.__file__).parent
_PLACES = (_PACKAGE / "docs", _PACKAGE.parent / "docs")
"""Of an installed program, and of a checkout."""
_PAGE = re.compile(rf"{SCHEME}:/+(?P<path>(?:rules/)?[a-z0-9-]+\.md)")


async def explain(session: Session, *arguments: Any) -> None:
    """`explain(code)`: the page of a rule or doubt in the editor, or its words in a message."""
    code = str(next(iter(arguments), ""))
    await known_rules(session)
    rule, doubt = session.rules.get(code), DOUBTS.get(code)
    if rule is None and doubt is None:
        raise JsonRpcException(f"unknown rule {code!r}", types.ErrorCodes.InvalidParams)
    path = f"rules/{rule.name}.md" if rule is not None else "doubts.md"
    file = await asyncio.to_thread(_file, path)
    if session.client.show_document and file is not None:
        uri = f"{SCHEME}:/{path}" if session.client.text_contents else file.as_uri()
        place = await asyncio.to_thread(_section, file, code) if rule is None else None
        params = types.ShowDocumentParams(uri=uri, take_focus=True, selection=place)
        answer = await answered(session.server.window_show_document_async(params), PERSON)
        if answer is not None and answer.success:
            return
    if rule is not None:
        said = f"{rule.code} ({rule.name}): {rule.summary}. {rule.why}".rstrip()
    elif doubt is not None:
        said = f"{doubt.question} {doubt.find_out}"
    where = file if file is not None else rule.link if rule is not None else ""
    session.show(f"{said} {f'More: {where}' if where else ''}".rstrip(), types.MessageType.Info)


def text_document_content(
    session: Session, params: types.TextDocumentContentParams
) -> types.TextDocumentContentResult:
    """`workspace/textDocumentContent`: the page at a URI of ours."""
    found = _PAGE.fullmatch(params.uri)
    file = _file(found["path"]) if found is not None else None
    if file is None:
        raise JsonRpcInvalidParams(f"there is no page {params.uri}")
    return types.TextDocumentContentResult(text=regular_files.read(str(file)).decode())


def _section(file: Path, heading: str) -> types.Range | None:
    """Where a page has this heading; None where it has none."""
    lines = regular_files.read(str(file)).decode().splitlines()
    for number, line in enumerate(lines):
        if line.startswith("#") and line.strip("#` ") == heading:
            at = types.Position(number, 0)
            return types.Range(at, at)
    return None


def _file(path: str) -> Path | None:
    """The file of a page; None where the program was installed without it."""
    return next((place / path for place in _PLACES if (place / path).is_file()), None)
