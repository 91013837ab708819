"""Imports follow a rewrite: names join in order, and go when the rewrite left them unused."""

from __future__ import annotations

import pytest

from engine.table import fixed
from sentry_migrate.project.code_style import CodeStyle, ImportStyle

LEFT_OVER = ("left-over-import",)
"""The rule that removes what other code may still take."""

CONFIGURE = "def f(x):\n    with configure_scope() as s:\n        s.set_tag('a', x)\n"
ISOLATION = "def f(x):\n    s = get_isolation_scope()\n    s.set_tag('a', x)\n"
QUALIFIED = "def f(x):\n    s = sentry_sdk.get_isolation_scope()\n    s.set_tag('a', x)\n"
CAPTURE = "def f():\n    Hub.current.capture_message('x')\n"
CAPTURED = "def f():\n    capture_message('x')\n"

# The import stays, because something else may use the name: what: (imports before, and after)
KEPT = {
    "__all__": (
        "from sentry_sdk import configure_scope\n__all__ = ['configure_scope']\n",
        "from sentry_sdk import configure_scope, get_isolation_scope\n__all__ = ['configure_scope']\n",
    ),
    "__all__ +=": (
        "from sentry_sdk import configure_scope\n__all__ = []\n__all__ += ('configure_scope',)\n",
        "from sentry_sdk import configure_scope, get_isolation_scope\n__all__ = []\n__all__ += ('configure_scope',)\n",
    ),
    "__all__.append": (
        "from sentry_sdk import configure_scope\n__all__ = []\n__all__.append('configure_scope')\n",
        "from sentry_sdk import configure_scope, get_isolation_scope\n__all__ = []\n__all__.append('configure_scope')\n",
    ),
    "__all__.extend": (
        "from sentry_sdk import configure_scope\n__all__ = []\n__all__.extend(['configure_scope'])\n",
        "from sentry_sdk import configure_scope, get_isolation_scope\n__all__ = []\n__all__.extend(['configure_scope'])\n",
    ),
    "__all__ by split": (
        "from sentry_sdk import configure_scope\n__all__ = 'f configure_scope'.split()\n",
        "from sentry_sdk import configure_scope, get_isolation_scope\n__all__ = 'f configure_scope'.split()\n",
    ),
    "code in a string": (
        "from sentry_sdk import configure_scope\nexec('configure_scope()')\n",
        "from sentry_sdk import configure_scope, get_isolation_scope\nexec('configure_scope()')\n",
    ),
    "looked up by a name that is made": (
        "from sentry_sdk import configure_scope\ndef g(k):\n    globals()[k + '_scope']()\n",
        "from sentry_sdk import configure_scope, get_isolation_scope\ndef g(k):\n    globals()[k + '_scope']()\n",
    ),
    "as itself": (
        "from sentry_sdk import configure_scope as configure_scope\n",
        "from sentry_sdk import configure_scope as configure_scope\nfrom sentry_sdk import get_isolation_scope\n",
    ),
    "read elsewhere": (
        "from sentry_sdk import configure_scope\nother(configure_scope)\n",
        "from sentry_sdk import configure_scope, get_isolation_scope\nother(configure_scope)\n",
    ),
    "a decorator": (
        "from sentry_sdk import configure_scope\n@inject(configure_scope)\ndef g(): ...\n",
        "from sentry_sdk import configure_scope, get_isolation_scope\n@inject(configure_scope)\ndef g(): ...\n",
    ),
    "a default": (
        "from sentry_sdk import configure_scope\ndef g(x=configure_scope): ...\n",
        "from sentry_sdk import configure_scope, get_isolation_scope\ndef g(x=configure_scope): ...\n",
    ),
    "global in a function": (
        "from sentry_sdk import configure_scope\ndef g():\n    global configure_scope\n    configure_scope = None\n",
        "from sentry_sdk import configure_scope, get_isolation_scope\ndef g():\n    global configure_scope\n    configure_scope = None\n",
    ),
}


@pytest.mark.parametrize(("before", "after"), KEPT.values(), ids=KEPT)
def test_kept(before: str, after: str) -> None:
    assert fixed(before + CONFIGURE, ignore=LEFT_OVER) == after + ISOLATION


def test_kept_in_a_package() -> None:
    before = "from sentry_sdk import configure_scope\n" + CONFIGURE
    after = "from sentry_sdk import configure_scope, get_isolation_scope\n" + ISOLATION
    assert fixed(before, "app/__init__.py", LEFT_OVER) == after
    assert fixed(before, "app/init.py", LEFT_OVER) != after


# A name in text is a use for type checkers: what: the rest of the module
MENTIONED = {
    "quoted annotation": "def g(x: 'Hub'): ...\n",
    "quoted inside": "def g(x: 'dict[str, Hub]') -> 'Hub | None': ...\n",
    "part of an annotation": "def g(x: Optional['Hub']): ...\n",
    "union": "def g(x: 'Hub' | None): ...\n",
    "type comment": "def g(x):\n    # type: (Hub) -> None\n    ...\n",
    "variable's type comment": "x = []  # type: list[Hub]\n",
    "cast": "y = typing.cast('Hub', x)\n",
    "doctest": "def g():\n    '''\n    >>> Hub.current\n    '''\n",
    "doctest of several lines": "'''\n>>> f(\n...     Hub)\n'''\n",
    "TypeVar": "T = TypeVar('T', bound='Hub')\n",
}


@pytest.mark.parametrize("rest", MENTIONED.values(), ids=MENTIONED)
def test_mentioned(rest: str) -> None:
    before = "from sentry_sdk import Hub\n" + rest + CAPTURE
    assert fixed(before) == "from sentry_sdk import Hub, capture_message\n" + rest + CAPTURED


