"""A source file as text, and back to the same bytes.

Owns decoding by PEP 263 and the byte order mark. Refuses to know where the bytes come from.
"""

from __future__ import annotations

import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sentry_migrate.text.edits import Edit, apply

BOM = "\ufeff"


class DecodeError(ValueError):
    """The bytes are not text in the encoding the file declares (PEP 263); str() says why."""


@dataclass(frozen=True, slots=True)
class Source:
    """Immutable text. Offsets into it count code points from 0.

    `text` has the file's own line endings. A byte order mark read from bytes is not part of
    `text`; an editor's document may begin with U+FEFF, and then it is.
    """

    text: str
    encoding: str = "utf-8"
    bom: bool = False

    @classmethod
    def from_bytes(cls, data: bytes) -> Source:
        """Decode a Python file. Raises DecodeError for an unknown or violated encoding."""
        try:
            encoding, _ = tokenize.detect_encoding(_first_lines(data).__next__)
            bom = encoding == "utf-8-sig"
            text = data.decode(encoding)
        except (SyntaxError, LookupError, UnicodeError) as error:
            raise DecodeError(str(error)) from error
        return cls(text, "utf-8" if bom else encoding, bom)

    def to_bytes(self, text: str | None = None) -> bytes:
        """Encode `text` (default: this text) as the file was. Raises DecodeError if it cannot."""
        body = self.text if text is None else text
        try:
            return (BOM + body if self.bom else body).encode(self.encoding)
        except UnicodeError as error:
            raise DecodeError(str(error)) from error

    def edited(self, edits: Iterable[Edit]) -> bytes:
        """The bytes of the file after edits of the text. Raises DecodeError if there are none."""
        return self.to_bytes(apply(self.text, edits))


def _first_lines(data: bytes) -> Iterator[bytes]:
    """The two lines that may declare an encoding, by Python's line ends: `\\n`, `\\r\\n`, `\\r`."""
    yield from data[:4096].splitlines(keepends=True)[:2]
