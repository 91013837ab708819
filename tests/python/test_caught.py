"""Which `try` or `suppress()` catches what `work()` raises."""

from __future__ import annotations

import libcst as cst
import pytest

from sentry_migrate.python.caught import ALL, caught_by
from sentry_migrate.python.tree import Tree

pytestmark = pytest.mark.fast

TRY = "try:\n    work()\nexcept {}:\n    pass\n"

CAUGHT = {
    "by its name": TRY.format("KeyError"),
    "with a name": TRY.format("KeyError as error"),
    "by a dotted name": TRY.format("builtins.KeyError"),
    "in a tuple": TRY.format("(TypeError, KeyError)"),
    "in a tuple in a tuple": TRY.format("(TypeError, (ValueError, KeyError))"),
    "by everything": "try:\n    work()\nexcept:\n    pass\n",
    "by all but exits": TRY.format("Exception"),
    "by the second handler": TRY.format("TypeError: pass\nexcept KeyError"),
    "from a group": "try:\n    work()\nexcept* KeyError:\n    pass\n",
    "around a block": "try:\n    if x:\n        f(work())\nexcept KeyError:\n    pass\n",
    "around a class": "try:\n    class C:\n        work()\nexcept KeyError:\n    pass\n",
    "around another `try`": (
        "try:\n    try:\n        work()\n    except TypeError: pass\nexcept KeyError:\n    pass\n"
    ),
    "around a handler": (
        "try:\n    try:\n        x\n    except TypeError:\n        work()\nexcept KeyError:\n    pass\n"
    ),
    "suppressed": "with suppress(KeyError):\n    work()\n",
    "suppressed by module": "with contextlib.suppress(TypeError, KeyError):\n    work()\n",
    "a test waits": "with raises(KeyError):\n    work()\n",
    "a test waits for one": "with self.assertRaises((TypeError, KeyError)):\n    work()\n",
    "`finally` returns": "def f():\n    try:\n        work()\n    finally:\n        return 1\n",
    "`finally` may return": (
        "def f():\n    try:\n        work()\n    finally:\n        if x:\n            return 1\n"
    ),
    "suppressed beside a file": "with open(f) as g, suppress(KeyError):\n    work()\n",
}

NOT_CAUGHT = {
    "nothing there": "work()\n",
    "another exception": TRY.format("TypeError"),
    "only a part of its name": TRY.format("MyKeyError"),
    "only a module": TRY.format("KeyError.other"),
    "an unknown tuple": TRY.format("ERRORS"),
    "its name in a comment": TRY.format("TypeError:  # KeyError\n    pass\nexcept ValueError"),
    "no handler": "try:\n    work()\nfinally:\n    pass\n",
    "in the handler": "try:\n    x\nexcept KeyError:\n    work()\n",
    "in `else`": "try:\n    x\nexcept KeyError:\n    pass\nelse:\n    work()\n",
    "in `finally`": "try:\n    x\nexcept KeyError:\n    pass\nfinally:\n    work()\n",
    "after it": TRY.format("KeyError").replace("work()", "x") + "work()\n",
    "in a function": "try:\n    def f():\n        work()\nexcept KeyError:\n    pass\n",
    "in a lambda": "try:\n    f = lambda: work()\nexcept KeyError:\n    pass\n",
    "another suppressed": "with suppress(TypeError):\n    work()\n",
    "all suppressed of nothing": "with suppress():\n    work()\n",
    "a manager that takes it": "with locked(KeyError):\n    work()\n",
    "a test for another": "with pytest.raises(TypeError):\n    work()\n",
    "a test for what it says": "with raises(TypeError, match=KeyError):\n    work()\n",
    "a `finally` that goes on": "try:\n    work()\nfinally:\n    x = f()\n",
    "a function in `finally`": ("try:\n    work()\nfinally:\n    def f():\n        return 1\n"),
    "in a `finally` that returns": (
        "def f():\n    try:\n        x\n    finally:\n        work()\n        return 1\n"
    ),
    "a return before": "def f():\n    try:\n        return work()\n    finally:\n        x\n",
    "the manager itself": "with suppress(KeyError), work():\n    pass\n",
}


def caught(code: str) -> bool:
    tree = Tree(code)
    (call,) = (node for node in tree.nodes(cst.Call) if tree.code(node) == "work()")
    return caught_by(tree, call, "KeyError", *ALL) is not None


@pytest.mark.parametrize("code", CAUGHT.values(), ids=CAUGHT)
def test_caught(code: str) -> None:
    assert caught(code)


@pytest.mark.parametrize("code", NOT_CAUGHT.values(), ids=NOT_CAUGHT)
def test_not_caught(code: str) -> None:
    assert not caught(code)
