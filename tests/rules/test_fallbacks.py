"""Names that are None where the SDK is not installed: code asks for the SDK itself by them."""

from __future__ import annotations

import pytest

from engine.table import fixed
from sentry_migrate.engine.analyze import analyze
from sentry_migrate.model import Applicability
from sentry_migrate.project.config import Settings
from sentry_migrate.text.source import Source

HEAD = "try:\n    from sentry_sdk import Hub, init\nexcept ImportError:\n    Hub = None\n"
NEW = "try:\n    import sentry_sdk\n    from sentry_sdk import init\nexcept ImportError:\n    sentry_sdk = None\n"

# what: (code after HEAD, the same afterwards)
ASKED = {
    "if": ("if Hub:\n    init()\n", "if sentry_sdk:\n    init()\n"),
    "not": ("x = not Hub\ninit()\n", "x = not sentry_sdk\ninit()\n"),
    "is None": ("x = Hub is None\ninit()\n", "x = sentry_sdk is None\ninit()\n"),
    "is not None": ("x = 1 if Hub is not None else 0\ninit()\n", "x = 1 if sentry_sdk is not None else 0\ninit()\n"),
    "two": ("if Hub and x:\n    init()\nif Hub:\n    init()\n", "if sentry_sdk and x:\n    init()\nif sentry_sdk:\n    init()\n"),
    "in a function": ("def f():\n    if Hub:\n        init()\n", "def f():\n    if sentry_sdk:\n        init()\n"),
}  # fmt: skip
# what: code that keeps the name
STAYS = {
    "another value": HEAD.replace("None", "object()") + "if Hub: init()\n",
    "no value": HEAD.replace("    Hub = None", "    pass") + "if Hub: init()\n",
    "two names get the value": HEAD.replace("Hub =", "Hub = other =") + "if Hub: init()\n",
    "a part of a value": HEAD.replace("Hub = None", "Hub, x = None, 1") + "if Hub: init()\n",
    "outside of the handler": HEAD.replace("    Hub = None", "    pass\nHub = None") + "if Hub: init()\n",
    "deeper in the handler": HEAD.replace("    Hub", "    if x:\n        Hub") + "if Hub: init()\n",
    "another handler": HEAD.replace("except", "except ValueError:\n    Hub = 1\nexcept") + "if Hub: init()\n",
    "of another statement": HEAD.replace("\nexcept", "\nexcept ValueError: pass\ntry:\n    x()\nexcept") + "if Hub: init()\n",
    "in a class": "class A:\n" + "".join(f"    {line}\n" for line in (HEAD + "if Hub: init()").splitlines()),
    "its value is used": HEAD + "x = Hub or init()\n",
    "it is compared": HEAD + "x = Hub == init()\n",
    "it is passed on": HEAD + "if Hub: init(Hub)\n",
    "it is offered": HEAD + "__all__ = ['Hub']\nif Hub: init()\n",
    "it is global elsewhere": HEAD + "def f():\n    global Hub\n    Hub = 1\nif Hub: init()\n",
    "the SDK's name is taken": "import sentry_sdk\n" + HEAD + "if Hub: init()\n",
    "the SDK's name is a parameter": HEAD + "def f(sentry_sdk):\n    if Hub: init()\n",
    "the SDK's name is of a star": "from x import *\n" + HEAD + "if Hub: init()\n",
}  # fmt: skip


@pytest.mark.parametrize(("code", "after"), ASKED.values(), ids=ASKED)
def test_asks_for_the_sdk(code: str, after: str) -> None:
    findings = analyze(Source(HEAD + code), Settings()).findings
    fixes = [one.fix for one in findings if one.name == "hub-import"]
    assert {one and one.applicability for one in fixes} == {Applicability.SAFE}
    assert fixed(HEAD + code) == NEW + after


@pytest.mark.parametrize("code", STAYS.values(), ids=STAYS)
def test_stays(code: str) -> None:
    assert "Hub" in fixed(code)
    findings = analyze(Source(code), Settings()).findings
    assert not [one.fix for one in findings if one.name == "hub-import" and one.fix]


# what: (code, the same afterwards)
UNUSED = {
    "beside others": (
        HEAD + "init()\n",
        "try:\n    from sentry_sdk import init\nexcept ImportError:\n    pass\ninit()\n",
    ),
    "beside other values": (
        HEAD.replace("Hub = None", "Hub = None\n    init = None") + "init()\n",
        "try:\n    from sentry_sdk import init\nexcept ImportError:\n    init = None\ninit()\n",
    ),
    "alone": (
        HEAD.replace(", init", ""),
        "try:\n    import sentry_sdk\nexcept ImportError:\n    pass\n",
    ),
    "another value": (HEAD.replace("None", "1"), HEAD.replace("None", "1")),
    "two values": (HEAD + "Hub = 1\n", HEAD + "Hub = 1\n"),
    "offered": (HEAD + "__all__ = ['Hub']\n", HEAD + "__all__ = ['Hub']\n"),
}


@pytest.mark.parametrize(("code", "after"), UNUSED.values(), ids=UNUSED)
def test_unused(code: str, after: str) -> None:
    assert fixed(code) == after


# What goes on where `Hub` is None: what: (code after HEAD, whether the fix is safe)
CAUGHT = {
    "the error of None": ("try:\n    Hub.current.scope.span.x()\nexcept AttributeError:\n    pass\n", False),
    "among others": ("try:\n    Hub.current.scope.span.x()\nexcept (KeyError, AttributeError):\n    pass\n", False),
    "by suppress()": ("from contextlib import suppress\nwith suppress(AttributeError):\n    Hub.current.scope.span.x()\n", False),
    "any error": ("try:\n    Hub.current.scope.span.x()\nexcept Exception:\n    pass\n", True),
    "another error": ("try:\n    Hub.current.scope.span.x()\nexcept KeyError:\n    pass\n", True),
    "no error": ("Hub.current.scope.span.x()\n", True),
    "in the handler": ("try:\n    x()\nexcept AttributeError:\n    Hub.current.scope.span.x()\n", True),
    "both errors": ("try:\n    Hub.current.scope.span.x()\nexcept (NameError, AttributeError):\n    pass\n", True),
}  # fmt: skip


@pytest.mark.parametrize(("code", "safe"), CAUGHT.values(), ids=CAUGHT)
def test_none_is_waited_for(code: str, safe: bool) -> None:
    body = "".join(f"    {line}\n" for line in code.splitlines())
    findings = analyze(Source(f"{HEAD}def f():\n{body}"), Settings()).findings
    fix = next(one.fix for one in findings if one.name == "hub-scope")
    assert fix is not None
    assert (fix.applicability is Applicability.SAFE) is safe


def test_the_name_of_the_module_stays() -> None:
    head = "try:\n    import sentry_sdk\nexcept ImportError:\n    sentry_sdk = None\n"
    code = (
        "    try:\n        sentry_sdk.Hub.current.scope.span.x()\n    except AttributeError: pass\n"
    )
    findings = analyze(Source(f"{head}def f():\n{code}"), Settings()).findings
    assert [one.fix and one.fix.applicability for one in findings] == [Applicability.SAFE]
