"""Whatever keeps a hub, and however it is used: the result is code, and has nothing left to fix."""

from __future__ import annotations

import ast
import re
import textwrap

import pytest

from sentry_migrate.engine.fix import fix
from sentry_migrate.model import FixOutcome
from sentry_migrate.project.config import Settings
from sentry_migrate.text.source import Source

HEAD = "import threading\nimport sentry_sdk\nfrom sentry_sdk import Client, Hub, Scope\n"
MADE = {
    "with a client": "Hub(Client('https://a@example.com/1'))",
    "with a client and a scope": "Hub(Client(), Scope())",
    "cloned": "Hub(Hub.current)",
    "empty": "Hub()",
}
# what keeps the hub {made}, and has lines that use `h`, or `self.h`
KEPT = {
    "a variable": "def run():\n    h = {made}\n{uses}",
    "a variable of the module": "h = {made}\ndef run(x=1):\n{uses}",
    "a variable with an annotation": "def run():\n    h: Hub = {made}\n{uses}",
    "a variable in an expression": "def run():\n    if (h := {made}):\n        pass\n{uses}",
    "a variable on some paths": "def run(a):\n    h = None\n    if a: h = {made}\n{uses}",
    "a variable that is deleted": "def run():\n    h = {made}\n{uses}\n    del h",
    "one of two variables": "def run():\n    h, x = {made}, 1\n{uses}",
    "a line with another statement": "def run():\n    h = {made}; x = 1\n{uses}",
    "a global variable": "def run():\n    global h\n    h = {made}\n{uses}",
    "an attribute": "class A:\n    def __init__(self):\n        self.h = {made}\n    def f(self):\n{of_self}",
    "an attribute of the class": "class A:\n    h = {made}\n    def f(self):\n{of_self}",
    "another variable": "def run():\n    k = {made}\n    h = k\n{uses}",
    "another variable with an annotation": "def run():\n    k = {made}\n    h: Hub = k\n{uses}",
    "two other variables": "def run():\n    k = {made}\n    h = j = k\n{uses}",
    "a variable in place of an attribute": (
        "class A:\n    def __init__(self):\n        self.k = {made}\n    def f(self):\n"
        "        h = self.k\n    {uses}"
    ),
    "an attribute in place of a variable": (
        "class A:\n    def __init__(self):\n        k = {made}\n        self.h = k\n"
        "    def f(self):\n{of_self}"
    ),
    "a parameter": "def run():\n    h = {made}\n    work(h)\ndef work(h):\n{uses}",
    "a thread's parameter": (
        "def run():\n    h = {made}\n    threading.Thread(target=work, args=(h,)).start()\n"
        "def work(h: Hub):\n{uses}"
    ),
}
USES = (
    "with h:\n    pass",
    "with h as k:\n    k.capture_message('x')",
    "with h, open('x') as f:\n    pass",
    "with (h):\n    pass",
    "with (\n    h,\n    open('x') as f,\n):\n    pass",
    "with h:\n    yield",
    "with Hub(h):\n    pass",
    "async def g():\n    async with h:\n        pass",
    "k = Hub(h)\nwith k:\n    pass",
    "h.capture_message('x')",
    "h.capture_message('x')  # note",
    "x = h.capture_message('x')",
    "return h.capture_message('x')",
    "h.capture_message('x'); y = 1",
    "h.capture_message('''a\n  b''',\n   level='info')",
    "# before\nh.capture_message(\n    # in\n    'x')",
    "(h).capture_message('x')",
    "(h.capture_message)('x')",
    "if h.capture_message('x'):\n    pass",
    "lambda: h.capture_message('x')",
    "def inner(): h.capture_message('x')",
    "h.add_breadcrumb(message='x')",
    "h.scope.set_tag('a', 'b')",
    "h.scope.user = {}",
    "h.scope.span",
    "h.client.flush()",
    "h.flush()",
    "h.bind_client(None)",
    "with h.configure_scope() as scope:\n    scope.set_tag('a', 'b')",
    "with h.configure_scope() as scope:\n    take(scope)",
    "with h.push_scope() as scope:\n    scope.set_tag('a', 'b')",
    "h.last_event_id()",
    "h.start_span(op='x')",
    "h.run(take)",
    "take(h)",
    "take(hub=h)",
    "take(*h)",
    "print(h is None)",
    "h = None",
    "def inner():\n    scope = isolation_scope = current_scope = 1\n    h.capture_message('x')",
)


