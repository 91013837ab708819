"""From findings, fixes and edits to the protocol's types.

Owns every translation between model and lsprotocol, positions in the negotiated encoding
included; no other module builds a range. Offsets are 0-based code points of a unit's text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from lsprotocol import types

from sentry_migrate.lsp.client import Client
from sentry_migrate.lsp.documents import Part, Unit
from sentry_migrate.model import Failure, Finding, Severity
from sentry_migrate.text.edits import Edit
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

    def closed(self) -> Target:
        """The same as a file that is not open."""
        return replace(self, version=None)


@dataclass(frozen=True, slots=True)
class Annotation:
    """What a client shows before it makes an edit."""

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
    """Something to know about the analysis itself, at one place."""
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
        "crash": "sentry-migrate could not analyse this file",
        "timeout": "sentry-migrate took too long to analyse this file",
        "decode": "sentry-migrate cannot read this file",
    }[problem.kind]
    return note(f"{told}: {problem.message}", part.snapshot.lines, 0, client.encoding)


def changes(
    unit: Unit, edits: Iterable[Edit], annotation: Annotation | None
) -> list[Change] | None:
    """The edits per document; None if one of them is not to be divided among documents.

    Also None where an edit would replace what the document spells differently, a notebook's
    magic: its new text may hold our spelling of it.
    """
    groups: dict[int, tuple[Part, list[Edit]]] = {}
    pieces = unit.pieces(edits)
    if pieces is None:
        return None
    for part, edit in pieces:
        own = Edit(edit.start - part.start, edit.end - part.start, edit.text)
        own_end = max(own.end, own.start + 1)  # nor is anything written before a magic
        if (
            unit.text[edit.start : min(part.start + own_end, part.end)]
            != part.snapshot.text[own.start : own_end]
        ):
            return None
        groups.setdefault(part.start, (part, []))[1].append(own)
    return [(target(part), tuple(own), annotation) for part, own in groups.values()]


def workspace_edit(parts: Sequence[Change], client: Client) -> types.WorkspaceEdit:
    """One edit over several documents, in the richest form the client understands."""
    if not client.document_changes:
        merged: dict[str, list[types.TextEdit]] = {}
        for place, edits, _ in parts:
            merged.setdefault(place.uri, []).extend(
                text_edit(edit, place.lines, client.encoding) for edit in edits
            )
        return types.WorkspaceEdit(changes=merged)
    annotations: dict[Annotation, str] = {}
    documents = []
    for place, edits, annotation in parts:
        texts = [text_edit(edit, place.lines, client.encoding) for edit in edits]
        identifier = types.OptionalVersionedTextDocumentIdentifier(place.uri, place.version)
        if annotation is None or not client.annotations:
            documents.append(types.TextDocumentEdit(identifier, texts))
        else:
            name = annotations.setdefault(annotation, f"{SOURCE}-{len(annotations)}")
            marked = [_annotated(text, name) for text in texts]
            documents.append(types.TextDocumentEdit(identifier, marked))
    return types.WorkspaceEdit(
        document_changes=documents, change_annotations=_annotations(annotations)
    )


def _annotations(
    annotations: Mapping[Annotation, str],
) -> dict[str, types.ChangeAnnotation] | None:
    if not annotations:
        return None
    return {
        name: types.ChangeAnnotation(
            label=annotation.label,
            description=annotation.description or None,
            needs_confirmation=annotation.confirm,
        )
        for annotation, name in annotations.items()
    }


def text_edit(edit: Edit, lines: LineIndex, encoding: Encoding) -> types.TextEdit:
    """One edit in one document."""
    return types.TextEdit(range_(lines, edit.start, edit.end, encoding), edit.text)


def _annotated(edit: types.TextEdit, annotation: str) -> types.AnnotatedTextEdit:
    return types.AnnotatedTextEdit(annotation, edit.range, edit.new_text)
