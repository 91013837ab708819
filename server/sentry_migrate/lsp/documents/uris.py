"""The client's names for documents, and the machine's for files.

Owns both directions. A name that is not UTF-8 survives them: LSP 3.17 "URI" leaves open what a
percent-encoded byte stands for, and Python spells such a byte as a lone surrogate.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

_DRIVE = re.compile(r"/[A-Za-z]:")


def key(uri: str) -> str:
    """Clients spell one URI in two ways (`c%3A` and `c:`); this is the same for both."""
    return unquote(uri, errors="surrogateescape")


def same(left: str, right: str) -> bool:
    """Whether two URIs name one document."""
    return key(left) == key(right)


def path_of(uri: str) -> str | None:
    """The path a URI names; None for another scheme than `file`, or what can be no whole path."""
    try:
        scheme, host, quoted, _, _ = urlsplit(uri)
        path = unquote(quoted, errors="surrogateescape")
        os.fsencode(path)
    except ValueError:  # `http://[::1`, or a lone surrogate that stands for no byte
        return None
    if scheme != "file" or "\0" in path or not path.startswith("/"):
        return None
    if host not in ("", "localhost"):
        path = f"//{unquote(host)}{path}"
    if sys.platform == "win32":
        path = path[1].lower() + path[2:] if _DRIVE.match(path) else path
        path = path.replace("/", os.sep)
    return path


def uri_of(path: str) -> str:
    """The URI of a whole path that the system, or `path_of`, gave."""
    return Path(path).as_uri()


def readable(path: str) -> str:
    """A path, or a part of one, for a person to read: without what is not a character."""
    return path.encode("utf-8", "replace").decode()


def sayable(path: str) -> bool:
    """Whether a client can be told of the file: only Unicode has a place in a message."""
    return readable(path) == path
