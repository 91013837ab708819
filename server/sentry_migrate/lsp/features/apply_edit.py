"""Having the client make edits of what there is, and finding out what became of them.

Owns the last look before an edit leaves and the first one after. Nothing is awaited between that
last look and sending: an edit of a text that is gone would break the one that took its place.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lsprotocol import types

from sentry_migrate.lsp.documents import convert
from sentry_migrate.lsp.documents.convert import Change
from sentry_migrate.lsp.documents.expected_texts import Expected
from sentry_migrate.lsp.documents.uris import key
from sentry_migrate.lsp.features.annotate import annotated
from sentry_migrate.lsp.features.migration import Fixed, Migration, side_of
from sentry_migrate.lsp.session.progress import Work
from sentry_migrate.lsp.session.session import Made, Session, Unfinished
from sentry_migrate.lsp.wire.client_capabilities import Client
from sentry_migrate.lsp.wire.requests import PERSON, answered
from sentry_migrate.text.edits import apply as applied
from sentry_migrate.text.notebook import codes, is_notebook

PORTION = 50
"""Files in one edit that nobody is asked about: between two of them, a person may stop."""
_ROUNDS = 3
"""How often a file is fixed again before one that keeps changing is skipped."""
_PATIENCE = 300.0
"""Seconds for a client to make an edit that nobody is asked about: it may be of many files."""
_SEEN = 2.0
"""Seconds after its answer in which a client tells of the changes it made."""


@dataclass(frozen=True, slots=True)
class Ready:
    """One text's part of the edit, spelled out."""

    fixed: Fixed
    changes: list[Change]
    """As an editor shows them."""
    documents: list[types.TextDocumentEdit]
    after: dict[str, str]
    """By URI, what its documents become."""

    def texts(self) -> Iterator[tuple[str, tuple[str, str]]]:
        """By URI, what its documents were and what they become."""
        for place, _, _ in self.changes:
            yield place.uri, (place.lines.text, self.after[place.uri])

    def cells(self) -> tuple[tuple[str, str], ...]:
        """Of a notebook, what the code of its cells was and what it becomes."""
        unit = self.fixed.unit
        if unit.path is None or not is_notebook(unit.path):
            return ()
        if self.fixed.path is None:
            known = (part.snapshot for part in unit.parts)
            return tuple((one.text, self.after.get(one.uri, one.text)) for one in known)
        return tuple(zip(codes(self.fixed.held), codes(self.after[unit.uri]), strict=True))


async def apply(
    session: Session, migration: Migration, work: Work | None = None, asked: object = None
) -> dict[str, Any]:
    """Have the client make the fixes; how many of those found it made, in how many files.

    A refusal is not an error; the reason is shown, unless a person refused. `work` may be stopped
    between two portions, each of which is whole. What is `asked` for again after it was not done
    to the end goes on with it.
    """
    if migration.found and not session.client.apply_edit:
        session.show("This editor cannot apply edits; run `sentry-migrate check --fix` instead")
        return _Made(left=migration.found).result()
    if session.confirming:
        session.show(CONFIRMING)
        return _Made(left=migration.found).result()
    async with session.editing:
        made = await _apply(session, migration, work)
    if made.done and migration.whole:
        before = session.unfinished
        goes_on = before is not None and before.asked == asked
        needs = before.needs if before is not None and goes_on else {}
        done = await asyncio.to_thread(_remembered, made.done, migration, needs)
        kept = session.made if goes_on else {}
        session.made = {side: one for side, one in kept.items() if side not in done} | done
        left = {side: frozenset(migration.needed(side)) for side in map(_side, made.left)}
        session.unfinished = Unfinished(asked, needs | left) if left else None
    return made.result()


def _remembered(
    done: Sequence[Ready], migration: Migration, needs: Mapping[str, frozenset[str]]
) -> dict[str, Made]:
    sides = ((_side(one.fixed), one) for one in done)
    return {
        side: Made(
            dict(one.texts()), migration.needed(side) | needs.get(side, frozenset()), one.cells()
        )
        for side, one in sides
    }


def _side(fixed: Fixed) -> str:
    return side_of(fixed.unit)


CONFIRMING = "Another migration is waiting to be confirmed in the editor; apply or discard it first"


@dataclass(slots=True)
class _Made:
    """What became of a migration so far."""

    sent: list[Ready] = field(default_factory=list)
    done: list[Ready] = field(default_factory=list)
    """Of what was sent, what the texts contain now."""
    left: list[Fixed] = field(default_factory=list)
    """What was not sent."""
    cancelled: bool = False

    def result(self) -> dict[str, Any]:
        """What the client is told."""
        fixed = sum(one.fixed.count for one in self.done)
        found = sum(one.fixed.count for one in self.sent) + sum(one.count for one in self.left)
        told = {"applied": fixed > 0, "fixed": fixed, "found": found, "files": len(self.done)}
        return {**told, "cancelled": True} if self.cancelled else told


