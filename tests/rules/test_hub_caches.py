"""A function or property that keeps several hubs becomes one for scopes, and one beside it."""

from __future__ import annotations

import pytest

from sentry_migrate.engine.fix import fix
from sentry_migrate.project.config import Settings
from sentry_migrate.text.source import Source

HEAD = "import functools\nfrom sentry_sdk import Client, Hub, Scope\n"
FUNCTION = "@functools.lru_cache(maxsize=None)\ndef hub_for(n):\n    return Hub(Client(n))\n"
PROPERTY = "class A:\n    @functools.cached_property\n    def hub(self):\n        return Hub(Client(self.dsn))\n"
CAPTURE = "def f(n):\n    hub_for(n).capture_message('x')\n"
ENTER = "def f(n):\n    with hub_for(n):\n        g()\n"
CAPTURE_OWN = "    def f(self):\n        self.hub.capture_message('x')\n"
ENTER_OWN = "    def f(self):\n        with self.hub:\n            g()\n"
BESIDE = "def current_scope_for(n):\n    return Scope()\n"
BESIDE_OWN = (
    "    @functools.cached_property\n    def current_scope(self):\n        return Scope()\n"
)
# what: the code, what is kept beside it
BECOMES = {
    "a function, never active": (FUNCTION + CAPTURE, ""),
    "a function, active": (FUNCTION + ENTER, f"@functools.lru_cache(maxsize=None)\n{BESIDE}"),
    "a function with a size": (
        FUNCTION.replace("None", "8") + ENTER,
        f"@functools.lru_cache(maxsize=8)\n{BESIDE}",
    ),
    "a function, active for an attribute": (
        FUNCTION + ENTER.replace("(n):\n        g", "(n.x):\n        g"),
        BESIDE,
    ),
    "a property, never active": (PROPERTY + CAPTURE_OWN, ""),
    "a property, active": (PROPERTY + ENTER_OWN, BESIDE_OWN),
    "a property with a type": (
        PROPERTY.replace("(self)", "(self) -> Hub") + ENTER_OWN,
        BESIDE_OWN,
    ),
    "a property above others": (
        PROPERTY + "    x = 1\n" + ENTER_OWN,
        BESIDE_OWN + "    x = 1\n",
    ),
}
STAYS = {
    "another decorator": FUNCTION.replace("functools.lru_cache(maxsize=None)", "cached") + ENTER,
    "two decorators": f"@traced\n{FUNCTION}{ENTER}",
    "what differs the second time": FUNCTION + ENTER.replace("with hub_for(n)", "with hub_for(n())"),
    "what differs, and is kept": f"{FUNCTION}def f(n):\n    hub = hub_for(next(n))\n    hub.capture_message('x')\n",
    "what is not visible": FUNCTION + ENTER.replace("with hub_for(n)", "with hub_for(*n)"),
    "a cache that is cleared": f"{FUNCTION}{ENTER}hub_for.cache_clear()\n",
    "a function that is passed on": f"{FUNCTION}{ENTER}take(hub_for)\n",
    "a hub that is passed on": f"{FUNCTION}{ENTER}take(hub_for(1))\n",
    "another hub too": FUNCTION.replace("return", "if n: return h\n    return") + ENTER,
    "a name that is taken": f"current_scope_for = 1\n{FUNCTION}{ENTER}",
    "a property that is set": f"{PROPERTY}{ENTER_OWN}    def g(self, x):\n        self.hub = x\n",
    "a property that is deleted": f"{PROPERTY}{ENTER_OWN}    def g(self):\n        del self.hub\n",
    "a property of another library": PROPERTY.replace("functools.", "django.") + ENTER_OWN,
    "a property that is read outside": f"{PROPERTY}{ENTER_OWN}def g(a):\n    a.hub.flush()\n",
    "a property of a class that is derived": f"{PROPERTY}{ENTER_OWN}class B(A):\n    pass\n",
    "clones": f"@functools.cache\ndef hub_for(n):\n    return Hub(Hub.current)\n{ENTER}",
}  # fmt: skip


def fixed(text: str) -> str:
    return fix(Source(HEAD + text), Settings(), unsafe=True).text


@pytest.mark.parametrize("name", BECOMES)
def test_it_becomes_scopes(name: str) -> None:
    text, beside = BECOMES[name]
    result = fixed(text)
    assert "Hub" not in result
    assert beside in result
    assert ("current_scope" in result) == bool(beside)


@pytest.mark.parametrize("name", STAYS)
def test_it_stays(name: str) -> None:
    assert "return Hub(" in fixed(STAYS[name])
