"""From findings, fixes and edits to the protocol's types.

Owns every translation between model and lsprotocol, positions in the negotiated encoding
included; no other module builds a range. Offsets are 0-based code points of a unit's text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from lsprotocol import types

from sentry_migrate.lsp.documents.documents import Part, Unit
from sentry_migrate.lsp.wire.client_capabilities import Client
from sentry_migrate.model import Failure, Finding, Severity
from sentry_migrate.text.edits import Edit, apply
from sentry_migrate.text.lines import Encoding, LineIndex

SOURCE = "sentry-migrate"

_SEVERITY = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFORMATION: types.DiagnosticSeverity.Information,
    Severity.HINT: types.DiagnosticSeverity.Hint,
}


@dataclass(frozen=True, slots=True)
class Target:
    """A document an edit is for."""

    uri: str
    version: int | None
    """None for a file that is not open."""
    lines: LineIndex


@dataclass(frozen=True, slots=True)
class Annotation:
    """What a client shows before it makes an edit."""

    name: str
    """Its identifier in an edit."""
    label: str
    description: str
    confirm: bool


Change = tuple[Target, tuple[Edit, ...], Annotation | None]


def target(part: Part) -> Target:
    """An open document."""
    return Target(part.snapshot.uri, part.snapshot.version, part.snapshot.lines)


def range_(lines: LineIndex, start: int, end: int, encoding: Encoding) -> types.Range:
    """A span of one document's text."""
    return types.Range(
        types.Position(*lines.position(start, encoding)),
        types.Position(*lines.position(end, encoding)),
    )


def range_in(part: Part, start: int, end: int, encoding: Encoding) -> types.Range:
    """A span of a unit's text, clipped to one of its parts."""
    low = min(max(start, part.start), part.end) - part.start
    high = min(max(end, part.start), part.end) - part.start
    return range_(part.snapshot.lines, low, high, encoding)


def span(part: Part, range_: types.Range, encoding: Encoding) -> tuple[int, int]:
    """A client's range in one part, as a span of the unit's text."""
    lines = part.snapshot.lines
    start = lines.offset(range_.start.line, range_.start.character, encoding)
    end = lines.offset(range_.end.line, range_.end.character, encoding)
    return part.start + min(start, end), part.start + max(start, end)


def home(unit: Unit, finding: Finding) -> Part | None:
    """The part a finding begins in: where it is shown."""
    for part in unit.parts:
        if part.start <= finding.start <= part.end:
            return part
    return None


def diagnostic(finding: Finding, unit: Unit, part: Part, client: Client) -> types.Diagnostic:
    """A finding, as far as the client can show it."""
    message = finding.message
    if finding.remedy and finding.fix is None:
        message = f"{message}\n{finding.remedy}"
    related = None
    if client.related_information and finding.related:
        related = [
            types.DiagnosticRelatedInformation(
                types.Location(
                    place.snapshot.uri, range_in(place, near.start, near.end, client.encoding)
                ),
                near.message,
            )
            for near in finding.related
            if (place := unit.locate(near.start, near.end)) is not None
        ]
    tags = []
    if finding.deprecated and client.deprecated_tag:
        tags.append(types.DiagnosticTag.Deprecated)
    if finding.unnecessary and client.unnecessary_tag:
        tags.append(types.DiagnosticTag.Unnecessary)
    return types.Diagnostic(
        range=range_in(part, finding.start, finding.end, client.encoding),
        message=message,
        severity=_SEVERITY[finding.severity],
        code=finding.code,
        code_description=types.CodeDescription(finding.url)
        if client.code_description and finding.url
        else None,
        source=SOURCE,
        tags=tags or None,
        related_information=related or None,
    )


def note(message: str, lines: LineIndex, offset: int, encoding: Encoding) -> types.Diagnostic:
    """An informational diagnostic about the analysis itself, at an offset."""
    return types.Diagnostic(
        range=range_(lines, offset, offset, encoding),
        message=message,
        severity=types.DiagnosticSeverity.Information,
        source=SOURCE,
    )


def failure(problem: Failure, part: Part, client: Client) -> types.Diagnostic | None:
    """Why a document is not analysed; None for a syntax error, which others show better."""
    if problem.kind == "syntax":
        return None
    told = {
        "unsupported": "sentry-migrate cannot analyse this file",
        "size": "sentry-migrate does not analyse this file",
        "crash": "sentry-migrate could not analyse this file",
        "timeout": "sentry-migrate took too long to analyse this file",
        "decode": "sentry-migrate cannot read this file",
        "settings": "sentry-migrate cannot read the settings for this file",
    }[problem.kind]
    return note(f"{told}: {problem.message}", part.snapshot.lines, 0, client.encoding)


def changes(unit: Unit, edits: Iterable[Edit]) -> list[Change] | None:
    """The edits per document, not annotated; None if one cannot be divided among documents."""
    groups: dict[int, tuple[Part, list[Edit]]] = {}
    pieces = unit.pieces(edits)
    if pieces is None:
        return None
    for part, edit in pieces:
        own = Edit(edit.start - part.start, edit.end - part.start, edit.text)
        groups.setdefault(part.start, (part, []))[1].append(own)
    return [(target(part), tuple(own), None) for part, own in groups.values()]


def workspace_edit(
    parts: Sequence[Change],
    client: Client,
    spelled: Sequence[types.TextDocumentEdit] | None = None,
) -> types.WorkspaceEdit:
    """One edit over several documents, in the richest form the client understands.

    `spelled` are the `document_edits` of the parts, where there were too many to make them now.
    """
    if spelled is None:
        spelled = document_edits(parts, client, whole=False)
    if not client.document_changes:
        merged: dict[str, list[types.TextEdit]] = {}
        for one in spelled:
            merged.setdefault(one.text_document.uri, []).extend(one.edits)  # type: ignore[arg-type]
        return types.WorkspaceEdit(changes=merged)
    notes = dict.fromkeys(note for _, _, note in parts if note is not None and client.annotations)
    annotations = {
        note.name: types.ChangeAnnotation(
            label=note.label,
            description=note.description or None,
            needs_confirmation=note.confirm,
        )
        for note in notes
    }
    return types.WorkspaceEdit(
        document_changes=spelled, change_annotations=annotations if annotations else None
    )


def document_edits(
    parts: Iterable[Change], client: Client, whole: bool
) -> list[types.TextDocumentEdit]:
    """The edits of each part. With `whole`, a single edit for each, because editors let people
    choose among edits, and half of a fix is not a fix."""
    documents = []
    for place, edits, note in parts:
        made = [_covering(edits, place.lines.text)] if whole else edits
        texts: list[Any] = [text_edit(edit, place.lines, client.encoding) for edit in made]
        if note is not None and client.annotations:
            texts = [_annotated(text, note.name) for text in texts]
        identifier = types.OptionalVersionedTextDocumentIdentifier(place.uri, place.version)
        documents.append(types.TextDocumentEdit(identifier, texts))
    return documents


def _covering(edits: Sequence[Edit], text: str) -> Edit:
    """One edit that does what all of them do."""
    start = min(edit.start for edit in edits)
    end = max(edit.end for edit in edits)
    return Edit(start, end, apply(text, edits, start, end))


def text_edit(edit: Edit, lines: LineIndex, encoding: Encoding) -> types.TextEdit:
    """One edit in one document."""
    return types.TextEdit(range_(lines, edit.start, edit.end, encoding), edit.text)


def _annotated(edit: types.TextEdit, annotation: str) -> types.AnnotatedTextEdit:
    return types.AnnotatedTextEdit(annotation, edit.range, edit.new_text)
