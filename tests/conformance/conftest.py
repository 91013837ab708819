from __future__ import annotations

import json
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lsp.conftest import start as start  # the same servers

HERE = Path(__file__).parent
KEPT = HERE.parents[1] / ".cache" / "conformance"
FILES = ("package.json", "messages.ts", "validate.mjs")


@pytest.fixture(scope="session")
def shapes() -> Iterator[Callable[[list[Any]], list[list[str]]]]:
    """Judges shapes by Microsoft's own types, which npm brings on the first run."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("needs node and npm")
    KEPT.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        new = (HERE / name).read_bytes()
        if not (KEPT / name).exists() or (KEPT / name).read_bytes() != new:
            (KEPT / name).write_bytes(new)
            (KEPT / "schema.json").unlink(missing_ok=True)
    if not (KEPT / "node_modules" / "ajv").exists():
        install = [npm, "install", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(install, cwd=KEPT, capture_output=True, timeout=300)
        if done.returncode:
            pytest.skip(f"npm cannot install the types: {done.stderr.decode()[-300:]}")

    node_process = subprocess.Popen(
        [node, "validate.mjs"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=KEPT, text=True
    )
    asked, answers = node_process.stdin, node_process.stdout
    assert asked
    assert answers

    def judge(values: list[Any]) -> list[list[str]]:
        lines = "".join(json.dumps(value) + "\n" for value in values)

        def write() -> None:
            asked.write(lines)
            asked.flush()

        writing = threading.Thread(target=write)
        writing.start()
        verdicts = [json.loads(answers.readline()) for _ in values]
        writing.join()
        return verdicts

    yield judge
    asked.close()
    node_process.wait(10)