def texts(made: str, kept: str) -> list[str]:
    found = []
    for use in USES:
        uses = textwrap.indent(use, "    ")
        of_self = textwrap.indent(re.sub(r"\bh\b", "self.h", use), "        ")
        body = kept.format(made=made, uses=uses, of_self=of_self)
        text = HEAD + re.sub(r"\bh\b", "my_hub", body) + "\n"
        try:
            ast.parse(text)
        except SyntaxError:
            continue
        found.append(text)
    assert len(found) > len(USES) // 2
    return found


def fixed(text: str, unsafe: bool) -> FixOutcome:
    outcome = fix(Source(text), Settings(), unsafe=unsafe)
    assert not any(finding.failed for finding in outcome.remaining.findings), text
    return outcome


@pytest.mark.slow
@pytest.mark.parametrize("unsafe", [False, True], ids=["safe", "all"])
@pytest.mark.parametrize("kept", KEPT.values(), ids=KEPT)
@pytest.mark.parametrize("made", MADE.values(), ids=MADE)
def test_the_result_is_code(made: str, kept: str, unsafe: bool) -> None:
    changed = 0
    for text in texts(made, kept):
        after = fixed(text, unsafe).text
        ast.parse(after)
        assert fixed(after, unsafe).text == after, text
        for name in set(re.findall(r"\bmy_\w+", after)) - {"my_hub"}:
            assert re.search(rf"\b{name}\b(:.*)? = |\({name} := |\bdef .*\b{name}\b", after), after
        changed += after != text
    given_a_scope = ", Scope()" in made
    assert changed or kept == KEPT["one of two variables"] or given_a_scope


# What the block of a hub with its own client does, in a module that can start threads: the code,
# and whether it starts one
THREADS = {
    "a thread": ("threading.Thread(target=f).start()", True),
    "a thread that is kept": ("t = threading.Thread(target=f)\n        t.start()", True),
    "a thread from elsewhere": ("t.start()", True),
    "a pool": ("pool.submit(f)", True),
    "a function": ("begin()", True),
    "a thread that is not started": ("t = threading.Thread(target=f)", False),
    "a lock": ("threading.Lock().acquire()", False),
    "an event": ("sentry_sdk.capture_message('x')", False),
    "a span": ("sentry_sdk.start_span(op='x')", False),
    "a function that starts none": ("stop()", False),
}


@pytest.mark.parametrize(("block", "starts"), THREADS.values(), ids=THREADS)
def test_a_thread_of_the_block(block: str, starts: bool) -> None:
    text = f"""{HEAD}client = Client()
def begin(): threading.Thread(target=print).start()
def stop(): pass
def run(t, pool, f):
    with Hub(client):
        {block}
"""
    assert ("with Hub(client)" in fixed(text, unsafe=False).text) is starts
    assert "with Hub(client)" not in fixed(text, unsafe=True).text


def test_a_module_without_threads_starts_none() -> None:
    text = "from sentry_sdk import Client, Hub\ndef run(t):\n    with Hub(Client()):\n        t.start()\n"
    assert "with Hub(" not in fixed(text, unsafe=False).text


