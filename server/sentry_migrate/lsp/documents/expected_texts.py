"""What an edit is to bring about, and whether it did.

Owns comparing texts: an editor may let a person choose among the changes of an edit, and then
says that it was applied. Refuses to know what was edited, and why.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping

from sentry_migrate.lsp.documents import file_state
from sentry_migrate.lsp.documents.documents import Unit
from sentry_migrate.lsp.documents.uris import key, path_of


class Expected:
    """Texts of documents after an edit, each of which counts once it was seen."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        """`texts` by URI."""
        self._uris = {key(uri): uri for uri in texts}
        self._missing = {key(uri): plain(text) for uri, text in texts.items()}
        self._all = asyncio.Event()

    def saw(self, unit: Unit) -> None:
        """A document was opened or changed, maybe by the edit."""
        for part in unit.parts:
            name = key(part.snapshot.uri)
            if name in self._missing and self._missing[name] == plain(part.snapshot.text):
                self._found(name)

    def _found(self, name: str) -> None:
        del self._missing[name]
        if not self._missing:
            self._all.set()

    async def missing(self, patience: float) -> set[str]:
        """Keys of documents that do not have their text, `patience` seconds from now at most."""
        if self._missing:
            await _passed(self._all, patience)
        closed = {name: path_of(self._uris[name]) for name in self._missing}
        for name in await asyncio.to_thread(self._saved, closed.items()):
            if name in self._missing:
                self._found(name)
        return set(self._missing)

    def _saved(self, paths: Iterable[tuple[str, str | None]]) -> list[str]:
        """Those whose files have the text."""
        found = []
        for name, path in paths:
            text = file_state.text(path) if path is not None else None
            if text is not None and plain(text) == self._missing.get(name):
                found.append(name)
        return found


async def _passed(event: asyncio.Event, patience: float) -> None:
    try:
        await asyncio.wait_for(event.wait(), patience)
    except asyncio.TimeoutError:
        return


def plain(text: str) -> str:
    """The text with the line ends that editors make of all of them."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
