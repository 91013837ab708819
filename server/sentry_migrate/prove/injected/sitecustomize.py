"""Python imports this when it starts, because its directory comes first in PYTHONPATH."""

import importlib
import importlib.machinery
import importlib.util
import os
import sys

_HERE = os.path.dirname(os.path.abspath(__file__))


def _next() -> None:
    """Run the `sitecustomize` that this one hides."""
    rest = [entry for entry in sys.path if os.path.abspath(entry) != _HERE]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", rest)
    if spec is not None and spec.loader is not None:
        spec.loader.exec_module(importlib.util.module_from_spec(spec))


_next()
if "SENTRY_MIGRATE_RECORDING" in os.environ:
    importlib.import_module("sentry_migrate_recorder").start()
