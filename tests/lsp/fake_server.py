"""The real server with the fake worker beside this file. `--tcp` listens on a free port."""

from __future__ import annotations

import sys
from pathlib import Path

from sentry_migrate.lsp.server import build, run

FAKE_WORKER = (sys.executable, str(Path(__file__).with_name("fake_worker.py")))


if __name__ == "__main__":
    run(build(FAKE_WORKER), ("127.0.0.1", 0) if "--tcp" in sys.argv else None, "debug")
