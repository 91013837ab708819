"""A parameter that is given the active hub goes, with all that gives it; any other stays."""

from __future__ import annotations

import re

import pytest

from engine.table import fixed
from sentry_migrate.engine.analyze import analyze
from sentry_migrate.engine.fix import fix
from sentry_migrate.model import Applicability
from sentry_migrate.project.config import Settings
from sentry_migrate.text.source import Source

HEAD = "import sentry_sdk\nfrom sentry_sdk import Hub\n"
NOTE = "    hub.capture_message(message)\n"
NOTED = "    sentry_sdk.capture_message(message)\n"
CALL = "def run():\n    note(Hub.current, 'x')\n"
CALLED = "def run():\n    note('x')\n"

# what: (before, after)
GOES = {
    "the current hub": (
        f"def note(hub, message):\n{NOTE}{CALL}",
        f"def note(message):\n{NOTED}{CALLED}",
    ),
    "with an annotation": (
        f"def note(hub: Hub, message: str):\n{NOTE}{CALL}",
        f"def note(message: str):\n{NOTED}{CALLED}",
    ),
    "with an annotation in quotes": (
        f"def note(hub: 'Hub', message: str):\n{NOTE}{CALL}",
        f"def note(message: str):\n{NOTED}{CALLED}",
    ),
    "the last of several": (
        f"def note(message, hub):\n{NOTE}def run():\n    note('x', Hub.current)\n",
        f"def note(message):\n{NOTED}{CALLED}",
    ),
    "the only one": (
        "def note(hub):\n    hub.capture_message('x')\ndef run():\n    note(Hub.current)\n",
        "def note():\n    sentry_sdk.capture_message('x')\ndef run():\n    note()\n",
    ),
    "with a type comment": (
        f"def note(hub, message):\n    # type: (Hub, str) -> None\n{NOTE}{CALL}",
        f"def note(message):\n    # type: (str) -> None\n{NOTE}{CALLED}".replace(NOTE, NOTED),
    ),
    "with a type comment at the end": (
        f"def note(message, hub):\n    # type: (List[int], Hub) -> x\n{NOTE}note('x', Hub.current)\n",
        f"def note(message):\n    # type: (List[int]) -> x\n{NOTED}note('x')\n",
    ),
    "with a type comment for it alone": (
        "def note(hub):  # type: (Hub) -> None\n    hub.capture_message('x')\nnote(Hub.current)\n",
        "def note():  # type: () -> None\n    sentry_sdk.capture_message('x')\nnote()\n",
    ),
    "with a type comment that leaves it out": (
        f"def note(hub, message):\n    # type: (...) -> None\n{NOTE}{CALL}",
        f"def note(message):\n    # type: (...) -> None\n{NOTED}{CALLED}",
    ),
    "a default": (
        f"def note(message, hub=Hub.current):\n{NOTE}note('x')\n",
        f"def note(message):\n{NOTED}note('x')\n",
    ),
    "a default that nothing reads": (
        "def note(hub=Hub.current):\n    return 1\nprint(note())\n",
        "def note():\n    return 1\nprint(note())\n",
    ),
    "the only one, with a comma": (
        "def note(hub,):\n    hub.capture_message('x')\ndef run():\n    note(Hub.current,)\n",
        "def note():\n    sentry_sdk.capture_message('x')\ndef run():\n    note()\n",
    ),
    "on a line of its own": (
        f"def note(\n    hub,\n    message,\n):\n{NOTE}{CALL}",
        f"def note(\n    message,\n):\n{NOTED}{CALLED}",
    ),
    "before parameters that are named": (
        f"def note(hub, *, message):\n{NOTE}def run():\n    note(Hub.current, message='x')\n",
        f"def note(*, message):\n{NOTED}def run():\n    note(message='x')\n",
    ),
    "given by name": (
        f"def note(message, hub):\n{NOTE}def run():\n    note(hub=Hub.current, message='x')\n",
        f"def note(message):\n{NOTED}def run():\n    note(message='x')\n",
    ),
    "by way of a variable": (
        f"def note(hub, message):\n{NOTE}def run():\n    hub = Hub.current\n    note(hub, 'x')\n",
        f"def note(message):\n{NOTED}def run():\n    note('x')\n",
    ),
    "of a block": (
        f"def note(hub, message):\n{NOTE}"
        "def run():\n    with Hub(Hub.current) as hub:\n        note(hub, 'x')\n",
        f"def note(message):\n{NOTED}"
        "def run():\n    with sentry_sdk.isolation_scope():\n        note('x')\n",
    ),
    "called twice": (
        f"def note(hub, message):\n{NOTE}{CALL}    note(hub=Hub.current, message='y')\n",
        f"def note(message):\n{NOTED}{CALLED}    note(message='y')\n",
    ),
    "from function to function": (
        f"def note(hub, message):\n{NOTE}"
        "def tell(a_hub, message):\n    a_hub.flush()\n    note(a_hub, message)\n"
        "def run():\n    tell(Hub.current, 'x')\n",
        f"def note(message):\n{NOTED}"
        "def tell(message):\n    sentry_sdk.flush()\n    note(message)\n"
        "def run():\n    tell('x')\n",
    ),
    "of a function that calls itself": (
        f"def note(hub, message):\n{NOTE}    if message:\n        note(hub, '')\n{CALL}",
        f"def note(message):\n{NOTED}    if message:\n        note('')\n{CALLED}",
    ),
    "of a function in a function": (
        "def run():\n    def note(hub):\n        hub.flush()\n    note(Hub.current)\n",
        "def run():\n    def note():\n        sentry_sdk.flush()\n    note()\n",
    ),
    "of a coroutine": (
        f"async def note(hub, message):\n{NOTE}"
        "async def run():\n    await note(Hub.current, 'x')\n",
        f"async def note(message):\n{NOTED}async def run():\n    await note('x')\n",
    ),
    "that is not used": (
        f"def note(hub, message):\n    print(message)\n{CALL}",
        f"def note(message):\n    print(message)\n{CALLED}",
    ),
}

