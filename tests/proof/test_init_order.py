"""What says that a process has several threads, so that data of its start is not seen by all."""

from __future__ import annotations

import pytest

from sentry_migrate.engine.fix import fix
from sentry_migrate.project.config import Settings
from sentry_migrate.text.source import Source

START = """import sentry_sdk
{}
def main():
    sentry_sdk.init()
    with sentry_sdk.configure_scope() as scope:
        scope.set_tag("boot", "1")
    sentry_sdk.capture_message("up")
main()
"""
THREADS = {
    "an import": "import threading",
    "an import of a part": "import concurrent.futures",
    "another name": "import threading as t",
    "a name of it": "from threading import Timer",
    "the low level": "import _thread",
    "in a function": "def work():\n    import threading",
    "where it may fail": "try:\n    import gevent\nexcept ImportError:\n    pass",
    "passed on": "from app.base import threading",
    "its class passed on": "from app.base import Thread",
    "a server": "from flask import Flask",
    "its integration": "from sentry_sdk.integrations.flask import FlaskIntegration",
    "settings": "INSTALLED_APPS = ['django.contrib.admin']",
    "by string": "import importlib\nt = importlib.import_module('threading')",
    "by builtin": "t = __import__('threading')",
    "a pool": "from multiprocessing.pool import ThreadPool",
    "an executor": "import asyncio\nasyncio.get_event_loop().run_in_executor(None, print)",
}
NONE = {
    "nothing": "",
    "a comment": "# no threading here, nor flask",
    "a docstring": "def work():\n    'Thread safe: no threading.'",
    "a text": "TEXT = 'about flask'",
    "a value": "KIND = 'celery'",
    "a variable": "Thread = 1",
    "a function": "def threading(): pass",
    "a parameter": "def work(flask=None): return flask",
    "a keyword": "def work(**more): pass\nwork(flask=1)",
    "part of a word": "import threading_tools",
    "a path": "PATH = 'celery/beat'",
    "a sentence": "TEXT = 'flask. And more'",
}


def safe(text: str) -> bool:
    return "configure_scope" not in fix(Source(START.format(text)), Settings()).text


@pytest.mark.parametrize("text", THREADS.values(), ids=THREADS)
def test_threads(text: str) -> None:
    assert not safe(text)


@pytest.mark.parametrize("text", NONE.values(), ids=NONE)
def test_no_threads(text: str) -> None:
    assert safe(text)