# What else the text has, in the class or below → what is assigned instead of `self.hub`
MEMBERS: dict[str, tuple[str, str]] = {
    "nothing": ("", "self.scope"),
    "a method": ("    def scope(self): ...\n", "self.hub"),
    "a property of another class": (
        "class B:\n    @property\n    def scope(self): ...\n", "self.hub",
    ),
    "an attribute of the class": ("    scope = None\n", "self.hub"),
    "the attribute of another": ("def f(x):\n    x.scope = 1\n", "self.hub"),
    "a variable": ("def f():\n    scope = 1\n", "self.scope"),
    "its name": ("    def g(self):\n        return getattr(self, 'hub', None)\n", "self.hub"),
    "another name": ("    def g(self):\n        return getattr(self, 'hubs', None)\n", "self.scope"),
    "its name in a text": ("    def g(self):\n        return 'the hub'\n", "self.scope"),
    "slots": ("    __slots__ = ('hub',)\n", "self.scope"),
    "a list of slots": ("    __slots__ = ['a', 'hub']\n", "self.scope"),
    "slots with a taken name": ("    __slots__ = ('hub',)\n    def scope(self): ...\n", "self.hub"),
    "slots of a base": ("    __slots__ = ('a',)\n", ""),
    "slots that are made": ("    __slots__ = ('hub',) + a\n", ""),
    "slots by a text": ("    __slots__ = 'hub'\n", ""),
    "slots that grow": ("    __slots__ = ('hub',)\n    __slots__ += ('a',)\n", ""),
    "slots of another class": ("class B:\n    __slots__ = ('hub',)\n", "self.hub"),
    "other slots of another class": ("class B:\n    __slots__ = ('a',)\n", "self.scope"),
    "slots, and its name": (
        "    __slots__ = ('hub',)\n    def g(self):\n        return getattr(self, 'hub')\n", "self.hub",
    ),
    "the name of the other scope": ("    def current_scope(self): ...\n", ""),
}  # fmt: skip


@pytest.mark.parametrize(("members", "assigned"), MEMBERS.values(), ids=MEMBERS)
def test_a_name_that_means_something_is_not_taken(members: str, assigned: str) -> None:
    text = (
        HEAD
        + "class A:\n    def __init__(self):\n        self.hub = Hub(Client())\n"
        + "    def f(self):\n        with self.hub:\n            pass\n"
        + members
    )
    done = fix(Source(text), Settings(), unsafe=True).text
    wanted = f"{assigned} = Scope(" if assigned else "self.hub = Hub("
    assert wanted in done


# The class that has a hub, code of a method, and the rest; whether the hub becomes scopes
OF_CLASS: dict[str, tuple[str, str, str, bool]] = {
    "read by an instance": ("class A:\n    hub = Hub(Client())\n", "with self.hub: pass", "", True),
    "read by the class": ("class A:\n    hub = Hub(Client())\n", "A.hub.capture_message('x')", "", True),
    "read in its body": (
        "class A:\n    hub = Hub(Client())\n    hub.scope.set_tag('a', 'b')\n",
        "with self.hub: pass",
        "",
        True,
    ),
    "a clone": ("class A:\n    hub = Hub(Hub.current)\n", "with self.hub: pass", "", True),
    "given again": ("class A:\n    hub = Hub(Client())\n    hub = None\n", "with self.hub: pass", "", False),
    "given by a method": ("class A:\n    hub = Hub(Client())\n", "self.hub = x", "", False),
    "given by others": ("class A:\n    hub = Hub(Client())\n", "self.hub.flush()", "A.hub = x\n", False),
    "of a base too": (
        "class B:\n    hub = None\nclass A(B):\n    hub = Hub(Client())\n",
        "with self.hub: pass",
        "",
        False,
    ),
    "a field": ("@a\nclass A:\n    hub = Hub(Client())\n", "with self.hub: pass", "", False),
    "with a type": ("class A:\n    hub: Hub = Hub(Client())\n", "with self.hub: pass", "", False),
    "passed on": ("class A:\n    hub = Hub(Client())\n", "f(self.hub)", "", False),
    "of another object": ("class A:\n    hub = Hub(Client())\n", "pass", "def g(x):\n    x.hub.flush()\n", False),
    "in slots": ("class A:\n    __slots__ = ()\n    hub = Hub(Client())\n", "with self.hub: pass", "", False),
}  # fmt: skip


@pytest.mark.parametrize(("head", "use", "rest", "goes"), OF_CLASS.values(), ids=OF_CLASS)
def test_a_hub_that_a_class_has(head: str, use: str, rest: str, goes: bool) -> None:
    text = f"{HEAD}{head}    def f(self, x):\n        {use}\n{rest}"
    done = fix(Source(text), Settings(), unsafe=True).text
    assert ("hub = Hub(" not in done and "hub: Hub" not in done) is goes


