"""Uses that are easily overlooked: the rules that report something."""

from __future__ import annotations

import pytest

from sentry_migrate.engine.analyze import analyze
from sentry_migrate.engine.fix import fix
from sentry_migrate.project.config import Settings
from sentry_migrate.text.source import Source

HEAD = "import sentry_sdk\nfrom typing import Optional\nfrom sentry_sdk import Hub, Scope, push_scope\n"
PUSH, HUB_PUSH, CAPTURE = "push-scope-callback", "hub-push-scope", "hub-capture"

# what: code after the imports, the rule that has a finding in it
FOUND = {
    "a pushed scope that is kept": ("class A:\n    def f(self):\n        self.cm = Hub.current.push_scope()\n", HUB_PUSH),
    "a pushed scope that is given back": ("def f(hub: Hub):\n    return hub.push_scope()\n", HUB_PUSH),
    "a pushed scope that is passed on": ("def f(take):\n    take(Hub.current.push_scope())\n", HUB_PUSH),
    "a pushed scope in a stack": ("def f(stack):\n    stack.enter_context(Hub.current.push_scope())\n", HUB_PUSH),
    "a pushed scope in a choice": ("def f(a):\n    with Hub.current.push_scope() if a else a:\n        pass\n", HUB_PUSH),
    "arguments that may be a callback": ("def f(**more):\n    return push_scope(**more)\n", PUSH),
    "arguments of a hub's": ("def f(*more):\n    return Hub.current.push_scope(*more)\n", HUB_PUSH),
    "a function that gives a hub": ("def get() -> Hub: ...\nget().capture_message('x')\n", CAPTURE),
    "a coroutine that gives a hub": ("async def get() -> Hub: ...\nasync def f():\n    h = await get()\n    h.capture_message('x')\n", CAPTURE),
    "a method that gives a hub": ("class A:\n    def get(self) -> 'Hub': ...\n    def f(self):\n        self.get().capture_message('x')\n", CAPTURE),
    "a method under another name of self": ("class A:\n    def get(this) -> Optional[Hub]: ...\n    def f(this):\n        this.get().capture_message('x')\n", CAPTURE),
    "a function that gives a scope": ("def get() -> Scope: ...\nget().user = {}\n", "scope-user-setter"),
    "a dictionary of hubs": ("def f(hubs: dict[str, Hub]):\n    hubs['a'].capture_message('x')\n", CAPTURE),
    "its values": ("def f(hubs: dict[str, Hub]):\n    for h in hubs.values():\n        h.capture_message('x')\n", CAPTURE),
    "its items": ("def f(hubs: 'typing.Dict[str, Hub]'):\n    for k, h in hubs.items():\n        h.capture_message('x')\n", CAPTURE),
    "its values in a comprehension": ("def f(hubs: dict[str, Hub]):\n    return [h.capture_message('x') for h in hubs.values()]\n", CAPTURE),
    "looked up": ("def f(hubs: dict[str, Hub]):\n    hubs.get('a').capture_message('x')\n", CAPTURE),
    "looked up and kept": ("def f(hubs: dict[str, Optional[Hub]]):\n    h = hubs.pop('a')\n    if h:\n        h.capture_message('x')\n", CAPTURE),
    "a list of hubs": ("def f(hubs: list[Hub]):\n    hubs[0].capture_message('x')\n", CAPTURE),
    "a part of a list": ("def f(hubs: list[Hub]):\n    for h in hubs[1:]:\n        h.capture_message('x')\n", CAPTURE),
    "counted": ("def f(hubs: list[Hub]):\n    for i, h in enumerate(sorted(hubs)):\n        h.capture_message('x')\n", CAPTURE),
    "unpacked": ("def f(hubs: tuple[Hub, ...]):\n    a, b = hubs\n    b.capture_message('x')\n", CAPTURE),
    "any number of hubs": ("def f(*hubs: Hub):\n    for h in hubs:\n        h.capture_message('x')\n", CAPTURE),
    "hubs by keyword": ("def f(**hubs: Hub):\n    hubs['a'].capture_message('x')\n", CAPTURE),
    "a loop over the current hub": ("for h in [Hub.current]:\n    h.capture_message('x')\n", CAPTURE),
    "made in a comprehension": ("def f(cs):\n    for h in (Hub(c) for c in cs):\n        h.capture_message('x')\n", CAPTURE),
    "a global dictionary": ("HUBS = {'a': Hub()}\nHUBS['a'].capture_message('x')\n", CAPTURE),
    "a dictionary that is filled": ("HUBS = {}\ndef f(c):\n    HUBS['a'] = Hub(c)\ndef g():\n    HUBS['a'].capture_message('x')\n", CAPTURE),
    "a list that is filled": ("def f(c):\n    hubs = []\n    hubs.append(Hub(c))\n    hubs[0].capture_message('x')\n", CAPTURE),
    "an attribute that is filled": ("class A:\n    def __init__(self):\n        self.hubs = {}\n    def f(self, c):\n        self.hubs['a'] = Hub(c)\n    def g(self):\n        self.hubs['a'].push_scope()\n", HUB_PUSH),
    "an attribute with a type": ("class A:\n    def __init__(self):\n        self.hubs: dict[str, Hub] = make()\n    def g(self):\n        self.hubs['a'].capture_message('x')\n", CAPTURE),
    "a variable with a type": ("h: Hub = make()\nh.capture_message('x')\n", CAPTURE),
    "a function that gives hubs": ("def get() -> list[Hub]: ...\nfor h in get():\n    h.capture_message('x')\n", CAPTURE),
    "a pair": ("h, n = Hub.current, 1\nh.capture_message('x')\n", CAPTURE),
    "a parameter by comment": ("def f(hub):  # type: (Hub) -> None\n    hub.capture_message('x')\n", CAPTURE),
    "a parameter by comment below": ("def f(a, hub):\n    # type: (str, Optional[Hub]) -> None\n    hub.capture_message('x')\n", CAPTURE),
    "a method by comment": ("class A:\n    def f(self, hub):  # type: (Hub) -> None\n        hub.capture_message('x')\n", CAPTURE),
    "each parameter by comment": ("def f(\n    a,  # type: str\n    hub,  # type: Hub\n    b=1,  # type: int\n):\n    # type: (...) -> None\n    hub.capture_message('x')\n", CAPTURE),
    "the last parameter by comment": ("def f(\n    a,  # type: str\n    hub  # type: Hub\n):\n    hub.capture_message('x')\n", CAPTURE),
    "any number by comment": ("def f(*hubs):  # type: (*Hub) -> None\n    hubs[0].capture_message('x')\n", CAPTURE),
    "a variable by comment": ("h = make()  # type: Hub\nh.capture_message('x')\n", CAPTURE),
    "a quoted comment": ("h = make()  # type: 'Optional[Hub]'\nh.capture_message('x')\n", CAPTURE),
    "a comment and another": ("h = make()  # type: Hub  # noqa\nh.capture_message('x')\n", CAPTURE),
    "an attribute by comment": ("class A:\n    def __init__(self):\n        self.h = None  # type: Optional[Hub]\n    def f(self):\n        self.h.capture_message('x')\n", CAPTURE),
    "a dictionary by comment": ("hubs = make()  # type: dict[str, Hub]\nhubs['a'].capture_message('x')\n", CAPTURE),
    "a result by comment": ("def get():\n    # type: () -> Hub\n    return make()\nget().capture_message('x')\n", CAPTURE),
    "a field": ("class A:\n    hub: Hub\n    def f(self):\n        self.hub.capture_message('x')\n", CAPTURE),
    "a field that may be None": ("class A:\n    hub: Optional[Hub] = None\n    def f(self):\n        self.hub.capture_message('x')\n", CAPTURE),
    "a field that is set": ("class A:\n    hub: Hub\n    def __init__(self, hub):\n        self.hub = hub\n    def f(self):\n        self.hub.capture_message('x')\n", CAPTURE),
    "a field of hubs": ("class A:\n    hubs: dict[str, Hub] = field(default_factory=dict)\n    def f(self):\n        self.hubs['a'].capture_message('x')\n", CAPTURE),
    "an attribute whose value says more": ("class A:\n    h: Optional[Hub]\n    def __init__(self, c):\n        self.h: Optional[Hub] = None\n    def g(self):\n        self.h = Hub(None)\n    def f(self):\n        self.h.capture_message('x')\n", "hub-new-empty"),
    "a function that returns a hub": ("def get():\n    return Hub.current\nget().capture_message('x')\n", CAPTURE),
    "a function that returns one or nothing": ("def get(a):\n    if a:\n        return Hub(a)\n    return None\nh = get(1)\nh.capture_message('x')\n", CAPTURE),
    "a function that is remembered": ("@functools.lru_cache()\ndef get():\n    return Hub(Client('x'))\nget().capture_message('x')\n", CAPTURE),
    "a coroutine that returns a hub": ("async def get():\n    return Hub.current\nasync def f():\n    (await get()).capture_message('x')\n", CAPTURE),
    "a property": ("class A:\n    @property\n    def hub(self):\n        return Hub.current\n    def f(self):\n        self.hub.capture_message('x')\n", CAPTURE),
    "a property with a type": ("class A:\n    @cached_property\n    def hub(self) -> Hub: ...\n    def f(self):\n        self.hub.capture_message('x')\n", CAPTURE),
    "a property of another object": ("class A:\n    @property\n    def hub(self) -> Hub: ...\ndef f(a: A):\n    a.hub.capture_message('x')\n", CAPTURE),
    "a generator's hub": ("@contextmanager\ndef made() -> Iterator[Hub]:\n    yield g()\nwith made() as h:\n    h.capture_message('x')\n", CAPTURE),
    "a generator's hub without a type": ("@contextlib.contextmanager\ndef made():\n    with Hub(Hub.current) as hub:\n        yield hub\nwith made() as h:\n    h.capture_message('x')\n", CAPTURE),
    "a function that gives the SDK": ("def sdk():\n    import sentry_sdk\n    return sentry_sdk\nsdk().Hub.current.capture_message('x')\n", CAPTURE),
    "the SDK from a function, kept": ("def sdk():\n    return sentry_sdk\ns = sdk()\ns.Hub.current.capture_message('x')\n", CAPTURE),
    "the SDK as a default": ("def f(sdk=sentry_sdk):\n    sdk.Hub.current.capture_message('x')\n", CAPTURE),
    "the SDK as a default, kept": ("class A:\n    def __init__(self, sdk=sentry_sdk):\n        self.sdk = sdk\n    def f(self):\n        self.sdk.Hub.current.capture_message('x')\n", CAPTURE),
    "the SDK as an argument": ("def f(sdk):\n    sdk.Hub.current.capture_message('x')\nf(sentry_sdk)\n", CAPTURE),
    "the SDK as an argument of a class": ("class A:\n    def __init__(self, sdk):\n        self.sdk = sdk\n    def f(self):\n        self.sdk.Hub.current.capture_message('x')\nA(sdk=sentry_sdk)\n", CAPTURE),
    "the class of hubs as a default": ("def f(hub=Hub):\n    hub.current.capture_message('x')\n", CAPTURE),
    "a hub as a default": ("def f(hub=Hub.current):\n    hub.capture_message('x')\n", CAPTURE),
    "a hub for want of another": ("def f(hub=None):\n    hub = hub or Hub.current\n    hub.capture_message('x')\n", CAPTURE),
    "a hub where there is none": ("def f(hub=None):\n    if hub is None:\n        hub = Hub.current\n    hub.capture_message('x')\n", CAPTURE),
    "one of two hubs": ("def f(a):\n    hub = Hub.current if a else Hub(a)\n    hub.capture_message('x')\n", CAPTURE),
    "one or the other": ("def f(a):\n    hub = Hub.current\n    if a:\n        hub = Hub(a)\n    hub.capture_message('x')\n", CAPTURE),
    "an attribute of a base": ("class A:\n    def __init__(self):\n        self.hub = Hub.current\nclass B(A):\n    def f(self):\n        self.hub.capture_message('x')\n", CAPTURE),
    "an attribute of another object": ("class A:\n    def __init__(self):\n        self.hub = Hub.current\ndef f(a: Optional[A]):\n    a.hub.capture_message('x')\n", CAPTURE),
    "an attribute of an object that is made": ("class A:\n    hub: Hub\na = A()\na.hub.capture_message('x')\n", CAPTURE),
    "an attribute of an attribute": ("class A:\n    hub: Hub\nclass B:\n    def __init__(self):\n        self.a = A()\n    def f(self):\n        self.a.hub.capture_message('x')\n", CAPTURE),
    "an attribute by comment of another object": ("class A:\n    hub: Hub\ndef f(a):\n    # type: (A) -> None\n    a.hub.capture_message('x')\n", CAPTURE),
    "a method of another object": ("class A:\n    def get(self) -> Hub: ...\ndef f(a: 'A'):\n    a.get().capture_message('x')\n", CAPTURE),
    "a method of a base": ("class A:\n    def get(self):\n        return Hub.current\nclass B(A):\n    def f(self):\n        self.get().capture_message('x')\n", CAPTURE),
    "an attribute of something, set before": ("def f(request):\n    request.hub = Hub.current\n    request.hub.capture_message('x')\n", CAPTURE),
    "entered": ("def f(hubs: dict[str, Hub]):\n    with hubs['a'] as h:\n        h.capture_message('x')\n", CAPTURE),
}  # fmt: skip
# what: code in which nothing of hubs is captured or pushed
SILENT = {
    "no annotation": "def get(): ...\nget().capture_message('x')\n",
    "another annotation": "def get() -> str: ...\nget().capture_message('x')\n",
    "one of two functions": "if 1:\n    def get() -> Hub: ...\nelse:\n    def get(): ...\nget().capture_message('x')\n",
    "another object's method": "class A:\n    def get(self) -> Hub: ...\n    def f(self, other):\n        other.get().capture_message('x')\n",
    "another class's method": "class B:\n    def get(self) -> Hub: ...\nclass A:\n    def f(self):\n        self.get().capture_message('x')\n",
    "a function inside a method": "class A:\n    def get(self) -> Hub: ...\n    def f(self):\n        def get(): ...\n        get().capture_message('x')\n",
    "a class": "class get: ...\nget().capture_message('x')\n",
    "keys": "def f(hubs: dict[str, Hub]):\n    for h in hubs:\n        h.capture_message('x')\n",
    "the keys of items": "def f(hubs: dict[str, Hub]):\n    for h, _ in hubs.items():\n        h.capture_message('x')\n",
    "whole items": "def f(hubs: dict[str, Hub]):\n    for h in hubs.items():\n        h.capture_message('x')\n",
    "hubs as keys": "def f(hubs: dict[Hub, str]):\n    for h in hubs.values():\n        h.capture_message('x')\n",
    "the number of a hub": "def f(hubs: list[Hub]):\n    for h, _ in enumerate(hubs):\n        h.capture_message('x')\n",
    "the list itself": "def f(hubs: list[Hub]):\n    hubs.capture_message('x')\n",
    "the dictionary itself": "def f(**hub: Hub):\n    hub.capture_message('x')\n",
    "the arguments themselves": "def f(*hub: Hub):\n    hub.capture_message('x')\n",
    "a dictionary of lists": "def f(hubs: dict[str, list[Hub]]):\n    for h in hubs.values():\n        h.capture_message('x')\n",
    "classes of hubs": "def f(hubs: list[type[Hub]]):\n    hubs[0].capture_message('x')\n",
    "a tuple of two": "def f(hubs: tuple[str, Hub]):\n    hubs[0].capture_message('x')\n",
    "a generic of somebody": "def f(hubs: Box[Hub]):\n    for h in hubs:\n        h.capture_message('x')\n",
    "one of several": "def f(hubs: list[Hub | str]):\n    hubs[0].capture_message('x')\n",
    "other hubs": "from surepy import Hub as Other\ndef f(hubs: list[Other]):\n    hubs[0].capture_message('x')\n",
    "a list of more": "for h in [Hub.current, other]:\n    h.capture_message('x')\n",
    "filled with more": "hubs = {}\nhubs['a'] = Hub.current\nhubs['b'] = other\nhubs['a'].capture_message('x')\n",
    "never filled": "hubs = {}\nhubs['a'].capture_message('x')\n",
    "filled in another function": "def f():\n    hubs = {}\n    hubs['a'] = Hub.current\ndef g():\n    hubs = {}\n    hubs['a'].capture_message('x')\n",
    "filled in another class": "class A:\n    def f(self):\n        self.hubs = {}\n        self.hubs['a'] = Hub.current\nclass B:\n    def f(self):\n        self.hubs = {}\n        self.hubs['a'].capture_message('x')\n",
    "the other of a pair": "h, n = Hub.current, other\nn.capture_message('x')\n",
    "a part with a star": "*h, n = Hub.current, other\nh.capture_message('x')\n",
    "an index of a pair": "def f(hubs: dict[str, Hub]):\n    for pair in hubs.items():\n        pair[0].capture_message('x')\n",
    "a field of another class": "class A:\n    hub: Hub\nclass B:\n    def f(self):\n        self.hub.capture_message('x')\n",
    "a field of another type": "class A:\n    hub: str\n    def f(self):\n        self.hub.capture_message('x')\n",
    "a field of another object": "class A:\n    hub: Hub\n    def f(self, other):\n        other.hub.capture_message('x')\n",
    "a variable of a method": "class A:\n    def g(self):\n        hub: Hub\n    def f(self):\n        self.hub.capture_message('x')\n",
    "a comment that ignores": "h = make()  # type: ignore[Hub]\nh.capture_message('x')\n",
    "a comment of another type": "h = make()  # type: str\nh.capture_message('x')\n",
    "a comment that is no type": "h = make()  # Hub\nh.capture_message('x')\n",
    "a comment that is broken": "def f(hub):  # type: (Hub -> None\n    hub.capture_message('x')\n",
    "a comment for another parameter": "def f(a, hub):  # type: (Hub, str) -> None\n    hub.capture_message('x')\n",
    "a comment for too many": "def f(hub):  # type: (str, str, Hub) -> None\n    hub.capture_message('x')\n",
    "a comment for too few": "def f(a, b, hub):  # type: (Hub) -> None\n    hub.capture_message('x')\n",
    "a comment in the body": "def f(hub):\n    pass\n    # type: (Hub) -> None\n    hub.capture_message('x')\n",
    "a comment for all": "def f(hub):\n    # type: (...) -> None\n    hub.capture_message('x')\n",
    "a comment for two names": "h = g = make()  # type: Hub\nh.capture_message('x')\n",
    "a comment for a result": "def f(hub):  # type: (str) -> Hub\n    hub.capture_message('x')\n",
    "a comment of another's Hub": "from surepy import Hub as Other\nh = make()  # type: Other\nh.capture_message('x')\n",
    "a function that returns something else": "def get(a):\n    if a:\n        return Hub.current\n    return a\nget(1).capture_message('x')\n",
    "a function that nobody knows when decorated": "@other\ndef get():\n    return Hub.current\nget().capture_message('x')\n",
    "a generator": "def get():\n    yield Hub.current\nget().capture_message('x')\n",
    "a generator that returns": "def get():\n    yield 1\n    return Hub.current\nget().capture_message('x')\n",
    "a generator that is no context manager": "def get():\n    yield Hub.current\nwith get() as h:\n    h.capture_message('x')\n",
    "a function inside a function": "def get():\n    def inner():\n        return Hub.current\nget().capture_message('x')\n",
    "a lambda inside a function": "def get():\n    return lambda: Hub.current\nget().capture_message('x')\n",
    "another annotation than what is returned": "def get() -> str:\n    return Hub.current\nget().capture_message('x')\n",
    "a method that is no property": "class A:\n    def hub(self):\n        return Hub.current\n    def f(self):\n        self.hub.capture_message('x')\n",
    "a property of another class": "class A:\n    @property\n    def hub(self):\n        return Hub.current\nclass B:\n    def f(self):\n        self.hub.capture_message('x')\n",
    "a parameter without a default": "def f(sdk):\n    sdk.Hub.current.capture_message('x')\n",
    "another argument once": "def f(sdk):\n    sdk.Hub.current.capture_message('x')\nf(sentry_sdk)\nf(other)\n",
    "a function that is passed on too": "def f(sdk):\n    sdk.Hub.current.capture_message('x')\nf(sentry_sdk)\ntake(f)\n",
    "the other argument": "def f(sdk, a):\n    a.Hub.current.capture_message('x')\nf(sentry_sdk, 1)\n",
    "nothing for want of another": "def f(hub=None):\n    hub = hub or other\n    hub.capture_message('x')\n",
    "both of two": "def f(hub):\n    hub = hub and Hub.current.client\n    hub.capture_message('x')\n",
    "another default": "def f(hub=1):\n    if hub is 1:\n        hub = Hub.current\n    hub.capture_message('x')\n",
    "an attribute of a class that is no base": "class A:\n    hub: Hub\nclass B:\n    def f(self):\n        self.hub.capture_message('x')\n",
    "a base's attribute that is hidden": "class A:\n    hub: Hub\nclass B(A):\n    hub = other\n    def f(self):\n        self.hub.capture_message('x')\n",
    "a base's attribute that is set": "class A:\n    hub: Hub\nclass B(A):\n    def __init__(self):\n        self.hub = other\n    def f(self):\n        self.hub.capture_message('x')\n",
    "an attribute that is set from outside": "class A:\n    def __init__(self):\n        self.hub = Hub.current\ndef f(a: A):\n    a.hub = other\n    a.hub.capture_message('x')\n",
    "an attribute of one of two": "class A:\n    hub: Hub\nclass B: ...\ndef f(a: A | B):\n    a.hub.capture_message('x')\n",
    "an attribute of classes": "class A:\n    hub: Hub\ndef f(a: list[A]):\n    a.hub.capture_message('x')\n",
    "an attribute of one of two classes of that name": "if 1:\n    class A:\n        hub: Hub\nelse:\n    class A: ...\ndef f(a: A):\n    a.hub.capture_message('x')\n",
    "the first parameter of a static method": "class A:\n    hub: Hub\n    @staticmethod\n    def f(a):\n        a.hub.capture_message('x')\n",
    "an attribute of something else, set before": "def f(request, other):\n    request.hub = Hub.current\n    other.hub.capture_message('x')\n",
    "an attribute that another function sets": "def f(request):\n    request.hub = Hub.current\ndef g(request):\n    request.hub.capture_message('x')\n",
    "an attribute that is set twice": "def f(request):\n    request.hub = Hub.current\n    request.hub = other\n    request.hub.capture_message('x')\n",
    "an attribute of two things of one name": "def f(request):\n    request.hub = Hub.current\n    request = other\n    request.hub.capture_message('x')\n",
    "a broken annotation": "def f(hubs: 'dict[str, Hub'):\n    hubs['a'].capture_message('x')\n",
}  # fmt: skip


def found(code: str) -> set[str]:
    return {one.name for one in analyze(Source(HEAD + code), Settings()).findings}


@pytest.mark.parametrize(("code", "rule"), FOUND.values(), ids=FOUND)
def test_it_is_found(code: str, rule: str) -> None:
    assert rule in found(code)


@pytest.mark.parametrize("code", SILENT.values(), ids=SILENT)
def test_it_is_something_else(code: str) -> None:
    assert not found(code) & {CAPTURE, HUB_PUSH, PUSH}


@pytest.mark.parametrize(
    "code",
    [code for code, _ in FOUND.values() if "hubs" in code.lower()],
)
def test_hubs_that_are_kept_among_others_are_left_to_a_person(code: str) -> None:
    """Which of them is meant, and with which client, nobody can tell."""
    outcome = fix(Source(HEAD + code), Settings(), unsafe=True)
    assert "hubs" in outcome.text.lower()
    remedies = [one.remedy for one in outcome.remaining.findings if one.name in (CAPTURE, HUB_PUSH)]
    assert remedies
    assert all("keep a `Scope` for each" in remedy for remedy in remedies)