# what: code in which the parameter stays
STAYS = {
    "a hub with its own client": (
        f"def note(hub, message):\n{NOTE}"
        "def run(client):\n    hub = Hub(client)\n    note(hub, 'x')\n    note(hub, 'y')\n"
    ),
    "another hub in one of the calls": (
        f"def note(hub, message):\n{NOTE}{CALL}def other(hub):\n    note(hub, 'y')\n"
    ),
    "something else in one of the calls": f"def note(hub, message):\n{NOTE}{CALL}note(None, 'y')\n",
    "not given in one of the calls": f"def note(hub=None, message=''):\n{NOTE}{CALL}note()\n",
    "behind a star": f"def note(hub, message):\n{NOTE}{CALL}note(*x)\n",
    "beside two stars": f"def note(hub, message):\n{NOTE}{CALL}note(**x)\n",
    "never called": f"def note(hub, message):\n{NOTE}",
    "passed on": f"def note(hub, message):\n{NOTE}{CALL}take(note)\n",
    "called by a thread": (
        f"def note(hub, message):\n{NOTE}{CALL}Thread(target=note, args=(Hub.current, 'x'))\n"
    ),
    "in the interface": f"__all__ = ['note']\ndef note(hub, message):\n{NOTE}{CALL}",
    "decorated": f"@traced\ndef note(hub, message):\n{NOTE}{CALL}",
    "of a method": (
        f"class A:\n    def note(self, hub, message):\n    {NOTE}"
        "def run(a):\n    a.note(Hub.current, 'x')\n"
    ),
    "of a generator": f"def note(hub, message):\n{NOTE}    yield\n{CALL}",
    "of a coroutine that is kept": (
        f"async def note(hub, message):\n{NOTE}"
        "async def run():\n    x = note(Hub.current, 'x')\n    await x\n"
    ),
    "by position alone": f"def note(hub, /, message):\n{NOTE}{CALL}",
    "by name alone": (
        f"def note(message, *, hub):\n{NOTE}def run():\n    note('x', hub=Hub.current)\n"
    ),
    "of all": f"def note(*hub):\n    take(hub)\n{CALL}",
    "with a type comment for less": (
        f"def note(hub, message):\n    # type: (Hub) -> None\n{NOTE}{CALL}"
    ),
    "with a type comment beside it": (
        f"def note(\n    hub,  # type: Hub\n    message,\n):\n{NOTE}{CALL}"
    ),
    "with a type comment for all": (
        f"def note(hub, message, *x):\n    # type: (Hub, str, *int) -> None\n{NOTE}{CALL}"
    ),
    "a default that a call replaces": (
        f"def note(message, hub=Hub.current):\n{NOTE}note('x')\nnote('x', h)\n"
    ),
    "a default that a call replaces by name": (
        f"def note(message, hub=Hub.current):\n{NOTE}note('x')\nnote('x', hub=h)\n"
    ),
    "a default behind a star": f"def note(message, hub=Hub.current):\n{NOTE}note(*x)\n",
    "a default of a function that is passed on": (
        f"def note(message, hub=Hub.current):\n{NOTE}note('x')\ntake(note)\n"
    ),
    "a default of a function that is never called": (
        f"def note(message, hub=Hub.current):\n{NOTE}"
    ),
    "a default that is kept": (
        "def note(message, hub=Hub.current):\n    take.hub = hub\nnote('x')\n"
    ),
    "a default of a clone": (f"def note(message, hub=Hub(Hub.current)):\n{NOTE}note('x')\n"),
    "passed on from there": f"def note(hub, message):\n    take(hub)\n{CALL}",
    "kept there": f"def note(hub, message):\n    take.hub = hub\n{CALL}",
    "assigned again": f"def note(hub, message):\n    hub = hub or Hub.current\n{NOTE}{CALL}",
    "read in a lambda for later": f"def note(hub, message):\n    take(lambda: hub)\n{CALL}",
    "one of two functions": (
        f"if x:\n    def note(hub, message):\n    {NOTE}else:\n    def note(hub, message): pass\n{CALL}"
    ),
    "of a function that is reached by name": (
        f"def note(hub, message):\n{NOTE}{CALL}globals()['note'](1, 2)\n"
    ),
}


