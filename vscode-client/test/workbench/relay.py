"""Stands where an interpreter is expected and writes down what passes.

`relay.py LOG PYTHON ARG…` runs `PYTHON ARG…`, hands standard input and output through unchanged,
and appends to LOG every message that a language client sends, one line of JSON each. What is no
message (the client probing the interpreter) passes as it is. Refuses to know what messages mean.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from typing import BinaryIO


def messages(received: bytearray) -> list[bytes]:
    """Takes the complete messages off the front of what was received."""
    found = []
    while (end := received.find(b"\r\n\r\n")) >= 0:
        header = bytes(received[:end]).lower()
        size = next(
            int(line.split(b":")[1])
            for line in header.split(b"\r\n")
            if line.startswith(b"content-length")
        )
        if len(received) < end + 4 + size:
            break
        found.append(bytes(received[end + 4 : end + 4 + size]))
        del received[: end + 4 + size]
    return found


def forward(target: BinaryIO, log: str) -> None:
    """Input goes on before it is looked at: a recorder must not be what breaks a session."""
    received = bytearray()
    try:
        while chunk := os.read(sys.stdin.fileno(), 65536):
            target.write(chunk)
            target.flush()
            received += chunk
            with open(log, "ab") as file:
                file.writelines(message + b"\n" for message in messages(received))
    except BrokenPipeError:
        pass
    finally:
        target.close()


def main() -> int:
    log, *command = sys.argv[1:]
    # Output is inherited: only what the client says is of interest.
    process = subprocess.Popen(command, stdin=subprocess.PIPE)
    assert process.stdin is not None
    threading.Thread(target=forward, args=(process.stdin, log), daemon=True).start()
    return process.wait()


if __name__ == "__main__":
    sys.exit(main())