# A string that only looks like the name is none
NO_MENTION = {
    "a key": "x = {}\nx['Hub-count'] = 1\n",
    "a part of a sentence": "x = 'no Hub: ' + str(1)\n",
    "a path": "x = y['/Hub']\n",
    "an argument": "x = cast('Hub; sent', 1)\n",
    "a comment": "x = 1  # Hub\n",
    "a sentence of a docstring": "def g():\n    '''The Hub of f.'''\n",
}


@pytest.mark.parametrize("rest", NO_MENTION.values(), ids=NO_MENTION)
def test_not_mentioned(rest: str) -> None:
    assert fixed("from sentry_sdk import Hub\n" + rest + CAPTURE) == (
        "from sentry_sdk import capture_message\n" + rest + CAPTURED
    )


# The new name is taken by other code: what: (before, after)
CLASHES = {
    "the module's name, given to nothing": (
        "import sentry_sdk\nfrom sentry_sdk import configure_scope\nsentry_sdk = None\n"
        + CONFIGURE,
        "import sentry_sdk\nfrom sentry_sdk import get_isolation_scope\nsentry_sdk = None\n"
        + ISOLATION,
    ),
    "the module's name, where it is missing": (
        "try:\n    import sentry_sdk\nexcept ImportError:\n    sentry_sdk = None\n"
        "from sentry_sdk import configure_scope\n" + CONFIGURE,
        "try:\n    import sentry_sdk\nexcept ImportError:\n    sentry_sdk = None\n"
        "from sentry_sdk import get_isolation_scope\n" + ISOLATION,
    ),
    "a function": (
        "from sentry_sdk import configure_scope\ndef get_isolation_scope(): ...\n" + CONFIGURE,
        "import sentry_sdk\ndef get_isolation_scope(): ...\n" + QUALIFIED,
    ),
    "a function further down": (
        "from sentry_sdk import configure_scope\n" + CONFIGURE + "def get_isolation_scope(): ...\n",
        "import sentry_sdk\n" + QUALIFIED + "def get_isolation_scope(): ...\n",
    ),
    "a parameter": (
        "from sentry_sdk import configure_scope\n"
        + CONFIGURE.replace("f(x)", "f(x, get_isolation_scope)"),
        "import sentry_sdk\n" + QUALIFIED.replace("f(x)", "f(x, get_isolation_scope)"),
    ),
    "another import": (
        "from sentry_sdk import configure_scope\nfrom app import get_isolation_scope\n" + CONFIGURE,
        "import sentry_sdk\nfrom app import get_isolation_scope\n" + QUALIFIED,
    ),
    "a class attribute, in the class": (
        "from sentry_sdk import Hub\nclass A:\n    capture_message = 1\n    Hub.current.capture_message('x')\n",
        "import sentry_sdk\nclass A:\n    capture_message = 1\n    sentry_sdk.capture_message('x')\n",
    ),
    "the module's name too": (
        "from sentry_sdk import configure_scope\nsentry_sdk = None\n"
        + CONFIGURE.replace("f(x)", "f(x, get_isolation_scope)"),
        None,
    ),
    "the method that does it": (
        "from sentry_sdk import Hub\nclass A:\n    def capture_message(self, text):\n        Hub.current.capture_message(text)\n",
        "import sentry_sdk\nclass A:\n    def capture_message(self, text):\n        sentry_sdk.capture_message(text)\n",
    ),
    "the module's, which a function reads that imports": (
        "import sentry_sdk\nget_isolation_scope = 5\ndef g(x):\n    from sentry_sdk import configure_scope\n"
        "    with configure_scope() as s:\n        s.set_tag('a', get_isolation_scope)\n",
        "import sentry_sdk\nget_isolation_scope = 5\ndef g(x):\n"
        "    s = sentry_sdk.get_isolation_scope()\n    s.set_tag('a', get_isolation_scope)\n",
    ),
    "the outer function's": (
        "import sentry_sdk\ndef f(get_isolation_scope):\n    def g(x):\n        from sentry_sdk import configure_scope\n"
        "        with configure_scope() as s:\n            s.set_tag('a', x)\n    return g\n",
        "import sentry_sdk\ndef f(get_isolation_scope):\n    def g(x):\n"
        "        s = sentry_sdk.get_isolation_scope()\n        s.set_tag('a', x)\n    return g\n",
    ),
    "a star's that is read": (
        "from app import *\nfrom sentry_sdk import configure_scope\n"
        + CONFIGURE
        + "get_isolation_scope\n",
        "from app import *\nimport sentry_sdk\n" + QUALIFIED + "get_isolation_scope\n",
    ),
    "a star's that nobody reads": (
        "from app import *\nfrom sentry_sdk import configure_scope\n" + CONFIGURE,
        "from app import *\nfrom sentry_sdk import get_isolation_scope\n" + ISOLATION,
    ),
    "another function's": (
        "def h(get_isolation_scope): ...\nfrom sentry_sdk import configure_scope\n" + CONFIGURE,
        "def h(get_isolation_scope): ...\nfrom sentry_sdk import get_isolation_scope\n" + ISOLATION,
    ),
    "kept import besides": (
        "from sentry_sdk import configure_scope, init\ndef get_isolation_scope(): ...\ninit()\n"
        + CONFIGURE,
        "import sentry_sdk\nfrom sentry_sdk import init\ndef get_isolation_scope(): ...\ninit()\n"
        + QUALIFIED,
    ),
}


