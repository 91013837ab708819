"""A hub with its own client that is never active: its client captures by itself."""

from __future__ import annotations

import pytest

from sentry_migrate.engine.analyze import analyze
from sentry_migrate.engine.fix import fix
from sentry_migrate.model import Applicability
from sentry_migrate.project.config import Settings
from sentry_migrate.text.source import Source

HEAD = "from sentry_sdk import Client, Hub\n"
MADE = "h = Hub(Client())\n"
EXCEPT = "try:\n    f()\nexcept ValueError as e:\n    "

# what: the code, and what its captures become
DIRECT = {
    "an exception that is handled": (
        f"{MADE}{EXCEPT}h.capture_exception(e)\n",
        "h.client.capture_event(*event_from_exception(e, client_options=h.client.options), scope=h)",
    ),
    "an exception with its type": (
        f"{MADE}def r(e: Exception): h.capture_exception(e)\n",
        "h.client.capture_event(*event_from_exception(e, client_options=h.client.options), scope=h)",
    ),
    "what may be none": (
        f"{MADE}def r(e): h.capture_exception(e)\n",
        "*event_from_exception(e or sys.exc_info(), client_options=h.client.options), scope=h",
    ),
    "what is being handled": (
        f"{MADE}def r():\n    return h.capture_exception()\n",
        "return h.client.capture_event(\n"
        "        *event_from_exception(sys.exc_info(), client_options=h.client.options), scope=h",
    ),
    "a message": (
        f"{MADE}h.capture_message('x')\n",
        'h.client.capture_event({"message": \'x\', "level": "info"}, scope=h)',
    ),
    "a message with a level": (
        f"{MADE}h.capture_message('x', level='error')\n",
        "h.client.capture_event({\"message\": 'x', \"level\": 'error'}, scope=h)",
    ),
    "an event": (f"{MADE}h.capture_event(e)\n", "h.client.capture_event(e, scope=h)"),
    "an event with a hint": (
        f"{MADE}h.capture_event(e, hint={{}})\n",
        "h.client.capture_event(e, hint={}, scope=h)",
    ),
    "beside a breadcrumb": (
        f"{MADE}h.add_breadcrumb(message='x')\nh.capture_event(e)\n",
        "with use_isolation_scope(h):\n    add_breadcrumb(message='x')\n"
        "h.client.capture_event(e, scope=h)",
    ),
}
# what: code in which the scopes have to be active, and why that is not safe, if so
ACTIVE = {
    "entered": (f"{MADE}with h:\n    pass\nh.capture_message('x')\n", ""),
    "entered, and an exception": (f"{MADE}with h:\n    pass\n{EXCEPT}h.capture_exception(e)\n", "twice"),
    "an exception in the block": (f"{MADE}{EXCEPT}with h:\n        h.capture_exception(e)\n", ""),
    "a clone": (f"{MADE}with Hub(h):\n    pass\n{EXCEPT}h.capture_exception(e)\n", "twice"),
    "an exception in a push": (f"{MADE}{EXCEPT}with h.push_scope():\n        h.capture_exception(e)\n", "twice"),
    "a message in a push": (f"{MADE}with h.push_scope():\n    h.capture_message('x')\n", ""),
    "other arguments": (f"{MADE}{EXCEPT}h.capture_exception(e, tags={{'a': 'b'}})\n", "twice"),
    "a level that is a variable": (f"{MADE}h.capture_message('x', a)\n", ""),
    "another `sys`": (f"{MADE}def r(sys):\n    h.capture_exception()\n", "twice"),
    "run": (f"{MADE}h.run(f)\nh.capture_message('x')\n", ""),
}  # fmt: skip
# what: code whose hub has no client of its own, so that nothing is asked of another one
OTHERS = {
    "a clone": f"{EXCEPT}h = Hub(Hub.current)\n    h.capture_exception(e)\n",
    "a block": f"{EXCEPT}with Hub(Client()):\n        pass\n",
    "the hub that is active": f"{EXCEPT}Hub.current.capture_exception(e)\n",
    "no client": f"{EXCEPT}h = Hub()\n    h.capture_exception(e)\n",
}


def _fixed(text: str) -> tuple[str, str]:
    """What all fixes make of it, and why one is not safe."""
    found = analyze(Source(HEAD + text), Settings()).findings
    fixes = [one.fix for one in found if one.fix is not None]
    reasons = [one.reason for one in fixes if one.applicability is not Applicability.SAFE]
    after = fix(Source(HEAD + text), Settings(), unsafe=True)
    compile(after.text, "after", "exec")
    return after.text, " ".join(reasons)


@pytest.mark.parametrize("name", DIRECT)
def test_the_client_captures_by_itself(name: str) -> None:
    text, new = DIRECT[name]
    after, _ = _fixed(text)
    squeezed = "".join(after.split()).replace(",)", ")").replace("scope", "h")
    assert "".join(new.split()).replace("scope", "h") in squeezed
    assert "use_scope" not in after


@pytest.mark.parametrize("name", ACTIVE)
def test_the_scopes_are_active(name: str) -> None:
    text, reason = ACTIVE[name]
    after, reasons = _fixed(text)
    assert "client.capture_event" not in after
    assert "use_isolation_scope" in after
    assert reason in reasons if reason else "twice" not in reasons


@pytest.mark.parametrize("name", OTHERS)
def test_nothing_is_asked_of_another_client(name: str) -> None:
    after, reasons = _fixed(OTHERS[name])
    assert "client.capture_event" not in after
    assert "twice" not in reasons


OPTION = "c = Client(with_locals=False)\n"
# what: code beside the option, and whether the fix of that is safe; None where it has none
BESIDE = {
    "a hub that stays": ("def f(run): run(Hub(c))\n", None),
    "a hub of what a function gives": ("def f(): run(Hub(make_client()))\n", None),
    "a hub that is silenced": ("def f():\n    with Hub(c): pass  # noqa: SEN221\n", None),
    "a hub that stays beside one that goes": (
        "def f(run):\n    with Hub(c): pass\n    run(Hub(c))\n",
        None,
    ),
    "a hub whose fix is not safe": ("class A:\n    def f(self): self.h = Hub(c)\n", False),
    "a hub that goes": ("def f():\n    with Hub(c): pass\n", True),
    "a clone that stays": ("def f(run): run(Hub(Hub.current))\n", True),
    "a clone of a parameter": ("def f(hub):\n    with Hub(hub): pass\n", True),
    "a clone with a scope": ("def f(s, run): run(Hub(Hub.current, s))\n", True),
    "no client": ("def f(run): run(Hub())\n", True),
    "no hub": ("", True),
}


def _is_safe(text: str) -> bool | None:
    """Whether the option's fix is; None where it has none, and is told why."""
    findings = analyze(Source(text), Settings()).findings
    found = [one for one in findings if one.name == "init-with-locals"]
    assert len(found) == 1
    if found[0].fix is None:
        assert "First replace the `Hub(client)` in line " in found[0].remedy
        return None
    return found[0].fix.applicability is Applicability.SAFE


@pytest.mark.parametrize("name", BESIDE)
def test_an_option_that_lets_a_hub_take_over(name: str) -> None:
    text, safe = BESIDE[name]
    assert _is_safe(HEAD + OPTION + text) is safe