# A statement in the block of `with h:` → how often the scopes are activated, the block included
INSIDE: dict[str, tuple[str, int]] = {
    "sends": ("        h.capture_message('x')\n", 1),
    "sends twice": ("        h.capture_message('x')\n        h.capture_exception()\n", 1),
    "in a condition": ("        if f:\n            h.capture_message('x')\n", 1),
    "in another block": (
        "        with open('x'):\n            h.capture_message('x')\n",
        1,
    ),
    "in one line": ("        if f: h.capture_message('x')\n", 1),
    "beside another statement": ("        g = 1; h.capture_message('x')\n", 1),
    "in its own header": ("        with open(h.capture_message('x')): pass\n", 1),
    "in a function": ("        def g():\n            h.capture_message('x')\n", 2),
    "behind the block": ("        pass\n    h.capture_message('x')\n", 2),
}


@pytest.mark.parametrize(("lines", "pairs"), INSIDE.values(), ids=INSIDE)
def test_scopes_that_are_active_are_not_activated_again(lines: str, pairs: int) -> None:
    text = f"{HEAD}def run(f):\n    h = Hub(Client())\n    with h:\n{lines}"
    done = fix(Source(text), Settings(), unsafe=True).text
    assert done.count("use_isolation_scope(") == pairs
    assert "h.capture" not in done


# Code below `h = Hub(Hub.current)`, and whether `h.client` in it is of the active hub
ENTERED: dict[str, tuple[str, bool]] = {
    "in the block": ("with h:\n    h.client.options\n", True),
    "in an error's handler": (
        "with h:\n    try: f()\n    except E: h.client.options\n",
        True,
    ),
    "beside another manager": ("with f(), h, open(h.client.options): pass\n", True),
    "in a span": ("with h:\n    with h.start_span(op='x'): h.client.options\n", True),
    "in a function": ("with h:\n    def g(): h.client.options\n", False),
    "in a lambda": ("with h:\n    f(lambda: h.client.options)\n", False),
    "before the block": ("h.client.options\nwith h: pass\n", False),
    "behind the block": ("with h: pass\nh.client.options\n", False),
    "before it in its line": ("with open(h.client.options), h: pass\n", False),
    "in another clone": ("with h:\n    with Hub(h): h.client.options\n", False),
    "in the block of another": (
        "k = Hub(Hub.current)\nwith h:\n    with k: h.client.options\n",
        False,
    ),
    "in that of the next": ("k = Hub(Hub.current)\nwith h, k: h.client.options\n", False),
    "in an isolation scope": (
        "with h:\n    with sentry_sdk.isolation_scope(): h.client.options\n",
        False,
    ),
    "entered by a call": ("with h:\n    Hub(h).__enter__()\n    h.client.options\n", False),
    "in a manager that enters one": ("with h:\n    with enters(): h.client.options\n", False),
    "another by then": (
        "with h:\n    h = Hub(Hub.current)\n    h.client.options\n",
        False,
    ),
    "one of two": (
        "if f: h = Hub(Hub.current)\nwith h:\n    h.client.options\n",
        False,
    ),
}


@pytest.mark.parametrize(("lines", "active"), ENTERED.values(), ids=ENTERED)
def test_a_clone_that_is_active_in_its_block(lines: str, active: bool) -> None:
    text = (
        "import sentry_sdk\nfrom contextlib import contextmanager\nfrom sentry_sdk import Hub\n"
        "@contextmanager\ndef enters():\n    with Hub(Hub.current): yield\n"
        "def run(f):\n    h = Hub(Hub.current)\n" + textwrap.indent(lines, "    ")
    )
    done = fixed(text, unsafe=False).text
    assert ("h.client" not in done) is active
    assert ("get_client().options" in done) is active


# What a class has beside `with self.hub:`, and whether its members in the block are plain then
OF_SELF: dict[str, tuple[str, bool]] = {
    "its own": ("self.hub.client.options", True),
    "that of another": ("other.hub.client.options", False),
    "in a function": ("return lambda: self.hub.client.options", False),
}


