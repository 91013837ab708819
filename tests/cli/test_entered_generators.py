"""Generators that are context managers: safe where the whole project only enters them by `with`."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.conftest import Run, offers_safe_fix

PUSH = """from contextlib import contextmanager
import sentry_sdk
@contextmanager
def tagged(**tags):
    with sentry_sdk.push_scope() as scope:
        for k, v in tags.items():
            scope.set_tag(k, v)
        yield
"""
GIVES = PUSH.replace("yield", "yield scope")
CLONE = """from contextlib import contextmanager
from sentry_sdk import Hub
@contextmanager
def tagged(**tags):
    with Hub(Hub.current) as hub:
        yield
"""
ASYNC = CLONE.replace("contextmanager", "asynccontextmanager").replace("def ", "async def ")
USE = "from ctx import tagged\ndef f(x):\n    with tagged(a=1):\n        x()\n"
ASYNC_USE = (
    "from ctx import tagged\nasync def f(x):\n    async with tagged(a=1):\n        await x()\n"
)

Files = dict[str, str]
SAFE: dict[str, Files] = {
    "used by nobody": {"ctx.py": PUSH},
    "by with": {"ctx.py": PUSH, "a.py": USE},
    "by with in the module": {"ctx.py": PUSH, "a.py": "from ctx import tagged\nwith tagged(): x()\n"},
    "beside another manager": {"ctx.py": PUSH, "a.py": USE.replace("tagged(a=1)", "x(), tagged()")},
    "in the same file": {"ctx.py": PUSH + "def f(x):\n    with tagged(a=1):\n        x()\n"},
    "by its module": {"ctx.py": PUSH, "a.py": "import ctx\ndef f(x):\n    with ctx.tagged():\n        x()\n"},
    "in a method": {"ctx.py": PUSH, "a.py": "from ctx import tagged\nclass A:\n    def f(self):\n        with tagged():\n            self.x()\n"},
    "with what it gives": {"ctx.py": PUSH, "a.py": USE.replace("(a=1)", "(a=1) as y")},
    "a scope that nobody takes": {"ctx.py": GIVES, "a.py": USE},
    "offered and taken": {"ctx.py": PUSH, "p.py": "from ctx import tagged\n__all__ = ['tagged']\n", "a.py": USE.replace("ctx", "p")},
    "in words": {"ctx.py": PUSH, "a.py": '"""Uses tagged."""\n' + USE},
    "a clone": {"ctx.py": CLONE, "a.py": USE},
    "a clone around what awaits": {"ctx.py": CLONE, "a.py": ASYNC_USE.replace("async with", "with")},
    "an asynchronous one": {"ctx.py": ASYNC, "a.py": ASYNC_USE},
    "in another such generator": {"ctx.py": CLONE + "@contextmanager\ndef more():\n    with tagged():\n        yield\n", "a.py": USE.replace("tagged", "more")},
}  # fmt: skip
UNSAFE: dict[str, Files] = {
    "called": {"ctx.py": PUSH, "a.py": "from ctx import tagged\nx = tagged()\n"},
    "passed on": {"ctx.py": PUSH, "a.py": "from ctx import tagged\nx(tagged)\n"},
    "by another name": {"ctx.py": PUSH, "a.py": "from ctx import tagged as y\nx(y)\n"},
    "assigned": {"ctx.py": PUSH, "a.py": "import ctx\ny = ctx.tagged\n"},
    "by its name as text": {"ctx.py": PUSH, "a.py": "import ctx\ngetattr(ctx, 'tagged')()\n"},
    "patched": {"ctx.py": PUSH, "a.py": "from unittest import mock\nmock.patch('ctx.tagged', x)\n"},
    "a decorator": {"ctx.py": PUSH, "a.py": "from ctx import tagged\n@tagged()\ndef f(): pass\n"},
    "by a stack": {"ctx.py": PUSH, "a.py": "from ctx import tagged\ndef f(stack):\n    stack.enter_context(tagged())\n"},
    "as an argument in a with": {"ctx.py": PUSH, "a.py": "from ctx import tagged\ndef f(x):\n    with x(tagged()):\n        x()\n"},
    "in the body of its own with": {"ctx.py": PUSH, "a.py": USE + "        x(tagged)\n"},
    "in a generator": {"ctx.py": PUSH, "a.py": USE + "        yield\n"},
    "in a generator of another file": {"ctx.py": PUSH, "a.py": "from contextlib import contextmanager\n" + USE.replace("def f", "@contextmanager\ndef f") + "        yield\n"},
    "in another generator that is called": {"ctx.py": PUSH + "@contextmanager\ndef more():\n    with tagged():\n        yield\n", "a.py": "import ctx\nctx.more()\n"},
    "in a generator that is no manager": {"ctx.py": PUSH + "def more():\n    with tagged():\n        yield\n"},
    "in a lambda": {"ctx.py": PUSH, "a.py": "from ctx import tagged\nx = lambda: tagged()\n"},
    "around what awaits": {"ctx.py": PUSH, "a.py": ASYNC_USE.replace("async with", "with")},
    "in a coroutine": {"ctx.py": PUSH, "a.py": USE.replace("def", "async def")},
    "a file that is not Python": {"ctx.py": PUSH, "a.py": USE + "(\n"},
    "around a span of outside": {"ctx.py": PUSH, "a.py": USE + "        with x:\n            x()\n"},
    "beside a span of outside": {"ctx.py": PUSH, "a.py": USE.replace("(a=1)", "(a=1), x")},
    "around a task": {"ctx.py": PUSH, "a.py": USE + "        x.create_task(x)\n"},
    "around another client": {"ctx.py": PUSH, "a.py": USE + "        x.init()\n"},
    "a scope that is taken": {"ctx.py": GIVES, "a.py": USE.replace("(a=1)", "(a=1) as y")},
    "a scope among others": {"ctx.py": GIVES.replace("yield scope", "yield [scope]"), "a.py": USE},
    "a scope that is given back": {"ctx.py": GIVES.replace("yield scope", "x = yield scope"), "a.py": USE},
    "of another maker": {"ctx.py": PUSH.replace("contextlib", "other"), "a.py": USE},
    "decorated twice": {"ctx.py": PUSH.replace("@context", "@other\n@context"), "a.py": USE},
    "a method": {"ctx.py": "from contextlib import contextmanager\nimport sentry_sdk\nclass A:\n    @contextmanager\n    def tagged(self):\n        with sentry_sdk.push_scope():\n            yield\n"},
    "a plain generator": {"ctx.py": PUSH.replace("@contextmanager\n", "")},
    "defined twice": {"ctx.py": PUSH + "def tagged(): pass\n"},
    "a clone in a generator": {"ctx.py": CLONE, "a.py": USE + "        yield\n"},
    "a clone that is called": {"ctx.py": CLONE, "a.py": "import ctx\nctx.tagged()\n"},
    "an asynchronous one that is called": {"ctx.py": ASYNC, "a.py": "import ctx\nctx.tagged()\n"},
    "an asynchronous one by a stack": {"ctx.py": ASYNC, "a.py": "import ctx\nasync def f(s):\n    await s.enter_async_context(ctx.tagged())\n"},
}  # fmt: skip


@pytest.mark.parametrize("files", SAFE.values(), ids=SAFE)
def test_safe(run: Run, here: Path, files: Files) -> None:
    assert offers_safe_fix(run, here, files)


@pytest.mark.parametrize("files", UNSAFE.values(), ids=UNSAFE)
def test_unsafe(run: Run, here: Path, files: Files) -> None:
    assert not offers_safe_fix(run, here, files)


@pytest.mark.parametrize("files", [SAFE["by with"], UNSAFE["called"]], ids=["safe", "unsafe"])
def test_one_file(run: Run, here: Path, files: Files) -> None:
    assert offers_safe_fix(run, here, files, "ctx.py") is (files is SAFE["by with"])