@pytest.mark.parametrize(("before", "after"), CLASHES.values(), ids=CLASHES)
def test_clashes(before: str, after: str | None) -> None:
    assert fixed(before) == (before if after is None else after)


# One statement, rewritten: what: (before, after) with `configure_scope` used once
STATEMENTS = {
    "alone": (
        "from sentry_sdk import configure_scope\n",
        "from sentry_sdk import get_isolation_scope\n",
    ),
    "first": (
        "from sentry_sdk import configure_scope, init\n",
        "from sentry_sdk import get_isolation_scope, init\n",
    ),
    "sorted in": (
        "from sentry_sdk import capture_message, configure_scope, set_tag\n",
        "from sentry_sdk import capture_message, get_isolation_scope, set_tag\n",
    ),
    "classes first": (
        "from sentry_sdk import Client, Scope, configure_scope\n",
        "from sentry_sdk import Client, Scope, get_isolation_scope\n",
    ),
    "unsorted": (
        "from sentry_sdk import set_tag, configure_scope, capture_message\n",
        "from sentry_sdk import set_tag, get_isolation_scope, capture_message\n",
    ),
    "from api": (
        "from sentry_sdk.api import configure_scope\n",
        "from sentry_sdk import get_isolation_scope\n",
    ),
    "from api beside another": (
        "from sentry_sdk.api import configure_scope\nfrom sentry_sdk import init\n",
        "from sentry_sdk import get_isolation_scope, init\n",
    ),
    "from api with others": (
        "from sentry_sdk.api import capture_message, configure_scope\n",
        "from sentry_sdk import get_isolation_scope\nfrom sentry_sdk.api import capture_message\n",
    ),
    "sorted in further down": (
        "from sentry_sdk.api import configure_scope, flush\nimport os\nfrom sentry_sdk.hub import Hub\n",
        "from sentry_sdk import get_isolation_scope\nfrom sentry_sdk.api import flush\nimport os\n",
    ),
    "sorted in further up": (
        "from sentry_sdk.a import a\nfrom sentry_sdk.api import configure_scope, flush\n",
        "from sentry_sdk import get_isolation_scope\n"
        "from sentry_sdk.a import a\n"
        "from sentry_sdk.api import flush\n",
    ),
    "not above a comment": (
        "from sentry_sdk.a import a\n# flushes\nfrom sentry_sdk.api import configure_scope, flush\n",
        "from sentry_sdk.a import a\n# flushes\nfrom sentry_sdk import get_isolation_scope\n"
        "from sentry_sdk.api import flush\n",
    ),
    "not above other modules": (
        "from other import a\nfrom sentry_sdk.api import configure_scope, flush\n",
        "from other import a\nfrom sentry_sdk import get_isolation_scope\n"
        "from sentry_sdk.api import flush\n",
    ),
    "above what changes too": (
        "from sentry_sdk.debug import configure_debug_hub\n"
        "from sentry_sdk.integrations import a\n"
        "from sentry_sdk.hub import Hub\n"
        "from sentry_sdk.api import configure_scope, flush\n",
        "from sentry_sdk import get_isolation_scope\n"
        "from sentry_sdk.debug import configure_debug_hub\n"
        "from sentry_sdk.integrations import a\n"
        "from sentry_sdk.api import flush\n",
    ),
    "there already": (
        "from sentry_sdk import configure_scope, get_isolation_scope\n",
        "from sentry_sdk import get_isolation_scope\n",
    ),
    "there already, apart": (
        "from sentry_sdk import configure_scope\nfrom sentry_sdk import get_isolation_scope\n",
        "from sentry_sdk import get_isolation_scope\n",
    ),
    "noqa": (
        "from sentry_sdk import configure_scope  # noqa\n",
        "from sentry_sdk import get_isolation_scope  # noqa\n",
    ),
    "after a semicolon": (
        "import os; from sentry_sdk import configure_scope\n",
        "import os; from sentry_sdk import get_isolation_scope\n",
    ),
    "before a semicolon": (
        "from sentry_sdk import configure_scope; import os\n",
        "from sentry_sdk import get_isolation_scope; import os\n",
    ),
    "in parentheses": (
        "from sentry_sdk import (configure_scope, init)\n",
        "from sentry_sdk import (get_isolation_scope, init)\n",
    ),
    "one per line": (
        "from sentry_sdk import (\n    configure_scope,\n    init,\n)\n",
        "from sentry_sdk import (\n    get_isolation_scope,\n    init,\n)\n",
    ),
    "one per line, no last comma": (
        "from sentry_sdk import (capture_message,\n                        configure_scope)\n",
        "from sentry_sdk import (capture_message,\n                        get_isolation_scope)\n",
    ),
    "comments": (
        "from sentry_sdk import (  # the SDK\n    capture_message,  # send\n    # then\n    configure_scope,  # set\n)  # end\n",
        "from sentry_sdk import (  # the SDK\n    capture_message,  # send\n    # then\n    get_isolation_scope,  # set\n)  # end\n",
    ),
    "comments, to another place": (
        "from sentry_sdk import (\n    # set\n    configure_scope,  # all\n    # end\n    flush  # it\n)\n",
        "from sentry_sdk import (\n    # end\n    flush,  # it\n    # set\n    get_isolation_scope,  # all\n)\n",
    ),
    "one per line, to another place": (
        "from sentry_sdk import (\n    configure_scope,\n    flush,\n)\n",
        "from sentry_sdk import (\n    flush,\n    get_isolation_scope,\n)\n",
    ),
    "not sorted before": (
        "from sentry_sdk import (\n    flush,\n    configure_scope,\n    # x\n    Client,\n)\n",
        "from sentry_sdk import (\n    flush,\n    get_isolation_scope,\n    # x\n    Client,\n)\n",
    ),
    "two in a line": (
        "from sentry_sdk import (\n    configure_scope, flush,\n    init,\n)\n",
        "from sentry_sdk import (\n    get_isolation_scope, flush,\n    init,\n)\n",
    ),
    "the last beside the parenthesis": (
        "from sentry_sdk import (\n    configure_scope,\n    flush)\n",
        "from sentry_sdk import (\n    get_isolation_scope,\n    flush)\n",
    ),
    "backslash": (
        "from sentry_sdk import capture_message, \\\n    configure_scope\n",
        "from sentry_sdk import capture_message, \\\n    get_isolation_scope\n",
    ),
    "only statement of a block": (
        "if x:\n    from sentry_sdk import configure_scope\n",
        "if x:\n    from sentry_sdk import get_isolation_scope\n",
    ),
    "in try": (
        "try:\n    from sentry_sdk import configure_scope\nexcept ImportError:\n    pass\n",
        "try:\n    from sentry_sdk import get_isolation_scope\nexcept ImportError:\n    pass\n",
    ),
    "after the docstring": (
        '"""Doc."""\nfrom __future__ import annotations\nfrom sentry_sdk import configure_scope\n',
        '"""Doc."""\nfrom __future__ import annotations\nfrom sentry_sdk import get_isolation_scope\n',
    ),
    "byte order mark": (
        "\ufefffrom sentry_sdk.api import configure_scope\nfrom sentry_sdk import init\n",
        "\ufefffrom sentry_sdk import get_isolation_scope, init\n",
    ),
    "form feed": (
        "\ffrom sentry_sdk.api import configure_scope\nfrom sentry_sdk import init\n",
        "\ffrom sentry_sdk import get_isolation_scope, init\n",
    ),
}