@pytest.mark.parametrize(("line", "active"), OF_SELF.values(), ids=OF_SELF)
def test_a_clone_of_an_object_that_is_active_in_its_block(line: str, active: bool) -> None:
    text = (
        "from sentry_sdk import Hub\nclass A:\n"
        "    def __init__(self):\n        self.hub = Hub(Hub.current)\n"
        f"    def f(self, other: 'A'):\n        with self.hub:\n            {line}\n"
    )
    assert ("get_client().options" in fixed(text, unsafe=False).text) is active


# How a function is called that takes an untyped `hub`, and whether it goes
HELPED: dict[str, tuple[str, bool]] = {
    "in the block": ("with hub: help(hub)", True),
    "twice": ("with hub: help(hub); help(hub)", True),
    "behind it": ("with hub: pass\n    help(hub)", False),
    "in it and behind it": ("with hub: help(hub)\n    help(hub)", False),
    "in that of another": ("with hub, Hub(hub): help(hub)", False),
    "later": ("with hub: f(lambda: help(hub))", False),
    "by another name": ("with hub: f(help, hub)", False),
}


@pytest.mark.parametrize(("lines", "goes"), HELPED.values(), ids=HELPED)
def test_a_helper_that_is_given_the_active_clone(lines: str, goes: bool) -> None:
    text = (
        "from sentry_sdk import Hub\n"
        "def help(hub): hub.client.options; hub.capture_message('x')\n"
        f"def run(f):\n    hub = Hub(Hub.current)\n    {lines}\n"
    )
    assert ("Hub(" not in fixed(text, unsafe=False).text) is goes


# What is above `def make():` with `return Hub(Client())`, what else the text has, and what becomes
# of the hub: a scope with a current scope for each call, one for all calls, or nothing
MAKERS: dict[str, tuple[str, str, str]] = {
    "kept": ("", "HUB = make()\ndef f():\n    with HUB: pass\n", "each"),
    "kept by objects": (
        "",
        "class A:\n    def __init__(self):\n        self.hub = make()\n"
        "    def f(self):\n        with self.hub: pass\n",
        "each",
    ),
    "entered": ("", "def f():\n    with make() as hub: hub.capture_message('x')\n", "each"),
    "cached": ("@lru_cache\n", "def f():\n    with make(): pass\n", "all"),
    "cached by a call": ("@lru_cache(maxsize=None)\n", "def f():\n    with make(): pass\n", "all"),
    "cached and kept": ("@functools.cache\n", "def f():\n    hub = make()\n    with hub: pass\n", "all"),
    "cached and called": ("@lru_cache(1)\n", "def f():\n    make().add_breadcrumb()\n", "each"),
    "not cached at all": ("@lru_cache(maxsize=0)\n", "def f():\n    with make(): pass\n", ""),
    "cached as often as said": ("@lru_cache(SIZE)\n", "def f():\n    with make(): pass\n", ""),
    "cached by somebody": ("@cached\n", "def f():\n    with make(): pass\n", ""),
    "cached and decorated": ("@a\n@lru_cache\n", "def f():\n    with make(): pass\n", ""),
    "cached and emptied": (
        "@lru_cache\n",
        "def f():\n    with make(): pass\n    make.cache_clear()\n",
        "",
    ),
    "passed on": ("", "def f(a):\n    a(make)\n", ""),
    "its hub is passed on": ("", "def f(a):\n    a(make())\n", ""),
    "its hub is entered by a name with other uses": (
        "",
        "def f(a):\n    with make() as hub: a(hub)\n",
        "",
    ),
    "reached by name": ("", "def f():\n    with globals()['make'](): pass\n", ""),
    "another is returned": ("", "def f(another):\n    with make(): pass\n", ""),
}  # fmt: skip


@pytest.mark.parametrize(("above", "rest", "becomes"), MAKERS.values(), ids=MAKERS)
def test_a_function_that_makes_a_hub(above: str, rest: str, becomes: str) -> None:
    other = "    if rest: return other\n" if "another" in rest else ""
    text = (
        f"import functools\nfrom functools import lru_cache\n{HEAD}"
        f"{above}def make():\n{other}    return Hub(Client())\n{rest}"
    )
    done = fixed(text, unsafe=True).text
    assert ("Hub(" not in done) is bool(becomes)
    assert ("\n\n\ncurrent_scope = Scope()" in done) is (becomes == "all")


