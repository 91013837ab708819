"""What a finding means and what its fix would do, at the mouse.

Owns the text of hovers. The words of a rule are its own, as the worker told them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from lsprotocol import types

from sentry_migrate.doubts import DOUBTS
from sentry_migrate.lsp.analysis.unit_analysis import UnitAnalysis
from sentry_migrate.lsp.documents import convert, uris
from sentry_migrate.lsp.documents.documents import Part
from sentry_migrate.lsp.features.code_action import title, touching
from sentry_migrate.lsp.session import project_plan
from sentry_migrate.lsp.session.session import Session, known_rules
from sentry_migrate.model import Finding, Fix
from sentry_migrate.project import kept_proofs
from sentry_migrate.report import fix_diff
from sentry_migrate.report.questions import assumptions
from sentry_migrate.report.summary import plural
from sentry_migrate.text.edits import Edit
from sentry_migrate.worker.frames import RuleDoc


async def hover(session: Session, params: types.HoverParams) -> types.Hover | None:
    """`textDocument/hover`: what the diagnostics at the position do not say, or the rule that a
    comment suppresses there."""
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
    named = _suppressed(part.snapshot.text, at - part.start)
    rule = await _rule(session, named[0]) if named is not None else None
    told: set[str] = set()
    tests = _tests(part, found)
    described = [
        "\n\n".join(new(_describe(session, analysis, one, tests.get(one.start, 0)), told))
        for one in found
    ]
    if rule is not None:
        head = f"**{rule.summary}** · [{rule.code}]({rule.link}) `{rule.name}`"
        described.append("\n\n".join(new([head, rule.why], told)))
    if not any(described):
        return None
    if found:
        start, end = found[0].start, found[0].end
    else:
        assert named is not None
        start, end = part.start + named[1], part.start + named[2]
    markdown = "\n\n---\n\n".join(filter(None, described))
    kind = types.MarkupKind.Markdown if session.client.markdown else types.MarkupKind.PlainText
    value = markdown if session.client.markdown else plain(markdown)
    return types.Hover(
        contents=types.MarkupContent(kind, value),
        range=convert.range_in(part, start, end, encoding),
    )


def new(blocks: Iterable[str], told: set[str]) -> list[str]:
    """The blocks that were not told yet: several findings may have the same to say."""
    new = [one for one in dict.fromkeys(blocks) if one and one not in told]
    told.update(new)
    return new


_COMMENT = re.compile(
    r"#[ \t]*(?:(?P<noqa>(?i:noqa)):|sentry-migrate:[ \t]*ignore(?:-file)?(?=[ \t]*\[))"
)
_WORD = re.compile(r"[\w-]+")


def _suppressed(text: str, at: int) -> tuple[str, int, int] | None:
    """The word at an offset and its span, if it stands in a comment that suppresses rules."""
    line = text.rfind("\n", 0, at) + 1
    comment = _COMMENT.search(text, line)
    if comment is None or comment.end() > at:
        return None
    for word in _WORD.finditer(text, comment.end()):
        if word.end() >= at:
            means = word.start() <= at and not (comment["noqa"] and "-" in word[0])
            return (word[0], *word.span()) if means else None
    return None


async def _rule(session: Session, word: str) -> RuleDoc | None:
    """The rule of this code or name."""
    return next((one for one in await known_rules(session) if word in (one.code, one.name)), None)


def _tests(part: Part, found: Iterable[Finding]) -> dict[int, int]:
    """In how many tests of the project the preferred fixes were equal, as far as that is known, by
    where the findings start."""
    lines = part.snapshot.lines
    rows = {one: lines.position(one.start - part.start) for one in found if one.fix is not None}
    path = uris.path_of(part.snapshot.uri) if rows else None  # most hovers are over other code
    known = kept_proofs.equal_in(path, part.snapshot.text) if path is not None else {}
    return {
        one.start: known.get((one.code, row + 1, column + 1), 0)
        for one, (row, column) in rows.items()
    }


def _describe(session: Session, analysis: UnitAnalysis, finding: Finding, tests: int) -> list[str]:
    head = f"[{finding.code}]({finding.url})" if finding.url else finding.code
    blocks = [f"{head} `{finding.name}`"]
    rule = session.rules.get(finding.code)
    if rule is not None and rule.why:
        blocks.append(rule.why)
    if finding.fix is not None:
        blocks += [finding.remedy] if finding.remedy else []  # else the diagnostic has it
        blocks.append(_offer(finding.fix))
        blocks += [
            f"`{code}`: {DOUBTS[code].question}"
            for code in project_plan.questions(finding.fix)
            if code in DOUBTS
        ]
        if tests:
            blocks.append(f"Equal in {plural(tests, 'test')} of the project, by `prove`.")
        blocks.append(f"```diff\n{_preview(analysis, finding.fix.edits)}\n```")
    blocks += [f"Or: {_offer(fix)}" for fix in finding.alternatives]
    if analysis.stale:
        blocks.append("*The file does not parse now. Until it does, there are no fixes.*")
    return blocks


def _offer(fix: Fix) -> str:
    said = "; ".join(filter(None, (fix.reason, *assumptions(fix))))
    return f"{title(fix)}: {said}" if said else title(fix)


def _preview(analysis: UnitAnalysis, edits: tuple[Edit, ...]) -> str:
    parts = convert.changes(analysis.unit, edits) or []
    return "\n".join(fix_diff.diff(target.lines, own) for target, own, _ in parts)


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
