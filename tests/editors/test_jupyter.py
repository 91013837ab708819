"""Jupyter with jupyter-lsp, which passes messages on between JupyterLab's page and the server."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from editors.install import PROJECT, jupyter
from editors.snippets import snippet

HERE = Path(__file__).parent
PATIENCE = 60.0
CODE = "import sentry_sdk\n%time f()\nsentry_sdk.Hub.current.capture_message('x')\n"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.mark.timeout(300)
def test_a_conversation(tmp_path: Path) -> None:
    bin_ = jupyter() / "bin"
    (tmp_path / "jupyter_server_config.json").write_text(snippet("jupyter"))
    command = tmp_path / "bin" / "sentry-migrate"
    command.parent.mkdir()
    command.write_text(
        f"#!/bin/sh\nexport PYTHONPATH={PROJECT / 'server'}\n"
        f'echo $$ >"{tmp_path}/pid"\nexec {sys.executable} -m sentry_migrate "$@"\n'
    )
    command.chmod(0o755)
    port = free_port()
    server = subprocess.Popen(
        (
            *(bin_ / "jupyter-server", "--allow-root", "--no-browser"),
            *(f"--ServerApp.port={port}", "--IdentityProvider.token=ours"),
            f"--config={tmp_path / 'jupyter_server_config.json'}",
        ),
        env={
            "PATH": os.pathsep.join((str(command.parent), str(bin_), os.environ["PATH"])),
            "HOME": str(tmp_path),
            "JUPYTER_CONFIG_DIR": str(tmp_path / "none"),
        },
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=(tmp_path / "log").open("w"),
    )
    try:
        listening(port)
        address = f"ws://127.0.0.1:{port}/lsp/ws/sentry-migrate?token=ours"
        uri = (tmp_path / "book.ipynb").as_uri()
        said = subprocess.run(
            (bin_ / "python", HERE / "jupyter.py", address, uri, CODE.replace("%", "# ")),
            check=True, capture_output=True, text=True, timeout=2 * PATIENCE,
        ).stdout.splitlines()  # fmt: skip
    finally:
        server.terminate()
        server.wait(PATIENCE)
    assert [json.loads(line) for line in said] == [
        [["SEN201", 2]],
        ["sentry_sdk.capture_message"],
    ], (tmp_path / "log").read_text()
    pid = int((tmp_path / "pid").read_text())
    until = time.monotonic() + PATIENCE
    while Path(f"/proc/{pid}").exists() and time.monotonic() < until:
        time.sleep(0.1)
    assert not Path(f"/proc/{pid}").exists()


def listening(port: int) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