@pytest.mark.parametrize(("before", "after"), GOES.values(), ids=GOES)
def test_the_parameter_goes_with_all_arguments(before: str, after: str) -> None:
    result = fixed(HEAD + before)
    assert result == "import sentry_sdk\n" + after


@pytest.mark.parametrize("code", STAYS.values(), ids=STAYS)
def test_any_other_parameter_stays(code: str) -> None:
    result = fixed(HEAD + code)
    assert [line for line in result.splitlines() if "def note" in line] == [
        line for line in code.splitlines() if "def note" in line
    ]


@pytest.mark.parametrize("name", ["note", "*", "?"], ids=["it", "all", "unknown"])
def test_a_function_stays_that_other_files_take(name: str) -> None:
    code = HEAD + GOES["the current hub"][0]
    outcome = fix(Source(code), Settings(), unsafe=True, taken=((name, 1, "a.py"),))
    assert "def note(hub, message):" in outcome.text


EITHER = "from sentry_sdk import Hub\ndef other(): ...\n"
# what: the code, and whether its use of a hub has a fix
GIVEN = {
    "a hub for want of another": ("def f(hub=None):\n    hub = hub or Hub.current\n    hub.flush()\n", False),
    "the same in place": ("def f(hub=None):\n    (hub or Hub.current).flush()\n", False),
    "where none is given": ("def f(hub=None):\n    if hub is None:\n        hub = Hub.current\n    hub.flush()\n", False),
    "with a type": ("def f(hub: Hub = None):\n    hub = hub or Hub.current\n    hub.flush()\n", False),
    "by a condition": ("def f(hub=None):\n    h = hub if hub else Hub.current\n    h.flush()\n", False),
    "what a function gives": ("def f():\n    (other() or Hub.current).flush()\n", False),
    "an attribute": ("class A:\n    def __init__(self, hub=None):\n        self.h = hub or Hub.current\n    def f(self):\n        self.h.flush()\n", False),
    "a scope that is pushed": ("def f(hub=None):\n    return (hub or Hub.current).push_scope()\n", False),
    "from a method": ("class A:\n    def get(self):\n        return self.h or Hub.current\n    def f(self):\n        self.get().flush()\n", False),
    "from a method, kept": ("class A:\n    def get(self):\n        return self.h or Hub.current\n    def f(self):\n        hub = self.get()\n        hub.flush()\n", False),
    "from a property": ("class A:\n    @property\n    def hub(self):\n        return self.h if self.h else Hub.current\n    def f(self):\n        self.hub.flush()\n", False),
    "from a function": ("def get(hub):\n    return hub or Hub.current\ndef f(x):\n    get(x).flush()\n", False),
    "from a method with a type": ("class A:\n    def get(self) -> Hub:\n        return self.h or Hub.current\n    def f(self):\n        self.get().flush()\n", False),
    "from a method with a type, of a parameter": ("class A:\n    def __init__(self, hub: 'Hub | None' = None):\n        self.h = hub\n    def get(self) -> 'Hub':\n        return self.h or Hub.current\n    def f(self):\n        self.get().flush()\n", False),
    "from a property with a type": ("class A:\n    def __init__(self, hub: Hub = None):\n        self.h = hub\n    @property\n    def hub(self) -> Hub:\n        if self.h is not None:\n            return self.h\n        return Hub.current\n    def f(self):\n        self.hub.flush()\n", False),
    "from a function with a comment": ("def get(hub):\n    # type: (Hub) -> Hub\n    return hub or Hub.current\ndef f(x):\n    get(x).flush()\n", False),
    "the hub from a method with a type": ("class A:\n    def get(self) -> Hub:\n        return Hub.current\n    def f(self):\n        self.get().flush()\n", True),
    "a method with a type that returns something unknown": ("class A:\n    def get(self) -> Hub:\n        return other()\n    def f(self):\n        self.get().flush()\n", True),
    "the hub from a method": ("class A:\n    def get(self):\n        return Hub.current\n    def f(self):\n        self.get().flush()\n", True),
    "the hub from a property": ("class A:\n    @property\n    def hub(self):\n        return Hub.current\n    def f(self):\n        self.hub.flush()\n", True),
    "the hub from a function": ("def get(hub):\n    return Hub.current\ndef f(x):\n    get(x).flush()\n", True),
    "nothing or the hub from a function": ("def get(hub):\n    return None or Hub.current\ndef f(x):\n    get(x).flush()\n", True),
    "nothing or the hub": ("def f():\n    (None or Hub.current).flush()\n", True),
    "the hub twice": ("def f(a):\n    hub = Hub.current if a else Hub.current\n    hub.flush()\n", True),
    "a parameter": ("def f(hub: Hub):\n    hub.flush()\n", True),
    "a default": ("def f(hub: Hub = Hub.current):\n    hub.flush()\n", True),
    "the hub itself": ("def f(hub=None):\n    Hub.current.flush()\n", True),
    "a variable": ("def f(hub=None):\n    h = Hub.current\n    h.flush()\n", True),
}  # fmt: skip


