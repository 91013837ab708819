"""Which import statement a new name joins, and which import tells whether the SDK is there."""

from __future__ import annotations

import pytest

from engine.table import fixed

# what: (before, after)
PLANNED = {
    "a star is no place to join": (
        "from sentry_sdk import *\n"
        "from sentry_sdk.hub import Hub\n"
        "def f():\n"
        "    Hub.current.capture_message('x')\n",
        "from sentry_sdk import *\ndef f():\n    capture_message('x')\n",
    ),
    "a statement of another block is no place to join": (
        "if x:\n"
        "    from sentry_sdk import init\n"
        "    init()\n"
        "from sentry_sdk.hub import Hub\n"
        "def f():\n"
        "    Hub.current.capture_message('x')\n",
        "if x:\n"
        "    from sentry_sdk import init\n"
        "    init()\n"
        "from sentry_sdk import capture_message\n"
        "def f():\n"
        "    capture_message('x')\n",
    ),
    "beside the first of two, which is used last": (
        "from sentry_sdk.hub import Hub as A\n"
        "import os\n"
        "from sentry_sdk.hub import Hub as B\n"
        "def f():\n"
        "    B.current.capture_message(os)\n"
        "    A.current.capture_message('x')\n",
        "from sentry_sdk import capture_message\n"
        "import os\n"
        "def f():\n"
        "    capture_message(os)\n"
        "    capture_message('x')\n",
    ),
    "beside the first of two, which is used first": (
        "from sentry_sdk.hub import Hub as A\n"
        "import os\n"
        "from sentry_sdk.hub import Hub as B\n"
        "def f():\n"
        "    A.current.capture_message(os)\n"
        "    B.current.capture_message('x')\n",
        "from sentry_sdk import capture_message\n"
        "import os\n"
        "def f():\n"
        "    capture_message(os)\n"
        "    capture_message('x')\n",
    ),
    "two imports lose their last read in one edit": (
        "from sentry_sdk import Hub, configure_scope\n"
        "def f():\n"
        "    with configure_scope():\n"
        "        Hub.current.capture_message('x')\n",
        "from sentry_sdk import capture_message\ndef f():\n    capture_message('x')\n",
    ),
    "the second of two in a try stays": (
        "try:\n"
        "    from sentry_sdk import configure_scope\n"
        "    from sentry_sdk import init\n"
        "except ImportError:\n"
        "    y = 0\n"
        "def f():\n"
        "    with configure_scope():\n"
        "        work()\n",
        "try:\n"
        "    from sentry_sdk import init\n"
        "except ImportError:\n"
        "    y = 0\n"
        "def f():\n"
        "    work()\n",
    ),
    "the first of two in a try stays": (
        "try:\n"
        "    from sentry_sdk import init\n"
        "    from sentry_sdk import configure_scope\n"
        "except ImportError:\n"
        "    y = 0\n"
        "def f():\n"
        "    with configure_scope():\n"
        "        work()\n",
        "try:\n"
        "    from sentry_sdk import init\n"
        "except ImportError:\n"
        "    y = 0\n"
        "def f():\n"
        "    work()\n",
    ),
    "what takes the place of the only one in a try tells too": (
        "try:\n"
        "    from sentry_sdk.hub import Hub\n"
        "except ImportError:\n"
        "    y = 0\n"
        "def f():\n"
        "    Hub.current.capture_message('x')\n",
        "try:\n"
        "    from sentry_sdk import capture_message\n"
        "except ImportError:\n"
        "    y = 0\n"
        "def f():\n"
        "    capture_message('x')\n",
    ),
    "of two in a try that both go, the first gets the place": (
        "try:\n"
        "    from sentry_sdk import configure_scope as a\n"
        "    import os\n"
        "    from sentry_sdk import configure_scope as b\n"
        "except ImportError:\n"
        "    y = 0\n"
        "def f():\n"
        "    with a():\n"
        "        work()\n"
        "    with b():\n"
        "        work()\n",
        "try:\n"
        "    import sentry_sdk\n"
        "    import os\n"
        "except ImportError:\n"
        "    y = 0\n"
        "def f():\n"
        "    work()\n"
        "    work()\n",
    ),
    "one under a condition does not tell": (
        "if x:\n"
        "    from sentry_sdk import init\n"
        "try:\n"
        "    from sentry_sdk import configure_scope\n"
        "except ImportError:\n"
        "    y = 0\n"
        "def f():\n"
        "    with configure_scope():\n"
        "        work()\n",
        "if x:\n"
        "    from sentry_sdk import init\n"
        "try:\n"
        "    import sentry_sdk\n"
        "except ImportError:\n"
        "    y = 0\n"
        "def f():\n"
        "    work()\n",
    ),
    "one further down tells": (
        "try:\n"
        "    from sentry_sdk import configure_scope\n"
        "except ImportError:\n"
        "    y = 0\n"
        "from sentry_sdk import init\n"
        "def f():\n"
        "    with configure_scope():\n"
        "        work()\n",
        "try:\n"
        "    pass\n"
        "except ImportError:\n"
        "    y = 0\n"
        "from sentry_sdk import init\n"
        "def f():\n"
        "    work()\n",
    ),
    "one that goes too does not tell": (
        "from sentry_sdk import push_scope\n"
        "try:\n"
        "    from sentry_sdk import configure_scope\n"
        "except ImportError:\n"
        "    y = 0\n"
        "def f():\n"
        "    with configure_scope():\n"
        "        work()\n"
        "def g():\n"
        "    with push_scope():\n"
        "        pass\n",
        "from sentry_sdk import new_scope\n"
        "try:\n"
        "    import sentry_sdk\n"
        "except ImportError:\n"
        "    y = 0\n"
        "def f():\n"
        "    work()\n"
        "def g():\n"
        "    with new_scope():\n"
        "        pass\n",
    ),
    "one in a function does not tell": (
        "try:\n"
        "    from sentry_sdk import configure_scope\n"
        "except ImportError:\n"
        "    y = 0\n"
        "def h():\n"
        "    from sentry_sdk import init\n"
        "    init()\n"
        "def f():\n"
        "    with configure_scope():\n"
        "        work()\n",
        "try:\n"
        "    import sentry_sdk\n"
        "except ImportError:\n"
        "    y = 0\n"
        "def h():\n"
        "    from sentry_sdk import init\n"
        "    init()\n"
        "def f():\n"
        "    work()\n",
    ),
    "a star does not tell": (
        "from sentry_sdk import *\n"
        "try:\n"
        "    from sentry_sdk import configure_scope\n"
        "except ImportError:\n"
        "    y = 0\n"
        "def f():\n"
        "    with configure_scope():\n"
        "        work()\n",
        "from sentry_sdk import *\n"
        "try:\n"
        "    import sentry_sdk\n"
        "except ImportError:\n"
        "    y = 0\n"
        "def f():\n"
        "    work()\n",
    ),
    "a name that the new code reads stays": (
        "from sentry_sdk import Hub, capture_message\n"
        "def f():\n"
        "    with Hub.current.push_scope():\n"
        "        capture_message(Hub.current.client)\n",
        "from sentry_sdk import capture_message, get_client, new_scope\n"
        "def f():\n"
        "    with new_scope():\n"
        "        capture_message(get_client())\n",
    ),
}


@pytest.mark.parametrize(("before", "after"), PLANNED.values(), ids=PLANNED)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_planned(before: str, after: str, newline: str) -> None:
    assert fixed(before.replace("\n", newline)) == after.replace("\n", newline)