@pytest.mark.parametrize(("before", "after"), STATEMENTS.values(), ids=STATEMENTS)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_statements(before: str, after: str, newline: str) -> None:
    got = fixed((before + CONFIGURE).replace("\n", newline))
    assert got == (after + ISOLATION).replace("\n", newline)


# Nothing takes the name's place, so it goes: what: (before, after) with the scope unused
DROPPED = {
    "alone": ("from sentry_sdk import configure_scope\n", ""),
    "with a comment": ("from sentry_sdk import configure_scope  # for tags\n", "# for tags\n"),
    "with noqa": ("from sentry_sdk import configure_scope  # noqa: F401\n", ""),
    "between others": (
        "import os\nfrom sentry_sdk import configure_scope\nimport sys\n",
        "import os\nimport sys\n",
    ),
    "first": ("from sentry_sdk import configure_scope, init\n", "from sentry_sdk import init\n"),
    "last": (
        "from sentry_sdk import capture_message, configure_scope\n",
        "from sentry_sdk import capture_message\n",
    ),
    "all lines": ("from sentry_sdk import (\n    configure_scope,\n)\n", ""),
    "a line": (
        "from sentry_sdk import (\n    capture_message,\n    configure_scope,\n    init,\n)\n",
        "from sentry_sdk import (\n    capture_message,\n    init,\n)\n",
    ),
    "the last line": (
        "from sentry_sdk import (\n    capture_message,\n    configure_scope\n)\n",
        "from sentry_sdk import (\n    capture_message\n)\n",
    ),
    "the last line after a comment": (
        "from sentry_sdk import (\n    capture_message,  # send\n    configure_scope,  # set\n)\n",
        "from sentry_sdk import (\n    capture_message,  # send\n)\n",
    ),
    "after a backslash": (
        "from sentry_sdk import capture_message, \\\n    configure_scope\n",
        "from sentry_sdk import capture_message\n",
    ),
    "only statement of a block": (
        "if x:\n    from sentry_sdk import configure_scope\n",
        "if x:\n    pass\n",
    ),
    "only statement of try": (
        "try:\n    from sentry_sdk import configure_scope\nfinally:\n    pass\n",
        "try:\n    pass\nfinally:\n    pass\n",
    ),
    "another error caught": (
        "try:\n    from sentry_sdk import configure_scope\n    y = 1\nexcept KeyError:\n    y = 0\n",
        "try:\n    y = 1\nexcept KeyError:\n    y = 0\n",
    ),
    "where the import failed": (
        "try:\n    y = 1\nexcept ImportError:\n    from sentry_sdk import configure_scope\n    y = 0\n",
        "try:\n    y = 1\nexcept ImportError:\n    y = 0\n",
    ),
    "a try around the function": (
        "try:\n    def g():\n        from sentry_sdk import configure_scope\n        with configure_scope():\n            work()\nexcept ImportError:\n    pass\nfrom sentry_sdk import configure_scope\n",
        "try:\n    def g():\n        work()\nexcept ImportError:\n    pass\n",
    ),
    "beside one that stays": (
        "try:\n    import sentry_sdk\n    from sentry_sdk import configure_scope\nexcept ImportError:\n    y = 0\n",
        "try:\n    import sentry_sdk\nexcept ImportError:\n    y = 0\n",
    ),
    "after one that always runs": (
        "import sentry_sdk\ntry:\n    from sentry_sdk import configure_scope\n    y = 1\nexcept ImportError:\n    y = 0\n",
        "import sentry_sdk\ntry:\n    y = 1\nexcept ImportError:\n    y = 0\n",
    ),
    "another name stays": (
        "try:\n    from sentry_sdk import configure_scope, init\nexcept ImportError:\n    y = 0\n",
        "try:\n    from sentry_sdk import init\nexcept ImportError:\n    y = 0\n",
    ),
    "after a semicolon": (
        "import os; from sentry_sdk import configure_scope\n",
        "import os; pass\n",
    ),
    "byte order mark": ("\ufefffrom sentry_sdk import configure_scope\n", "\ufeff"),
    "two statements": (
        "from sentry_sdk import configure_scope\nfrom sentry_sdk import init\n",
        "from sentry_sdk import init\n",
    ),
}