@pytest.mark.parametrize("name", GIVEN)
def test_a_hub_that_a_caller_may_give_is_not_ignored(name: str) -> None:
    text, fixed = GIVEN[name]
    found = analyze(Source(EITHER + text), Settings(select=("SEN206", "SEN212"))).findings
    assert [one.fix is not None for one in found] == [fixed]
    if not fixed:
        assert "The hub is one that a caller gives, or `Hub.current`" in found[0].remedy


OWN = "from sentry_sdk import Client, Hub\ndef f(hub: Hub):\n    hub.flush()\n"
CLASS = "from sentry_sdk import Client, Hub\nclass A:\n    def __init__(self, hub: Hub):\n        self.h = hub\n    def f(self):\n        self.h.flush()\n"
FIELD = "from sentry_sdk import Client, Hub\n@dataclass\nclass A:\n    x: int\n    hub: Hub\n    def f(self):\n        self.hub.flush()\n"
# what: the code, and whether its use of a hub becomes one of the hub that is active there
TYPED = {
    "its own, and the active one": (f"{OWN}f(Hub(Client()))\nf(Hub.current)\n", False),
    "of a variable": (f"{OWN}own = Hub(Client())\nf(own)\nf(Hub.current)\n", False),
    "in an instance": (f"{CLASS}A(Hub(Client()))\nA(Hub.current)\n", False),
    "in an instance, by name": (f"{CLASS}A(hub=Hub(Client()))\nA(hub=Hub.current)\n", False),
    "empty": (f"{OWN}f(Hub())\nf(Hub.current)\n", False),
    "in a field": (f"{FIELD}A(1, Hub(Client()))\nA(1, Hub.current)\n", False),
    "in a field, by name": (f"{FIELD}A(1, hub=Hub(Client()))\nA(1, hub=Hub.current)\n", False),
    "in a field, always": (f"{FIELD}A(1, Hub(Client()))\n", False),
    "the active one in a field": (f"{FIELD}A(1, Hub.current)\n", True),
    "in another field": (f"{FIELD}A(Hub(Client()), Hub.current)\n", True),
    "in a field that is unknown": (f"{FIELD}A(*x)\n", True),
    "the active one": (f"{OWN}f(Hub.current)\n", True),
    "unknown": (f"{OWN}f(x)\n", True),
    "none": (OWN, True),
    "given to another": (f"{OWN}def g(hub): ...\ng(Hub(Client()))\nf(Hub.current)\n", True),
}  # fmt: skip


@pytest.mark.parametrize("name", TYPED)
def test_a_typed_parameter_is_not_the_active_hub_if_it_is_given_one_of_its_own(name: str) -> None:
    text, active = TYPED[name]
    result = fix(Source(text), Settings(), unsafe=True).text
    assert bool(re.search(r"(?<![.\w])flush\(", result)) == active


