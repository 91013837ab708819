"""The commands that change files: one document, or the whole workspace.

Owns what a person may ask for and what they are told of it. Writes nothing to disk itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from sentry_migrate.lsp.documents.documents import Unit
from sentry_migrate.lsp.documents.uris import path_of, sayable
from sentry_migrate.lsp.features import apply_edit
from sentry_migrate.lsp.features.migration import Choice, Migration, hindrance
from sentry_migrate.lsp.session import reexport_index, workspace_files
from sentry_migrate.lsp.session.progress import progress
from sentry_migrate.lsp.session.session import Session, folders, known_rules, name_in
from sentry_migrate.project import selectors
from sentry_migrate.project.config import no_rule
from sentry_migrate.report.entry import OFF
from sentry_migrate.report.summary import plural
from sentry_migrate.worker.lane import LostError

_PATIENCE = 30.0
"""Seconds that a command waits for the rest of the workspace to be read, at most."""


async def fix_file(session: Session, *arguments: Any) -> dict[str, Any]:
    """`fixFile(uri, {unsafe?, rules?})`: the document with its fixes applied, by an edit."""
    uri = arguments[0] if arguments else None
    if isinstance(uri, dict):
        uri = uri.get("uri")
    if not isinstance(uri, str):
        raise JsonRpcInvalidParams("fixFile expects the document's URI")
    choice = await _choice(session, arguments[1:])
    analysis = await reexport_index.informed(session, uri, _PATIENCE)
    if analysis is None:
        raise JsonRpcInvalidParams(f"{uri} is not open")
    reason = hindrance(analysis)
    if not reason:
        try:
            migration = Migration(session, choice, only=uri)
            await migration.collect()
            return await apply_edit.apply(session, migration)
        except LostError as error:
            reason = str(error)
    session.show(f"Cannot migrate {_name(analysis.unit)}: {reason}")
    return {"applied": False, "fixed": 0, "found": 0, "files": 0, "reason": reason}


def _name(unit: Unit) -> str:
    return Path(unit.path).name if unit.path else unit.uri


async def fix_workspace(session: Session, *arguments: Any) -> dict[str, Any]:
    """`fixWorkspace({unsafe?, rules?, within?, tell?})`: all files, or those in a folder, in
    portions, or in one edit that asks about the unsafe. With `tell`, a message says what became of
    it, as no other does."""
    choice = await _choice(session, arguments)
    result = await _fix_workspace(session, choice, _within(arguments))
    if arguments and arguments[0] and arguments[0].get("tell") is True:
        session.show(_told(result, choice), types.MessageType.Info)
    return result


async def _fix_workspace(session: Session, choice: Choice, within: Path | None) -> dict[str, Any]:
    async with progress(session, "Migrating to sentry-sdk 2.x") as work:
        await reexport_index.ready(session)
        listed = await workspace_files.paths(session)
        if within is not None:
            listed += [unit.path for unit in session.documents if unit.path is not None]
            listed = [path for path in dict.fromkeys(listed) if Path(path).is_relative_to(within)]
        said = [path for path in listed if sayable(path)]
        migration = Migration(session, choice, said, beside=within is None)
        await migration.collect(work)
        if work.cancelled:
            return {"applied": False, "fixed": 0, "cancelled": True}
        _say_skipped(session, [path for path in listed if not sayable(path)])
        if not choice.unsafe:
            result = await apply_edit.apply(session, migration, work, (choice, within))
            return result | _passed_over(migration)
    return await apply_edit.apply(session, migration) | _passed_over(migration)


def _passed_over(migration: Migration) -> dict[str, int]:
    counts = {"unread": len(migration.unread), "off": len(migration.off)}
    return {why: count for why, count in counts.items() if count}


def _within(arguments: tuple[Any, ...]) -> Path | None:
    """The file or folder that a command is about; None for the whole workspace."""
    uri = arguments[0].get("within") if arguments and arguments[0] is not None else None
    if uri is None:
        return None
    path = path_of(uri) if isinstance(uri, str) else None
    if path is None:
        raise JsonRpcInvalidParams("expected in `within` the URI of a file or folder on disk")
    return Path(path)


def _told(result: Mapping[str, Any], choice: Choice) -> str:
    rules = f" of {', '.join(choice.selectors)}" if choice.selectors else ""
    fixed, found, files = result["fixed"], result.get("found", 0), result.get("files", 0)
    passed = f" {plural(result['unread'], 'file')} could not be read." if "unread" in result else ""
    if "off" in result:
        passed += f" For {plural(result['off'], 'file')}, {OFF}."
    if not fixed:
        none = f"No finding{rules} has a {'' if choice.unsafe else 'safe '}fix"
        return f"{'Nothing was changed' if found or 'cancelled' in result else none}.{passed}"
    stopped = " Run it again for the rest." if "cancelled" in result else ""
    return f"{fixed} of {found} fixed in {plural(files, 'file')}.{stopped}{passed}"


def _say_skipped(session: Session, paths: Sequence[str]) -> None:
    if paths:
        roots = [root for _, root in folders(session)]
        names = ", ".join(name_in(path, roots) for path in paths[:3])
        more = f" and {len(paths) - 3} more" if len(paths) > 3 else ""
        session.show(
            f"Skipped, because no editor can be sent a path that is not UTF-8: {names}{more}."
            " Run `sentry-migrate check --fix` for them."
        )


async def _choice(session: Session, arguments: tuple[Any, ...]) -> Choice:
    """Read the options of a command."""
    options = arguments[0] if arguments and arguments[0] is not None else {}
    chosen = options.get("rules") if isinstance(options, dict) else 0
    if chosen is None:
        return Choice((), None, options.get("unsafe") is True)
    if not isinstance(chosen, list | tuple) or not all(isinstance(one, str) for one in chosen):
        raise JsonRpcInvalidParams("expected the options {unsafe: boolean, rules: selectors}")
    known = await known_rules(session)
    if wrong := selectors.unknown(chosen, known):
        raise JsonRpcInvalidParams(no_rule(wrong[0]))
    return Choice(tuple(known), tuple(chosen), options.get("unsafe") is True)
