"""Stands between an editor and the server: `tee.py TRACE COMMAND...` is the server to the editor.

Hands every byte on unchanged, keeps every message as a line of JSON, and ends as the server ends.
Knows nothing of what the messages mean.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from contextlib import suppress
from typing import BinaryIO


class Trace:
    """A file that two threads write to; each line is there as soon as it is written."""

    def __init__(self, path: str) -> None:
        self._file = open(path, "a", encoding="utf-8", buffering=1)  # noqa: SIM115
        self._lock = threading.Lock()

    def note(self, **entry: object) -> None:
        with self._lock:
            self._file.write(json.dumps(entry) + "\n")


def frame(source: BinaryIO) -> tuple[bytes, bytes]:
    """The next header and body; empty at the end of the input."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        line = source.readline()
        if not line:
            return b"", b""
        head += line
    fields = dict(line.split(b":", 1) for line in head.lower().split(b"\r\n") if line)
    return head, source.read(int(fields[b"content-length"]))


def pump(source: BinaryIO, sink: BinaryIO, who: str, trace: Trace) -> None:
    """A message is kept before it is handed on, so that no answer comes before its question, and
    also if nobody takes it any more: some editors ask the server to shut down, and are gone."""
    gone = False
    while True:
        head, body = frame(source)
        if not head:
            break
        trace.note(who=who, message=json.loads(body))
        try:
            if not gone:
                sink.write(head + body)
                sink.flush()
        except BrokenPipeError:
            gone = True
    with suppress(BrokenPipeError):
        sink.close()


def main(path: str, *command: str) -> None:
    trace = Trace(path)
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert server.stdin
    assert server.stdout
    said = threading.Thread(
        target=pump, args=(server.stdout, sys.stdout.buffer, "server", trace), daemon=True
    )
    asked = threading.Thread(
        target=pump, args=(sys.stdin.buffer, server.stdin, "client", trace), daemon=True
    )
    said.start()
    asked.start()
    code = server.wait()
    said.join()
    trace.note(exit=code)
    # The other thread may still wait for the editor.
    os._exit(code if code >= 0 else 128 - code)


if __name__ == "__main__":
    main(*sys.argv[1:])
