"""Unified diffs of bytes, as `patch -p0` and `git apply -p0` take them."""

from __future__ import annotations

import difflib
import os
import re

_SPECIAL = re.compile(rb'^ | $|[\x00-\x1f\x7f"\\]')
_NO_NEWLINE = b"\n\\ No newline at end of file\n"


def unified(path: str, before: bytes, after: bytes) -> bytes:
    """The difference of two versions of the file at `path`; empty where there is none.

    Lines end at `\\n` only, as in every tool that reads diffs; a `\\r` before it is content. Bytes
    that are not UTF-8 stay what they are.
    """
    name = _name(os.fsencode(path))
    lines = difflib.diff_bytes(
        difflib.unified_diff, _lines(before), _lines(after), name, name, lineterm=b"\n"
    )
    return b"".join(line if line.endswith(b"\n") else line + _NO_NEWLINE for line in lines)


def _name(path: bytes) -> bytes:
    """The name as `patch` and `git apply` read it: quoted like a string of C where it has to be.

    A space without quotes needs a tab after the name, or `patch` takes the first word alone.
    """
    if not _SPECIAL.search(path):
        return path + b"\t" if b" " in path else path
    return b'"' + _SPECIAL.sub(_escape, path) + b'"'


def _escape(match: re.Match[bytes]) -> bytes:
    char = match[0]
    return b"\\" + (char if char in b'"\\' else b"%03o" % ord(char))


def _lines(data: bytes) -> list[bytes]:
    """`data` cut after each `\n`: bytes.splitlines would also cut after a lone `\r`."""
    lines = [line + b"\n" for line in data.split(b"\n")]
    last = lines.pop()[:-1]
    return [*lines, last] if last else lines