# What a hub is given beside its client, and whether it becomes a scope
BESIDE = {
    "Scope()": True,
    "scope=Scope()": True,
    "Scope(None)": False,
    "scope": False,
    "scope=scope": False,
    "Hub.current.scope": False,
    "make()": False,
}


@pytest.mark.parametrize(("given", "goes"), BESIDE.items(), ids=BESIDE)
def test_a_hub_that_is_given_a_scope(given: str, goes: bool) -> None:
    text = f"{HEAD}hub = Hub(Client(), {given})\ndef f():\n    with hub:\n        pass\n"
    assert ("Hub(" not in fixed(text, unsafe=True).text) is goes


# Where a hub is from that `h = Hub(hub)` in a function clones, and whether safe fixes replace that
# with forks of what is active there
CLONED = {
    "the active one": ("def f():\n    hub = Hub.current\n", True),
    "a clone of it": ("def f():\n    hub = Hub(Hub.current)\n", True),
    "one that is given": ("def f(hub: Hub):\n", False),
    "one that may be given": ("def f(hub=Hub.current):\n", False),
    "one with a client": ("def f(a):\n    hub = Hub(a)\n", False),
    "none": ("def f():\n    hub = Hub()\n", False),
    "one of several": ("def f(hubs: 'list[Hub]'):\n    hub = hubs[0]\n", False),
    "the one of before": ("hub = Hub.current\ndef f():\n", False),
}


@pytest.mark.parametrize(("head", "goes"), CLONED.values(), ids=CLONED)
def test_only_the_active_hub_is_cloned_by_forks_of_the_active_scopes(head: str, goes: bool) -> None:
    text = f"{HEAD}{head}    h = Hub(hub)\n    h.scope.set_tag('a', 'b')\n    with h: pass\n"
    assert ("get_isolation_scope().fork()" in fixed(text, unsafe=False).text) is goes


# What a function has between `hub = …` and `return hub`, or instead of that, the rest of the text,
# and whether no hub is left
RETURNED = {
    "at once": ("", "def f():\n    with make(): pass\n", True),
    "with a tag": ("hub.scope.set_tag('a', 'b')", "def f():\n    with make(): pass\n", True),
    "and named": ("", "def f():\n    with make() as hub: hub.capture_message('x')\n", True),
    "and kept": ("", "def f():\n    hub = make()\n    hub.scope.set_tag('a', 'b')\n    with hub: pass\n", True),
    "and kept by objects": (
        "",
        "class A:\n    def __init__(self):\n        self.hub = make()\n"
        "    def f(self):\n        with self.hub: pass\n",
        True,
    ),
    "or not": ("if a: return None", "def f():\n    with make(): pass\n", True),
    "or another": ("if a: return other", "def f():\n    with make(): pass\n", False),
    "and passed on": ("", "def f(a):\n    a(make())\n", False),
    "and passed on itself": ("", "def f(a):\n    a(make)\n", False),
    "and passed on before": ("a(hub)", "def f():\n    with make(): pass\n", False),
    "and cloned": ("", "def f():\n    with Hub(make()): pass\n", True),
    "and active before": ("with hub: pass", "def f():\n    with make(): pass\n", False),
    "by a generator": ("yield", "def f():\n    with make(): pass\n", False),
    "and reached by name": ("", "def f():\n    with globals()['make'](): pass\n", False),
    "and decorated": ("", "@make\ndef f(): pass\n", False),
    "and cloned from a variable": ("hub = Hub(hub)", "def f():\n    with make(): pass\n", False),
}  # fmt: skip


@pytest.mark.parametrize("made", ["Hub(Client())", "Hub(Hub.current)"], ids=["own", "cloned"])
@pytest.mark.parametrize(("between", "rest", "goes"), RETURNED.values(), ids=RETURNED)
def test_a_hub_that_is_made_and_returned(made: str, between: str, rest: str, goes: bool) -> None:
    text = f"{HEAD}a = 1\ndef make():\n    hub = {made}\n    {between}\n    return hub\n{rest}"
    done = fixed(text, unsafe=True).text
    assert ("Hub(" not in done) is goes
    assert ast.parse(done)


