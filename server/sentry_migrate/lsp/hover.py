"""What a finding means and what its fix would do, at the mouse.

Owns the text of hovers. The words of a rule are its own, as the worker told them.
"""

from __future__ import annotations

import re

from lsprotocol import types

from sentry_migrate.lsp import convert, preview
from sentry_migrate.lsp.actions import title, touching
from sentry_migrate.lsp.analysis import Analysis
from sentry_migrate.lsp.session import Session
from sentry_migrate.model import Finding
from sentry_migrate.text.edits import Edit


async def hover(session: Session, params: types.HoverParams) -> types.Hover | None:
    """`textDocument/hover`: every finding at the position."""
    analysis = await session.analyses.get(params.text_document.uri)
    if analysis is None:
        return None
    part = analysis.unit.part(params.text_document.uri)
    if part is None:
        return None
    encoding = session.client.encoding
    at, _ = convert.span(part, types.Range(params.position, params.position), encoding)
    here = [f for f in analysis.findings if convert.home(analysis.unit, f) is part]
    found = touching(here, at, at)
    if not found:
        return None
    markdown = "\n\n---\n\n".join(_describe(session, analysis, finding) for finding in found)
    kind = types.MarkupKind.Markdown if session.client.markdown else types.MarkupKind.PlainText
    value = markdown if session.client.markdown else plain(markdown)
    return types.Hover(
        contents=types.MarkupContent(kind, value),
        range=convert.range_in(part, found[0].start, found[0].end, encoding),
    )


def _describe(session: Session, analysis: Analysis, finding: Finding) -> str:
    head = f"[{finding.code}]({finding.url})" if finding.url else finding.code
    blocks = [f"**{finding.message}** · {head} `{finding.name}`"]
    rule = session.rules.get(finding.code)
    if rule is not None and rule.why:
        blocks.append(rule.why)
    if finding.remedy:
        blocks.append(finding.remedy)
    if finding.fix is not None:
        blocks.append(f"{title(finding.fix)}:")
        blocks.append(f"```diff\n{_preview(analysis, finding.fix.edits)}\n```")
    blocks += [f"Or: {title(fix)}" for fix in finding.alternatives]
    if analysis.stale:
        blocks.append("*The file does not parse now; this is what the last good version had.*")
    return "\n\n".join(blocks)


def _preview(analysis: Analysis, edits: tuple[Edit, ...]) -> str:
    parts = convert.changes(analysis.unit, edits, None) or []
    return "\n".join(preview.diff(target.lines, own) for target, own, _ in parts)


_CODE = re.compile(
    r"^```\w*\n(?P<block>.*?)^```$|(?P<marks>`+)(?P<word>.+?)(?P=marks)", re.M | re.S
)


def plain(markdown: str) -> str:
    """Markdown for a client that shows plain text: all but code loses its marks."""
    code: list[str] = []

    def keep(match: re.Match[str]) -> str:
        code.append(match["block"] if match["word"] is None else match["word"])
        return f"\0{len(code) - 1}\0"

    text = _CODE.sub(keep, markdown)
    text = re.sub(r"\[([^\]]*)\]\(([^)]*)\)", r"\1 (\2)", text)
    text = re.sub(r"(?<!\w)(\*{1,2})(?=\S)(.+?)(?<=\S)\1", r"\2", text)
    return re.sub("\0([0-9]+)\0", lambda match: code[int(match[1])], text)