@pytest.mark.parametrize(("before", "after"), DROPPED.values(), ids=DROPPED)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_dropped(before: str, after: str, newline: str) -> None:
    code = before + "def f():\n    with configure_scope():\n        work()\n"
    want = after + "def f():\n    work()\n"
    assert fixed(code.replace("\n", newline)) == want.replace("\n", newline)


# An import that tells whether the SDK is there: some import of it stays in its place.
PRESENCE = {
    "a flag": ("from sentry_sdk import configure_scope\n    y = 1", "ImportError"),
    "a flag in else": ("from sentry_sdk import configure_scope", "ImportError:\n    y = 0\nelse"),
    "no such module": ("from sentry_sdk.api import configure_scope", "ModuleNotFoundError"),
    "one of several errors": (
        "from sentry_sdk import configure_scope\n    y = 1",
        "(ImportError, KeyError)",
    ),
    "any error": ("from sentry_sdk import configure_scope\n    y = 1", "Exception"),
    "bare": ("from sentry_sdk import configure_scope\n    y = 1", ""),
    "two statements": (
        "from sentry_sdk import configure_scope\n    from sentry_sdk import Hub",
        "ImportError",
    ),
}


@pytest.mark.parametrize(("body", "error"), PRESENCE.values(), ids=PRESENCE)
def test_presence(body: str, error: str) -> None:
    code = f"try:\n    {body}\nexcept{error and ' '}{error}:\n    y = 0\n"
    after = fixed(code + "def f():\n    with configure_scope():\n        work()\n")
    assert "configure_scope" not in after
    assert after.startswith("try:\n    import sentry_sdk\n")
    assert after.count("import ") == 1


# Imports that are not at the top: what: (before, after)
PLACES = {
    "in the function": (
        "def f():\n    from sentry_sdk import configure_scope\n    with configure_scope() as s:\n        s.set_tag(1, 2)\n",
        "def f():\n    from sentry_sdk import get_isolation_scope\n    s = get_isolation_scope()\n    s.set_tag(1, 2)\n",
    ),
    "in two functions": (
        "def f():\n    from sentry_sdk import configure_scope\n    with configure_scope() as s:\n        s.set_tag(1, 2)\n"
        "def g():\n    from sentry_sdk import configure_scope, set_tag\n    set_tag(1, 2)\n    with configure_scope() as s:\n        s.set_tag(1, 2)\n",
        "def f():\n    from sentry_sdk import get_isolation_scope\n    s = get_isolation_scope()\n    s.set_tag(1, 2)\n"
        "def g():\n    from sentry_sdk import get_isolation_scope, set_tag\n    set_tag(1, 2)\n    s = get_isolation_scope()\n    s.set_tag(1, 2)\n",
    ),
    "in the outer function": (
        "def f():\n    from sentry_sdk import Hub\n    def g():\n        Hub.current.capture_message('x')\n    return g\n",
        "def f():\n    from sentry_sdk import capture_message\n    def g():\n        capture_message('x')\n    return g\n",
    ),
    "an alias that is there": (
        "from sentry_sdk import get_isolation_scope as isolation\nfrom sentry_sdk import configure_scope\n"
        + CONFIGURE,
        "from sentry_sdk import get_isolation_scope as isolation\n"
        + ISOLATION.replace("get_isolation_scope", "isolation"),
    ),
    "beside a name with as, after it": (
        "from sentry_sdk import Hub\nfrom sentry_sdk import add_breadcrumb as note\n"
        + CAPTURE
        + "note()\n",
        "from sentry_sdk import capture_message\nfrom sentry_sdk import add_breadcrumb as note\n"
        + CAPTURED
        + "note()\n",
    ),
    "only names with as, before it": (
        "from sentry_sdk import init as start\nimport sentry_sdk.hub as h\n"
        "def f():\n    start()\n    h.Hub.current.capture_message('x')\n",
        "from sentry_sdk import init as start\nimport sentry_sdk\n"
        "def f():\n    start()\n    sentry_sdk.capture_message('x')\n",
    ),
    "a name with as stays": (
        "from sentry_sdk import Hub as H, init as start\n"
        "def f():\n    start()\n    H.current.capture_message('x')\n",
        "from sentry_sdk import capture_message\nfrom sentry_sdk import init as start\n"
        "def f():\n    start()\n    capture_message('x')\n",
    ),
    "a name with as stays before": (
        "from sentry_sdk import Hub as H, init as start\n"
        "def f():\n    start()\n    H.current.start_span()\n",
        "from sentry_sdk import init as start\nfrom sentry_sdk import start_span\n"
        "def f():\n    start()\n    start_span()\n",
    ),
    "everything beside a name with as": (
        "from sentry_sdk import Hub as H, init as start\nfrom sentry_sdk.utils import *\n"
        "def f():\n    start()\n    H.current.start_span()\n",
        "from sentry_sdk import init as start\nfrom sentry_sdk import start_span\n"
        "from sentry_sdk.utils import *\ndef f():\n    start()\n    start_span()\n",
    ),
    "a name with as and another": (
        "from sentry_sdk import Hub, flush, init as start\n"
        "def f():\n    start()\n    flush()\n    Hub.current.capture_message('x')\n",
        "from sentry_sdk import capture_message, flush, init as start\n"
        "def f():\n    start()\n    flush()\n    capture_message('x')\n",
    ),
    "an alias that goes": (
        "from sentry_sdk import configure_scope as cs, push_scope as ps\ndef f():\n    with cs() as s:\n        s.set_tag(1, 2)\n    with ps() as s:\n        s.set_tag(1, 2)\n",
        "from sentry_sdk import get_isolation_scope, new_scope\ndef f():\n    s = get_isolation_scope()\n    s.set_tag(1, 2)\n    with new_scope() as s:\n        s.set_tag(1, 2)\n",
    ),
    "the module is there": (
        "import sentry_sdk\nfrom sentry_sdk import Hub\ndef f():\n    Hub.current.capture_message('x')\n    sentry_sdk.flush()\n",
        "import sentry_sdk\ndef f():\n    sentry_sdk.capture_message('x')\n    sentry_sdk.flush()\n",
    ),
    "the module is there for types only": (
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import sentry_sdk\nfrom sentry_sdk import Hub\ndef f():\n    Hub.current.capture_message('x')\n",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import sentry_sdk\nfrom sentry_sdk import capture_message\ndef f():\n    capture_message('x')\n",
    ),
    "from hub": (
        "from sentry_sdk.hub import Hub\n" + CAPTURE,
        "from sentry_sdk import capture_message\n" + CAPTURED,
    ),
    "module hub": (
        "import sentry_sdk.hub\ndef f():\n    sentry_sdk.hub.Hub.current.capture_message('x')\n",
        "import sentry_sdk\ndef f():\n    sentry_sdk.capture_message('x')\n",
    ),
    "module hub, renamed": (
        "import sentry_sdk.hub as h\ndef f():\n    h.Hub.current.capture_message('x')\n",
        "import sentry_sdk\ndef f():\n    sentry_sdk.capture_message('x')\n",
    ),
    "several names in one statement": (
        "from sentry_sdk import (Hub,\n                        configure_scope)\ndef f(x):\n    with configure_scope() as s:\n        s.set_tag(1, 2)\n    Hub.current.capture_exception(x)\n    Hub.current.start_span()\n",
        "from sentry_sdk import (capture_exception,\n                        get_isolation_scope,\n                        start_span)\ndef f(x):\n    s = get_isolation_scope()\n    s.set_tag(1, 2)\n    capture_exception(x)\n    start_span()\n",
    ),
    "None where it is missing": (
        "try:\n    from sentry_sdk import Hub\nexcept ImportError:\n    Hub = None\ndef f():\n    if Hub:\n        Hub.current.capture_message('x')\n",
        "try:\n    import sentry_sdk\n    from sentry_sdk import capture_message\nexcept ImportError:\n    sentry_sdk = None\ndef f():\n    if sentry_sdk:\n        capture_message('x')\n",
    ),
}