# What a function does that makes and returns a clone, where the current scope is another one then
CHANGED = {
    "nothing": ("hub = Hub(Hub.current)", True),
    "a span around it": ("with sentry_sdk.start_span(op='x'): hub = Hub(Hub.current)", False),
    "a manager around it": ("with open(x): hub = Hub(Hub.current)", False),
    "a transaction": ("hub = Hub(Hub.current); sentry_sdk.start_transaction()", False),
    "a span of the active hub": ("hub = Hub(Hub.current); Hub.current.start_span()", False),
    "a cache": ("hub = Hub(Hub.current)", False),
}


@pytest.mark.parametrize("what", CHANGED)
def test_the_current_scope_is_forked_where_the_clone_was(what: str) -> None:
    line, goes = CHANGED[what]
    above = "from functools import cache\n@cache\n" if what == "a cache" else ""
    text = (
        f"{HEAD}{above}def make():\n    {line}\n    return hub\ndef f():\n    with make(): pass\n"
    )
    assert ("Hub(Hub.current)" not in fixed(text, unsafe=True).text) is goes


# What has the scope that a hub is given, what else is done, and whether it takes the hub's place
GIVEN_SCOPE = {
    "new": ("scope = Scope()", "hub = Hub(Client(), scope)", True),
    "new, by its name": ("scope = Scope()", "hub = Hub(Client(), scope=scope)", True),
    "with a tag": ("scope = Scope(); scope.set_tag('a', 1)", "hub = Hub(Client(), scope)", True),
    "with a tag later": ("scope = Scope()", "hub = Hub(Client(), scope); scope.set_tag('a', 1)", False),
    "with a tag below": ("scope = Scope()", "hub = Hub(Client(), scope)\n    scope.set_tag('a', 1)", True),
    "of two hubs": ("scope = Scope()", "a = Hub(Client(), scope)\n    hub = Hub(Client(), scope)", False),
    "passed on": ("scope = Scope(); f(scope)", "hub = Hub(Client(), scope)", False),
    "with a span": ("scope = Scope(); scope.span = f", "hub = Hub(Client(), scope)", False),
    "with a transaction": ("scope = Scope(); scope.transaction = f", "hub = Hub(Client(), scope)", False),
    "that is cleared": ("scope = Scope(); scope.clear()", "hub = Hub(Client(), scope)", False),
    "with something": ("scope = Scope(f)", "hub = Hub(Client(), scope)", False),
    "of the caller": ("pass", "hub = Hub(Client(), f)", False),
    "of the active hub": ("scope = Hub.current.scope", "hub = Hub(Client(), scope)", False),
    "assigned twice": ("scope = Scope()\n    if f: scope = f", "hub = Hub(Client(), scope)", False),
    "for many hubs": ("scope = Scope()", "while f: hub = Hub(Client(), scope)", False),
    "in a condition": ("scope = Scope()", "if f: hub = Hub(Client(), scope)", False),
    "in a block": ("scope = Scope()", "if f:\n        hub = Hub(Client(), scope)", True),
    "of a function inside": ("scope = Scope()", "def g(): hub = Hub(Client(), scope)", False),
}  # fmt: skip


@pytest.mark.parametrize(("scope", "made", "goes"), GIVEN_SCOPE.values(), ids=GIVEN_SCOPE)
def test_a_scope_that_takes_the_place_of_its_hub(scope: str, made: str, goes: bool) -> None:
    text = f"{HEAD}def run(f):\n    {scope}\n    {made}\n    with hub: pass\n"
    done = fixed(text, unsafe=True).text
    assert ("Hub(Client()" not in done) is goes
    assert done.count("scope.set_client(Client())") == goes
    assert ast.parse(done)


