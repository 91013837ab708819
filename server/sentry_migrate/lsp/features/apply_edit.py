"""Having the client make edits of what there is, and finding out what became of them.

Owns the last look before an edit leaves and the first one after. Nothing is awaited between that
last look and sending: an edit of a text that is gone would break the one that took its place.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lsprotocol import types

from sentry_migrate.lsp.documents import convert
from sentry_migrate.lsp.documents.expected_texts import Expected
from sentry_migrate.lsp.documents.uris import key
from sentry_migrate.lsp.features.migration import Fixed, Migration
from sentry_migrate.lsp.session.session import Session
from sentry_migrate.lsp.wire.client_capabilities import Client
from sentry_migrate.lsp.wire.requests import PERSON, answered
from sentry_migrate.text.edits import apply as applied

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
    documents: list[types.TextDocumentEdit]
    after: dict[str, str]
    """By URI, what its documents become."""


async def apply(session: Session, migration: Migration) -> dict[str, Any]:
    """Have the client make the fixes; how many of those found it made, in how many files.

    A refusal is not an error; the reason is shown, unless a person refused.
    """
    if migration.found and not session.client.apply_edit:
        session.show("This editor cannot apply edits; run `sentry-migrate check --fix` instead")
        return _result([], migration.found)
    if session.confirming:
        session.show(CONFIRMING)
        return _result([], migration.found)
    async with session.editing:
        return await _apply(session, migration)


CONFIRMING = "Another migration is waiting to be confirmed in the editor; apply or discard it first"


async def _apply(session: Session, migration: Migration) -> dict[str, Any]:
    for _ in range(2):
        ready, present, asks = await prepared(session, migration)
        gone = [one for one in migration.found if not migration.is_current(one, present)]
        whole = {id(one) for one in migration.without(gone)}
        sent = [one for one in ready if id(one.fixed) in whole]
        if not sent:
            break
        made, reason = await _sent(session, sent, asks)
        if made is not None:
            skipped = [one for one in migration.found if id(one) not in whole]
            if not asks:  # a person who was asked knows what they did not choose
                done = {id(one) for one in made}
                unmade = [one.fixed for one in sent if id(one.fixed) not in done]
                _say(
                    session,
                    "Not migrated, although the editor says that it applied the edit",
                    unmade,
                )
            _say_skipped(session, skipped)
            return _result(made, migration.found)
        if all(migration.is_current(one.fixed, present) for one in sent):
            if reason or not asks:  # without a reason, a person who was asked turned it down
                session.show(refusal("migration", reason))
            return _result([], migration.found)
    _say_skipped(session, migration.found)
    return _result([], migration.found)


def refusal(what: str, reason: str | None) -> str:
    """What to tell a person of an edit that the client did not make."""
    return f"The editor did not apply the {what}" + (f": {reason}" if reason else "")


def _result(made: Sequence[Fixed], found: Sequence[Fixed]) -> dict[str, Any]:
    return {
        "applied": bool(made),
        "fixed": sum(one.count for one in made),
        "found": sum(one.count for one in found),
        "files": len(made),
    }


def _say_skipped(session: Session, left: Sequence[Fixed]) -> None:
    _say(session, "Changed meanwhile, so not migrated", left)


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
        asks = convert.asks((change for one in found for change in one.changes), client)
        ready = await asyncio.to_thread(_spelled, found, client, asks)
        present = await migration.present(found)
        if all(migration.is_current(one, present) for one in found):
            break
    return ready, present, asks


def _spelled(found: Sequence[Fixed], client: Client, asks: bool) -> list[Ready]:
    return [
        Ready(
            one,
            convert.document_edits(one.changes, client, asks),
            {place.uri: applied(place.lines.text, edits) for place, edits, _ in one.changes},
        )
        for one in found
    ]


async def _sent(
    session: Session, sent: Sequence[Ready], asks: bool
) -> tuple[list[Fixed] | None, str | None]:
    """Send the edit: what the client made of it; None if it refused, with its reason if any."""
    client = session.client
    changes = [change for one in sent for change in one.fixed.changes]
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
    return [one.fixed for one in sent if not any(key(uri) in missing for uri in one.after)], None


def _deleted(sent: Sequence[Ready]) -> set[str]:
    """Which files are gone, although the client says that it changed them."""
    return {
        key(uri)
        for one in sent
        if one.fixed.path is not None and not os.path.lexists(one.fixed.path)
        for uri in one.after
    }