@pytest.mark.parametrize(("before", "after"), PLACES.values(), ids=PLACES)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_places(before: str, after: str, newline: str) -> None:
    assert fixed(before.replace("\n", newline)) == after.replace("\n", newline)


def test_no_final_newline() -> None:
    before = "from sentry_sdk.api import capture_message, configure_scope"
    code = "def f():\n    with configure_scope() as s:\n        s.set_tag(1, 2)\n    capture_message(1)\n"
    after = "def f():\n    s = get_isolation_scope()\n    s.set_tag(1, 2)\n    capture_message(1)\n"
    assert (
        fixed(code + before)
        == after
        + "from sentry_sdk import get_isolation_scope\nfrom sentry_sdk.api import capture_message"
    )


def test_what_was_unused_before_stays() -> None:
    before = "from sentry_sdk import capture_message, configure_scope\n" + CONFIGURE
    assert (
        fixed(before) == "from sentry_sdk import capture_message, get_isolation_scope\n" + ISOLATION
    )


SPAN = "def f():\n    with push_scope() as s:\n        use(s.span)\n"
# code with an `as`: what stays of the `with` line after the fix
TARGETS = {
    "no read is left": (SPAN, "with new_scope():"),
    "one is left": (SPAN + "        s.set_tag('a', 'b')\n", "with new_scope() as s:"),
    "one is left behind the block": (SPAN + "    return s\n", "with new_scope() as s:"),
    "one is left in a function": (
        "def f():\n    with push_scope() as s:\n        use(s.span)\n"
        "        def g():\n            s.set_tag('a', 'b')\n",
        "with new_scope() as s:",
    ),
    "bound again": (SPAN + "    s = 1\n", "with new_scope() as s:"),
    "read by a string": (SPAN + "        use(locals())\n", "with new_scope() as s:"),
    "a global": ("def f():\n    global s\n" + SPAN[9:], "with new_scope() as s:"),
    "of a module": (SPAN[9:].replace("\n    ", "\n").lstrip(), "with new_scope() as s:"),
    "beside another": (
        SPAN.replace("with ", "with a() as b, "),
        "with a() as b, new_scope():",
    ),
    "on two lines": (SPAN.replace(" as s", " \\\n        as s"), "with new_scope() \\"),
    "never read": (
        "def f():\n    with push_scope() as s:\n        use(1)\n",
        "with new_scope() as s:",
    ),
}