# what: code whose fixes are all safe, as the parameter can only be the active hub
ACTIVE = {
    **{
        name: GOES[name][0]
        for name in (
            *("the current hub", "with an annotation", "the last of several", "given by name"),
            *("by way of a variable", "of a block", "called twice", "that is not used"),
            *("from function to function", "of a function that calls itself"),
            "of a function in a function",
        )
    },
    "a pushed scope": f"def note(hub, message):\n    with hub.push_scope():\n    {NOTE}{CALL}",
    "through two functions": (
        f"def note(hub, message):\n{NOTE}def tell(hub):\n    note(hub, 'x')\n"
        "def run():\n    tell(Hub.current)\n"
    ),
}
# what: code in which a parameter may be another hub than the active one
OTHER = {
    "not given": f"def note(hub: Hub, message):\n{NOTE}",
    "given something unknown": f"def note(hub: Hub, message):\n{NOTE}def run(x):\n    note(x, 'x')\n",
    "given one of a client": f"def note(hub: Hub, message):\n{NOTE}{CALL}note(Hub(client), 'x')\n",
    "given one that is kept": (
        f"def note(hub: Hub, message):\n{NOTE}class A:\n    def f(self):\n"
        "        self.hub = Hub.current\n    def g(self):\n        note(self.hub, 'x')\n"
    ),
    "given one of before a block": (
        f"def note(hub: Hub, message):\n{NOTE}def run():\n    hub = Hub.current\n"
        "    with Hub(hub):\n        note(hub, 'x')\n"
    ),
    "used in a block of another": (
        f"def note(hub: Hub, message):\n    with Hub(hub):\n    {NOTE}{CALL}"
    ),
    "used in a function inside": (
        f"def note(hub: Hub, message):\n    def g():\n    {NOTE}    return g\n{CALL}"
    ),
    "used in a generator expression": (
        "def note(hub: Hub, message):\n    return (hub.capture_message(x) for x in message)\n"
        f"{CALL}"
    ),
    "in a coroutine": GOES["of a coroutine"][0],
    "in a generator": f"def note(hub: Hub, message):\n{NOTE}    yield\n{CALL}",
    "decorated": f"@x\ndef note(hub: Hub, message):\n{NOTE}{CALL}",
    "passed on": f"def note(hub: Hub, message):\n{NOTE}{CALL}x(note)\n",
    "in a thread too": (
        f"def note(hub: Hub, message):\n{NOTE}{CALL}Thread(target=note, args=(x, 'y'))\n"
    ),
    "by default": f"def note(message, hub: Hub = None):\n{NOTE}def run():\n    note('x', Hub.current)\n",
    "behind a star": f"def note(hub: Hub, message):\n{NOTE}{CALL}note(*x)\n",
    "in the interface": f"__all__ = ['note']\ndef note(hub: Hub, message):\n{NOTE}{CALL}",
    "of a method": f"class A:\n    def note(self, hub: Hub, message):\n    {NOTE}{CALL}",
    "one of two": (
        f"def note(hub: Hub, message): pass\ndef note(hub: Hub, message):\n{NOTE}{CALL}"
    ),
    "through a function that gets another": (
        f"def note(hub: Hub, message):\n{NOTE}def tell(hub: Hub):\n    note(hub, 'x')\n"
        "def run(x):\n    tell(x)\n"
    ),
    "through a block of another": (
        f"def note(hub: Hub, message):\n{NOTE}def tell(hub: Hub):\n    with Hub(hub):\n"
        "        note(hub, 'x')\ndef run():\n    tell(Hub.current)\n"
    ),
}


@pytest.mark.parametrize("code", ACTIVE.values(), ids=ACTIVE)
def test_only_the_active_hub_is_given(code: str) -> None:
    fixes = [one.fix for one in analyze(Source(HEAD + code), Settings()).findings]
    assert {one and one.applicability for one in fixes} == {Applicability.SAFE}


@pytest.mark.parametrize("code", OTHER.values(), ids=OTHER)
def test_another_hub_may_be_given(code: str) -> None:
    found = analyze(Source(HEAD + code), Settings()).findings
    fixes = [one.fix for one in found if one.name == "hub-capture"]
    assert fixes
    assert all(one is None or one.applicability is not Applicability.SAFE for one in fixes)


@pytest.mark.parametrize("name", ["note", "*", "?"], ids=["it", "all", "unknown"])
def test_another_file_may_give_another_hub(name: str) -> None:
    code = HEAD + GOES["the current hub"][0]
    found = analyze(Source(code), Settings(), taken=((name, 1, "a.py"),)).findings
    fixes = [one.fix for one in found if one.name == "hub-capture"]
    assert [one and one.applicability for one in fixes] == [Applicability.UNSAFE]