async def _apply(session: Session, migration: Migration, work: Work | None) -> _Made:
    run = _Made()
    for _ in range(2):
        ready, present, asks = await prepared(session, migration)
        spelled = {id(one.fixed): one for one in ready}
        gone: list[Fixed] = []
        run.left = migration.found
        for number, portion in enumerate([run.left] if asks else migration.portions(PORTION)):
            if number:
                present = await migration.present(portion)
            if work is not None and work.cancelled:
                run.cancelled = True
                return run
            gone += [one for one in portion if not migration.is_current(one, present)]
            whole = {id(one) for one in migration.without(gone)}
            sent = [spelled[id(one)] for one in portion if id(one) in whole]
            if not sent:
                continue
            made, reason = await _sent(session, sent, asks)
            if made is None:
                present = await migration.present(portion)
                if not all(migration.is_current(one.fixed, present) for one in sent):
                    break
                if reason or not asks:  # without a reason, a person who was asked turned it down
                    session.show(refusal("migration", reason))
                return run
            run.sent += sent
            run.done += made
            parts = {id(one.fixed) for one in sent}
            run.left = [one for one in run.left if id(one) not in parts]
            unmade = [one.fixed for one in sent if one not in made]
            if unmade and not asks:  # a person who was asked knows what they did not choose
                gone += unmade
                what = "Not migrated, although the editor says that it applied the edit"
                _say(session, what, unmade)
            if work is not None:
                total = len(run.sent) + len(run.left)
                work.report(f"{len(run.done)} of {total} files", len(run.sent), total)
        else:
            break
    _say(session, "Changed meanwhile, so not migrated", run.left)
    return run


def refusal(what: str, reason: str | None) -> str:
    """What to tell a person of an edit that the client did not make."""
    return f"The editor did not apply the {what}" + (f": {reason}" if reason else "")


def _say(session: Session, what: str, left: Sequence[Fixed]) -> None:
    if left:
        names = ", ".join(key(one.unit.uri).rpartition("/")[2] for one in left[:3])
        more = f" and {len(left) - 3} more" if len(left) > 3 else ""
        session.show(f"{what}: {names}{more}. Run the command again.")


async def prepared(session: Session, migration: Migration) -> tuple[list[Ready], set[str], bool]:
    """What to send, spelled out in a thread: it is too much for a turn of the loop.

    With the paths of files that are as they were fixed, and whether the client asks a person.
    """
    client = session.client
    for _ in range(_ROUNDS):
        await migration.collect()
        found = migration.found
        asks = client.annotations and any(one.unsafe for one in found)
        ready = await asyncio.to_thread(_spelled, found, client, asks)
        present = await migration.present(found)
        if all(migration.is_current(one, present) for one in found):
            break
    return ready, present, asks


def _spelled(found: Sequence[Fixed], client: Client, asks: bool) -> list[Ready]:
    return [
        Ready(
            one,
            changes,
            convert.document_edits(changes, client, asks),
            {place.uri: applied(place.lines.text, edits) for place, edits, _ in changes},
        )
        for one, changes in annotated(found)
    ]


async def _sent(
    session: Session, sent: Sequence[Ready], asks: bool
) -> tuple[list[Ready] | None, str | None]:
    """Send the edit: what the client made of it; None if it refused, with its reason if any."""
    client = session.client
    changes = [change for one in sent for change in one.changes]
    edit = convert.workspace_edit(changes, client, [d for one in sent for d in one.documents])
    count = sum(one.fixed.count for one in sent)
    params = types.ApplyWorkspaceEditParams(
        edit=edit,
        label=f"Migrate {count} use{'s' * (count != 1)} to sentry-sdk 2.x",
        # VS Code then saves the files, instead of leaving an unsaved editor for each.
        metadata=types.WorkspaceEditMetadata(is_refactoring=True) if client.edit_metadata else None,
    )
    expected = Expected({uri: text for one in sent for uri, text in one.after.items()})
    session.expected.append(expected)
    try:
        session.confirming = asks
        future = session.server.workspace_apply_edit_async(params)
        answer = await answered(future, PERSON if asks else _PATIENCE)
        if answer is None or not answer.applied:
            none = "it did not answer, or answered with an error that the log shows"
            return None, none if answer is None else answer.failure_reason
        missing = await expected.missing(_SEEN) if client.annotations else set()
    finally:
        session.confirming = False
        session.expected.remove(expected)
    # A client that asked nobody has changed files too that it does not tell us of.
    trusted = (one for one in sent if one.fixed.path is not None and not asks)
    missing -= {key(uri) for one in trusted for uri in one.after}
    missing |= await asyncio.to_thread(_deleted, sent)
    return [one for one in sent if not any(key(uri) in missing for uri in one.after)], None


def _deleted(sent: Sequence[Ready]) -> set[str]:
    """Which files are gone, although the client says that it changed them."""
    return {
        key(uri)
        for one in sent
        if one.fixed.path is not None and not os.path.lexists(one.fixed.path)
        for uri in one.after
    }