@pytest.mark.parametrize(("code", "line"), TARGETS.values(), ids=TARGETS)
def test_a_name_without_a_reader_goes(code: str, line: str) -> None:
    after = fixed("from sentry_sdk import push_scope\n" + code)
    found = next(one.strip() for one in after.splitlines() if one.strip().startswith("with"))
    assert found.replace("isolation_scope", "new_scope") == line


USE = "\ndef f():\n    with configure_scope() as scope:\n        scope.set_tag('a', 1)\n"
USED = "\ndef f():\n    scope = get_isolation_scope()\n    scope.set_tag('a', 1)\n"
OTHER = "\ndef f():\n    Hub.current.capture_message('x')\n"
OTHER_DONE = "\ndef f():\n    capture_message('x')\n"

# what: (columns, before, after)
LONG = {
    "fits to the column": (
        52,
        "from sentry_sdk import configure_scope, start_span\n" + USE,
        "from sentry_sdk import (\n    get_isolation_scope,\n    start_span,\n)\n" + USED,
    ),
    "one column more": (
        54,
        "from sentry_sdk import configure_scope, start_span\n" + USE,
        "from sentry_sdk import get_isolation_scope, start_span\n" + USED,
    ),
    "between parentheses already": (
        52,
        "from sentry_sdk import (configure_scope, start_span,)\n" + USE,
        "from sentry_sdk import (\n    get_isolation_scope,\n    start_span,\n)\n" + USED,
    ),
    "on lines of their own already": (
        20,
        "from sentry_sdk import (\n    configure_scope,\n    start_span,\n)\n" + USE,
        "from sentry_sdk import (\n    get_isolation_scope,\n    start_span,\n)\n" + USED,
    ),
    "carriage returns": (
        52,
        ("from sentry_sdk import configure_scope, start_span\n" + USE).replace("\n", "\r\n"),
        ("from sentry_sdk import (\n    get_isolation_scope,\n    start_span,\n)\n" + USED).replace(
            "\n", "\r\n"
        ),
    ),
    "indented": (
        56,
        "try:\n    from sentry_sdk import configure_scope, start_span\nexcept ImportError: x\n"
        + USE,
        "try:\n    from sentry_sdk import (\n        get_isolation_scope,\n        start_span,\n    )\n"
        "except ImportError: x\n" + USED,
    ),
    "a comment is about its line": (
        52,
        "from sentry_sdk import configure_scope, start_span  # noqa: F401\n" + USE,
        "from sentry_sdk import get_isolation_scope, start_span  # noqa: F401\n" + USED,
    ),
    "not alone in its line": (
        52,
        "from sentry_sdk import configure_scope, start_span; import os\n" + USE,
        "from sentry_sdk import get_isolation_scope, start_span; import os\n" + USED,
    ),
    "after a backslash": (
        52,
        "from sentry_sdk \\\n    import configure_scope, start_span\n" + USE,
        "from sentry_sdk \\\n    import get_isolation_scope, start_span\n" + USED,
    ),
    "a statement that comes new": (
        30,
        "from sentry_sdk.hub import Hub\n" + OTHER,
        "from sentry_sdk import (\n    capture_message,\n)\n" + OTHER_DONE,
    ),
    "an import of a module stays as it is": (
        5,
        "import sentry_sdk\n" + USE.replace("conf", "sentry_sdk.conf"),
        "import sentry_sdk\n" + USED.replace("get_i", "sentry_sdk.get_i"),
    ),
}


@pytest.mark.parametrize(("columns", "before", "after"), LONG.values(), ids=LONG)
def test_no_import_gets_longer_than_lines_may_be(columns: int, before: str, after: str) -> None:
    assert fixed(before, style=CodeStyle(columns)) == after


SINGLE, MIXED, BOTH = ImportStyle(single=True), ImportStyle(mixed=True), ImportStyle(True, True)
HUB, SCOPED = "from sentry_sdk import Hub\n", "from sentry_sdk import configure_scope\n"
GETTER = "from sentry_sdk import get_isolation_scope\n"
PUSH = "def f(x):\n    with Hub(Client(x)):\n        g()\n"
PUSHED = (
    "def f(x):\n    with use_isolation_scope(Scope(client=Client(x))), use_scope(Scope()):\n"
    "        g()\n"
)
SCOPES = (
    "from sentry_sdk.scope import use_isolation_scope\nfrom sentry_sdk.scope import use_scope\n"
)