# What a class does with `self.hub` by hand, and whether a stack enters its scopes then
BY_HAND = {
    "entered and left": ("self.hub.__enter__()", "self.hub.__exit__(None, None, None)", True),
    "left by others": ("self.hub.__enter__()", "f(self.hub.__exit__, None, None, None)", True),
    "left in a statement": ("self.hub.__enter__()", "return self.hub.__exit__(*f)", True),
    "used between": ("self.hub.__enter__()", "self.hub.scope.set_tag('a', 1); self.hub.__exit__(*f)", True),
    "left above": ("f(self.hub.__exit__); self.hub.__enter__()", "self.hub.__exit__(*f)", False),
    "entered twice": ("self.hub.__enter__()", "self.hub.__enter__(); self.hub.__exit__(*f)", False),
    "never left": ("self.hub.__enter__()", "pass", False),
    "never entered": ("pass", "self.hub.__exit__(*f)", False),
    "entered by others": ("f(self.hub.__enter__)", "self.hub.__exit__(*f)", False),
    "entered with a name": ("h = self.hub.__enter__()", "self.hub.__exit__(*f)", False),
    "entered in a line": ("f(); self.hub.__enter__()", "self.hub.__exit__(*f)", False),
    "entered by a stack": ("f.enter_context(self.hub)", "pass", True),
    "entered by a stack, with a name": ("h = f.enter_context(self.hub)", "pass", False),
    "entered by a stack, in a line": ("f.a(); f.enter_context(self.hub)", "pass", False),
    "given to a stack": ("f.push(self.hub)", "pass", False),
    "another name is taken": ("self.hub.__enter__()", "self.scopes = 1; self.hub.__exit__(*f)", False),
}  # fmt: skip


@pytest.mark.parametrize("made", ["Hub(Client())", "Hub(Hub.current)"], ids=["own", "cloned"])
@pytest.mark.parametrize(("enter", "leave", "goes"), BY_HAND.values(), ids=BY_HAND)
def test_a_hub_that_is_entered_by_hand(made: str, enter: str, leave: str, goes: bool) -> None:
    text = (
        f"{HEAD}class A:\n    def begin(self, f):\n        self.hub = {made}\n        {enter}\n"
        f"    def end(self, f):\n        {leave}\n"
    )
    done = fixed(text, unsafe=True).text
    assert ("hub" not in done.replace("import", "")) is goes
    assert (
        done.count("enter_context(use_isolation_scope(")
        + done.count("enter_context(\n            sentry_sdk.scope.use_isolation_scope(")
        + done.count("enter_context(sentry_sdk.scope.use_isolation_scope(")
        == goes
    )
    assert ast.parse(done)


@pytest.mark.parametrize("below", ["contextlib = 1\n", "from os import *\n"])
def test_a_stack_needs_its_module(below: str) -> None:
    text = (
        f"{HEAD}{below}def f():\n    hub = Hub(Hub.current)\n    hub.__enter__()\n"
        "    hub.__exit__(None, None, None)\n"
    )
    assert "hub.__enter__()" in fixed(text, unsafe=True).text


@pytest.mark.parametrize("made", ["Hub(Client())", "Hub(Hub.current)"], ids=["own", "cloned"])
def test_a_variable_is_entered_and_left_in_one_function(made: str) -> None:
    uses = "    hub.__enter__()\n    {}hub.__exit__(None, None, None)\n"
    text = f"{HEAD}def f():\n    hub = {made}\n{uses}"
    assert "Hub(" not in fixed(text.format(""), unsafe=True).text
    assert "Hub(" in fixed(text.format("return lambda: "), unsafe=True).text
    text = f"{HEAD}hub = {made}\ndef f():\n{uses}"
    assert "hub.__exit__" not in fixed(text.format(""), unsafe=True).text
    assert "hub.__exit__" in fixed(text.format("pass\ndef g():\n    "), unsafe=True).text


def test_a_hub_that_is_made_each_time_is_made_once_for_a_use() -> None:
    text = (
        f"{HEAD}def make():\n    return Hub(Client())\ndef f():\n    make().capture_message('x')\n"
    )
    assert fixed(text, unsafe=True).text.count("make()") == 2
    kept = text.replace("    make()", "    hub = make()\n    hub")
    assert fixed(kept, unsafe=True).text.count("make()") == 2


def test_what_takes_a_hub_and_gives_another_is_no_clone() -> None:
    text = (
        f"{HEAD}OWN = Hub(Client())\ndef other(hub): return OWN\n"
        "def f():\n    hub = Hub(Hub.current)\n    with other(hub): pass\n"
    )
    assert "isolation_scope.fork()" not in fixed(text, unsafe=True).text