# what: (how imports are sorted, the imports before and after, the rest before and after)
SORTED = {
    "a name in the place of another": (SINGLE, SCOPED, GETTER, CONFIGURE, ISOLATION),
    "a name beside others": (
        SINGLE,
        "from sentry_sdk import capture_event, configure_scope\ncapture_event()\n",
        GETTER.join(("from sentry_sdk import capture_event\n", "capture_event()\n")),
        *(CONFIGURE, ISOLATION),
    ),
    "a name beside one that stays": (
        SINGLE,
        SCOPED + "use(configure_scope)\n",
        SCOPED + GETTER + "use(configure_scope)\n",
        *(CONFIGURE, ISOLATION),
    ),
    "further down": (
        SINGLE,
        SCOPED + "from sentry_sdk import flush\nfrom sentry_sdk import init\n",
        "from sentry_sdk import flush\n" + GETTER + "from sentry_sdk import init\n",
        *(CONFIGURE, ISOLATION),
    ),
    "further up": (
        SINGLE,
        "from sentry_sdk import init\nfrom sentry_sdk.hub import Hub\n",
        "from sentry_sdk import capture_message\nfrom sentry_sdk import init\n",
        *(CAPTURE, CAPTURED),
    ),
    "not beyond a comment": (
        SINGLE,
        "from sentry_sdk import Hub\n# text\nfrom sentry_sdk import Scope\n",
        "from sentry_sdk import capture_message\n# text\nfrom sentry_sdk import Scope\n",
        *(CAPTURE, CAPTURED),
    ),
    "not beyond another package": (
        SINGLE,
        "from sentry_sdk import Hub\nfrom a import b\nfrom sentry_sdk import Scope\n",
        "from sentry_sdk import capture_message\nfrom a import b\nfrom sentry_sdk import Scope\n",
        *(CAPTURE, CAPTURED),
    ),
    "past one that changes too": (
        SINGLE,
        HUB + SCOPED + "from sentry_sdk import init\n",
        GETTER + "from sentry_sdk import init\nfrom sentry_sdk import start_span\n",
        "def g():\n    Hub.current.start_span()\n" + CONFIGURE,
        "def g():\n    start_span()\n" + ISOLATION,
    ),
    "in the place of two": (
        SINGLE,
        HUB + SCOPED + "from sentry_sdk import trace\n",
        GETTER + "from sentry_sdk import start_span\nfrom sentry_sdk import trace\n",
        "def g():\n    Hub.current.start_span()\n" + CONFIGURE,
        "def g():\n    start_span()\n" + ISOLATION,
    ),
    "several": (
        SINGLE,
        "from sentry_sdk import Client\n" + HUB + "from sentry_sdk.utils import x\n",
        "from sentry_sdk import Client\nfrom sentry_sdk import Scope\n"
        + SCOPES
        + "from sentry_sdk.utils import x\n",
        *(PUSH, PUSHED),
    ),
    "in a function": (
        SINGLE,
        "",
        "",
        "def f():\n    from sentry_sdk import Hub\n    from sentry_sdk import flush\n"
        "    Hub.current.start_span(flush)\n",
        "def f():\n    from sentry_sdk import flush\n    from sentry_sdk import start_span\n"
        "    start_span(flush)\n",
    ),
    "not alone in its line": (
        SINGLE,
        "import a; " + SCOPED,
        "import a; " + GETTER,
        CONFIGURE,
        ISOLATION,
    ),
    "by module, and one name each": (
        BOTH,
        "from sentry_sdk import Client\n" + HUB + "import urllib3\n",
        "from sentry_sdk import Client\nfrom sentry_sdk import Scope\n"
        + SCOPES
        + "import urllib3\n",
        *(PUSH, PUSHED),
    ),
    "by module, after the module itself": (
        MIXED,
        "import sentry_sdk.client as c\nfrom sentry_sdk.hub import Hub\nfrom zope import y\n",
        "from sentry_sdk import capture_message\nimport sentry_sdk.client as c\nfrom zope import y\n",
        *(CAPTURE, CAPTURED),
    ),
    "not by module": (
        ImportStyle(),
        "import sentry_sdk.client as c\nfrom sentry_sdk.hub import Hub\nfrom zope import y\n",
        "import sentry_sdk.client as c\nfrom sentry_sdk import capture_message\nfrom zope import y\n",
        *(CAPTURE, CAPTURED),
    ),
    "by module, several in one": (
        MIXED,
        "from sentry_sdk import Client, Hub\nimport urllib3\n",
        "from sentry_sdk import Client, Scope\n"
        "from sentry_sdk.scope import use_isolation_scope, use_scope\nimport urllib3\n",
        *(PUSH, PUSHED),
    ),
}


@pytest.mark.parametrize(("style", "imports", "after", "code", "done"), SORTED.values(), ids=SORTED)
def test_new_imports_are_sorted_as_the_project_sorts(
    style: ImportStyle, imports: str, after: str, code: str, done: str
) -> None:
    assert fixed(imports + code, style=CodeStyle(imports=style)) == after + done


COMPAT = "from sentry_sdk._compat import text_type\n"
TEXT = "def f(x):\n    return text_type(x)\n"
TEXT_DONE = "def f(x):\n    return str(x)\n"

# what: (what stands before the function, and what is left of it)
BLANK = {
    "alone between blank lines": (
        "import re\n\n" + COMPAT + "\nimport app\n",
        "import re\n\nimport app\n",
    ),
    "more below": ("import re\n\n" + COMPAT + "\n\n", "import re\n\n\n"),
    "more above": ("import re\n\n\n" + COMPAT + "\n", "import re\n\n\n"),
    "with form feeds": ("import re\n\n" + COMPAT + "\f\nimport app\n", "import re\n\nimport app\n"),
    "at the start": (COMPAT + "\n\n", ""),
    "at the start, after a blank line": ("\n" + COMPAT + "\n\n", "\n"),
    "no blank line below": ("import re\n\n" + COMPAT + "import app\n", "import re\n\nimport app\n"),
    "no blank line above": ("import re\n" + COMPAT + "\nimport app\n", "import re\n\nimport app\n"),
    "a comment above": (
        "import re\n\n# text\n" + COMPAT + "\nimport app\n",
        "import re\n\n# text\n\nimport app\n",
    ),
    "others beside": (
        "import re\n\n" + COMPAT + "from sentry_sdk import init\n\nimport app\n",
        "import re\n\nfrom sentry_sdk import init\n\nimport app\n",
    ),
}


@pytest.mark.parametrize(("before", "after"), BLANK.values(), ids=BLANK)
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_no_blank_lines_are_left_of_an_import(before: str, after: str, ending: str) -> None:
    given, wanted = before + TEXT, after + TEXT_DONE
    assert fixed(given.replace("\n", ending)) == wanted.replace("\n", ending)
