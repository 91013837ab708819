"""Hubs that are given to code which runs elsewhere: both scopes go over, or nothing changes."""

from __future__ import annotations

import pytest

from sentry_migrate.engine.fix import fix
from sentry_migrate.project.config import Settings
from sentry_migrate.text.source import Source

HEAD = """\
import asyncio
import queue
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
import sentry_sdk
from sentry_sdk import Hub
"""
ENTER = "    with hub:\n        sentry_sdk.capture_message('x')\n"
CLONE = ENTER.replace("with hub:", "with Hub(hub):")
WORK, THREAD = (
    f"def work(hub):\n{ENTER}",
    "    threading.Thread(target=work, args=(Hub.current,))\n",
)
POOL = "pool = ThreadPoolExecutor()\n"
QUEUE = f"jobs = queue.Queue()\ndef work():\n    a, hub = jobs.get()\n{ENTER}"

# what: code that does without the hub
GOES = {
    "a thread": f"{WORK}def f():\n{THREAD}",
    "a clone made there": f"def work(hub):\n{CLONE}def f():\n{THREAD}",
    "a clone made there with a name": "def work(hub):\n    with Hub(hub) as hub:\n        hub.capture_message('x')\n" + f"def f():\n{THREAD}",
    "a clone": f"{WORK}def f():\n{THREAD}".replace("Hub.current", "Hub(Hub.current)"),
    "more arguments": f"{WORK}def f():\n{THREAD}".replace("(hub)", "(a, hub, b)").replace("(Hub.current,)", "[1, Hub.current, 2]"),
    "a variable": f"{WORK}def f():\n    hub = Hub.current\n{THREAD}".replace("(Hub.current,", "(hub,"),
    "a timer": f"{WORK}def f():\n    threading.Timer(1, work, [Hub.current])\n",
    "a pool": f"{WORK}{POOL}def f():\n    pool.submit(work, Hub.current)\n",
    "a part of a call, for a thread": f"{WORK}def f():\n    threading.Thread(target=partial(work, Hub.current))\n",
    "a part of a call with more": f"{WORK}def f():\n    threading.Thread(target=partial(work, 1, Hub.current), args=(2,))\n".replace("(hub)", "(a, hub, b)"),
    "a part of a call, for a pool": f"{WORK}{POOL}def f():\n    pool.submit(partial(work, Hub(Hub.current)), 1)\n".replace("(hub)", "(hub, a)"),
    "a pool of nobody": f"{WORK}def f(pool):\n    pool.submit(work, Hub.current)\n",
    "a loop": f"{WORK}def f():\n    asyncio.get_event_loop().run_in_executor(None, work, Hub.current)\n",
    "another thread of asyncio": f"{WORK}async def f():\n    await asyncio.to_thread(work, Hub.current)\n",
    "a method": "class A:\n    def work(self, hub):\n        with hub: pass\n    def f(self):\n        threading.Thread(target=self.work, args=(Hub.current,))\n",
    "what is used without being active": "def work(hub):\n    hub.capture_message('x')\n" + f"def f():\n{THREAD}",
    "a function inside": "def f(a):\n    hub = Hub.current\n    def work():\n        with hub: pass\n    a(work)\n",
    "a clone in a function inside": "def f(a):\n    hub = Hub.current\n    def work():\n        with Hub(hub): pass\n    a(work)\n",
    "a type": f"{WORK}def f():\n{THREAD}".replace("(hub)", "(hub: Hub)"),
    "a queue": f"{QUEUE}def f(a):\n    jobs.put((a, Hub.current))\n",
    "a queue of clones": f"{QUEUE}def f(a):\n    jobs.put((a, Hub(Hub.current)))\n",
    "a queue that ends": f"{QUEUE}def f(a):\n    jobs.put((a, Hub.current))\n    jobs.put(None)\n    jobs.join()\n".replace("    a, hub = jobs.get()\n", "    one = jobs.get()\n    if one is None:\n        return\n    a, hub = one\n"),
    "a queue of an object": "class A:\n    def __init__(self):\n        self.q = queue.Queue()\n    def work(self):\n        hub, a = self.q.get()\n        with hub: pass\n    def f(self):\n        self.q.put((Hub.current, 1))\n",
    "a part of a call that is kept": f"{WORK}def f():\n    a = partial(work, Hub.current)\n    a()\n",
    "a part of a call for somebody": f"{WORK}def f(a):\n    a(partial(work, Hub.current))\n",
    "a part of a call by name": f"{WORK}def f():\n    threading.Thread(target=partial(work, hub=Hub.current))\n",
    "arguments by name": f"{WORK}def f():\n{THREAD}".replace("args=(Hub.current,)", "kwargs={'hub': Hub.current}"),
    "one of the arguments by name": f"{WORK}def f():\n{THREAD}".replace("(hub)", "(n, hub)").replace("args=(Hub.current,)", "args=(1,), kwargs=dict(hub=Hub.current)"),
    "a timer's arguments by name": f"{WORK}def f():\n    threading.Timer(1, work, kwargs={{'hub': Hub.current}})\n",
    "a pool's argument by name": f"{WORK}{POOL}def f():\n    pool.submit(work, n=1, hub=Hub(Hub.current))\n".replace("(hub)", "(hub, n)"),
    "an argument only by name": f"{WORK}def f():\n    threading.Thread(target=partial(work, hub=Hub.current))\n".replace("(hub)", "(*, hub)"),
    "a clone, by name": f"{WORK}def f():\n    work(hub=Hub(Hub.current))\n",
}  # fmt: skip
# what: code that keeps it
STAYS = {
    "a function that is passed on, too": f"{WORK}def f(a):\n{THREAD}    a(work)\n",
    "a function that is decorated": f"@a\n{WORK}def f():\n{THREAD}",
    "what follows a part of a call": f"{WORK}def f():\n    threading.Thread(target=partial(work, 1), args=(Hub.current,))\n".replace("(hub)", "(a, hub)"),
    "somebody's part of a call": f"from mine import partial\n{WORK}def f():\n    threading.Thread(target=partial(work, Hub.current))\n",
    "a part of a call with a star": f"{WORK}def f(a):\n    threading.Thread(target=partial(work, *a, Hub.current))\n",
    "a hub that is passed on": f"def work(hub):\n    a(hub)\ndef f():\n{THREAD}",
    "a hub that is kept": f"def work(hub):\n    a.hub = hub\ndef f():\n{THREAD}",
    "a member without a counterpart": f"def work(hub):\n    hub.client.flush()\ndef f():\n{THREAD}",
    "a default": f"{WORK}def f():\n{THREAD}".replace("(hub)", "(hub=None)"),
    "a type in a comment": f"{WORK}def f():\n{THREAD}".replace("(hub):", "(hub):  # type: (Hub) -> None"),
    "a parameter that is assigned": f"{WORK}def f():\n{THREAD}".replace("    with", "    hub = hub or a\n    with"),
    "arguments that are not seen": f"{WORK}def f(a):\n{THREAD}".replace("(Hub.current,)", "(*a, Hub.current)"),
    "a dictionary that is kept": f"{WORK}def f():\n    a = {{'hub': Hub.current}}\n{THREAD}".replace("args=(Hub.current,)", "kwargs=a"),
    "a dictionary with a star": f"{WORK}def f(a):\n{THREAD}".replace("args=(Hub.current,)", "kwargs={**a, 'hub': Hub.current}"),
    "a dictionary with another key": f"{WORK}def f(a):\n{THREAD}".replace("args=(Hub.current,)", "kwargs={a: 1, 'hub': Hub.current}"),
    "somebody's dictionary": f"from mine import dict\n{WORK}def f():\n{THREAD}".replace("args=(Hub.current,)", "kwargs=dict(hub=Hub.current)"),
    "another name": f"{WORK}def f():\n{THREAD}".replace("args=(Hub.current,)", "kwargs={'h': Hub.current}").replace("(hub)", "(**hub)"),
    "a name that has no parameter": f"{WORK}def f():\n{THREAD}".replace("args=(Hub.current,)", "kwargs={'h': Hub.current}").replace("(hub)", "(hub, **h)"),
    "a default, by name": f"{WORK}def f():\n    threading.Thread(target=partial(work, hub=Hub.current))\n".replace("(hub)", "(*, hub=None)"),
    "a name that is given again": f"{WORK}def f():\n    threading.Thread(target=partial(work, hub=Hub.current), kwargs={{'hub': 1}})\n",
    "arguments of a process by name": f"import multiprocessing\n{WORK}def f():\n    multiprocessing.Process(target=work, kwargs={{'hub': Hub.current}})\n",
    "arguments by name for somebody": f"{WORK}def f(a):\n    a(target=work, kwargs={{'hub': Hub.current}})\n",
    "an argument of a loop by name": f"{WORK}def f():\n    asyncio.get_event_loop().call_soon(work, hub=Hub.current)\n",
    "a thread of somebody": f"from mine import threading\n{WORK}def f():\n{THREAD}",
    "a process": f"import multiprocessing\n{WORK}def f():\n{THREAD}".replace("threading.Thread", "multiprocessing.Process"),
    "another function": f"{WORK}def f(a):\n{THREAD}".replace("target=work", "target=a"),
    "a name that is taken": f"isolation_scope = current_scope = 1\n{WORK}def f():\n{THREAD}",
    "a method of another object": "class A:\n    def work(self, hub):\n        with hub: pass\ndef f(a):\n    threading.Thread(target=a.work, args=(Hub.current,))\n",
    "a method that another class has": "class B:\n    def work(self, hub): pass\nclass A:\n    def work(self, hub):\n        with hub: pass\n    def f(self):\n        threading.Thread(target=self.work, args=(Hub.current,))\n",
    "a queue of somebody": f"{QUEUE}def f(a):\n    jobs.put((a, Hub.current))\n".replace("jobs = queue.Queue()", "from a import jobs"),
    "a queue by priority": f"{QUEUE}def f(a):\n    jobs.put((a, Hub.current))\n".replace("queue.Queue", "queue.PriorityQueue"),
    "a queue that is passed on": f"{QUEUE}def f(a):\n    jobs.put((a, Hub.current))\n    a(jobs)\n",
    "a queue of more": f"{QUEUE}def f(a):\n    jobs.put((a, Hub.current))\n    jobs.put(a)\n",
    "a queue with two ends": f"{QUEUE}def f(a):\n    jobs.put((a, Hub.current))\n    a, b = jobs.get()\n",
    "a queue of one thing": f"{QUEUE}def f(a):\n    jobs.put((a, Hub.current))\n".replace("a, hub = jobs.get()", "hub = jobs.get()"),
    "a queue of three things": f"{QUEUE}def f(a):\n    jobs.put((a, a, Hub.current))\n",
    "a queue of any number": f"{QUEUE}def f(a):\n    jobs.put((*a, Hub.current))\n",
    "a queue that waits": f"{QUEUE}def f(a):\n    jobs.put((a, Hub.current), True)\n",
    "a queue by a part": f"{QUEUE}def f(a):\n    jobs.put((a, Hub.current))\n".replace("a, hub = jobs.get()", "hub = jobs.get()[1]"),
}  # fmt: skip


def _fixed(code: str) -> str:
    return fix(Source(HEAD + code), Settings(), unsafe=True).text


@pytest.mark.parametrize("code", GOES.values(), ids=GOES)
def test_both_scopes_are_given(code: str) -> None:
    text = _fixed(code)
    assert "Hub" not in text
    assert "hub" not in text.replace("threading", "")
    assert text.count("get_isolation_scope()") == text.count("get_current_scope()") == 1
    assert "use_isolation_scope(" in text


@pytest.mark.parametrize("code", STAYS.values(), ids=STAYS)
def test_the_hub_stays(code: str) -> None:
    text = _fixed(code)
    assert "Hub.current" in text
    assert "get_current_scope()" not in text


# A function that takes several hubs: the code, and how many of the hubs in it are cloned and active
SUBMIT = f"{WORK}{POOL}"
SECOND = "    pool.submit(work, Hub(Hub.current))\n"
METHOD = "class A:\n    def work(self, hub):\n        with hub: pass\n    def f(self):\n        threading.Thread(target=self.work, args=(Hub.current,))\n"
MAKES = "class A(threading.Thread):\n    def __init__(self, hub):\n        super().__init__()\n        self.hub = hub\n    def run(self):\n        with self.hub: pass\n"
JOBS = "jobs = queue.Queue()\ndef work():\n    job = jobs.get()\n    with job['hub']: job['a']()\n"
PUT = "    jobs.put({'a': a, 'hub': Hub(Hub.current)})\n"
OVER = "    hub = Hub(hub)\n"
SEVERAL = {
    "cloned over": (f"def work(hub):\n{OVER}{ENTER}def f():\n{THREAD}", 1),
    "cloned over later": (f"def work(hub):\n    hub.scope.set_tag('a', 'b')\n{OVER}{ENTER}def f():\n{THREAD}", 1),
    "cloned over or not": (f"def work(hub):\n    if a:\n    {OVER}{ENTER}def f():\n{THREAD}", 1),
    "cloned over again and again": (f"def work(hub):\n    while a:\n    {OVER}{ENTER}def f():\n{THREAD}", 1),
    "cloned over in a queue": (f"{QUEUE}def f(a):\n    jobs.put((a, Hub.current))\n".replace(ENTER, OVER + ENTER), 1),
    "of a queue": (f"{QUEUE}def f(a):\n    jobs.put((a, Hub.current))\n    jobs.put((a, Hub(Hub.current)))\n", 2),
    "of a queue that ends": (f"{QUEUE}def f(a):\n    jobs.put((a, Hub.current))\n    jobs.put(None)\ndef g(a):\n    jobs.put((a, Hub.current))\n", 2),
    "in a dictionary": (f"{JOBS}def f(a):\n{PUT}", 1),
    "in dictionaries": (f"{JOBS}def f(a):\n{PUT}{PUT}", 2),
    "in a dictionary, active": (f"{JOBS}def f(a):\n{PUT}".replace("Hub(Hub.current)", "Hub.current"), 1),
    "in a dictionary, cloned there": (f"{JOBS}def f(a):\n{PUT}".replace("with job['hub']", "with Hub(job['hub'])"), 1),
    "in a dictionary, kept": (f"{JOBS}def f(a):\n{PUT}".replace("with job['hub']", "hub = job['hub']\n    with hub"), 1),
    "in a dictionary, used": (f"{JOBS}def f(a):\n{PUT}".replace(" job['a']()", "\n        job['hub'].capture_message('x')"), 1),
    "in a dictionary or none": (f"{JOBS}def f(a):\n{PUT}    jobs.put(None)\n".replace("    with", "    if job is None: return\n    with"), 1),
    "in a dictionary of an object": (
        "class A:\n    def __init__(self):\n        self.q = queue.Queue()\n    def work(self):\n        job = self.q.get()\n"
        '        with job["hub"]: pass\n    def f(self, a):\n        self.q.put({"a": a, "hub": Hub(Hub.current)})\n',
        1,
    ),
    "called, too": (f"{WORK}def f():\n{THREAD}    work(Hub.current)\n", 2),
    "cloned for a call": (f"{WORK}def f():\n{THREAD}    work(Hub(Hub.current))\n", 2),
    "a method that is called, too": (f"{METHOD}        self.work(Hub.current)\n", 2),
    "two threads": (f"{WORK}def f():\n{THREAD}{THREAD}", 2),
    "a thread and a pool": (f"{SUBMIT}def f():\n{THREAD}{SECOND}", 2),
    "by two functions": (f"{SUBMIT}def f():\n{SECOND}def g():\n{SECOND}", 2),
    "by its name": (f"{SUBMIT}def f():\n    pool.submit(work, hub=Hub.current)\n{SECOND}", 2),
    "of a variable": (f"{SUBMIT}def f():\n    hub = Hub(Hub.current)\n    pool.submit(work, hub)\n    pool.submit(work, hub)\n", 1),
    "of two variables": (f"{SUBMIT}def f():\n    hub = Hub(Hub.current)\n    pool.submit(work, hub)\ndef g():\n    hub = Hub.current\n    pool.submit(work, hub)\n", 2),
    "of the module": (f"{SUBMIT}one = Hub(Hub.current)\ndef f():\n    pool.submit(work, one)\n{SECOND}", 2),
    "by itself": (f"{SUBMIT}def f():\n{SECOND}".replace("pass", "pool.submit(work, hub)"), 1),
    "cloned by itself": (f"{SUBMIT}def f():\n{SECOND}".replace("pass", "pool.submit(work, Hub(hub))"), 1),
    "by the next function": (f"{SUBMIT}def begin(hub):\n    pool.submit(work, hub)\ndef f():\n    threading.Thread(target=begin, args=(Hub.current,))\n{SECOND}", 2),
    "of a class": (f"{MAKES}def f():\n    A(Hub.current).start()\n", 1),
    "of a class, by its name": (f"{MAKES}def f():\n    A(hub=Hub(Hub.current)).start()\n", 1),
    "of a class, twice": (f"{MAKES}def f():\n    A(Hub(Hub.current)).start()\n    A(Hub.current).start()\n", 2),
    "of a class with its type": (f"{MAKES}def f():\n    A(Hub.current).start()\n".replace("(self, hub)", "(self, hub: Hub)"), 1),
    "of a class that clones": (f"{MAKES}def f():\n    A(Hub.current).start()\n".replace("with self.hub", "with Hub(self.hub)"), 1),
    "of a class that clones at once": (f"{MAKES}def f():\n    A(Hub.current).start()\n".replace("self.hub = hub", "self.hub = Hub(hub)"), 1),
}  # fmt: skip


@pytest.mark.parametrize(("code", "count"), SEVERAL.values(), ids=SEVERAL)
def test_all_that_a_function_takes_are_replaced(code: str, count: int) -> None:
    text = _fixed(code)
    assert "Hub" not in text
    assert "hub" not in text.replace("threading", "")
    assert text.count("get_isolation_scope()") == text.count("get_current_scope()") == count


# The same where one of them cannot be
OTHERS = {
    "another over it": f"def work(hub):\n    hub = Hub(a)\n{ENTER}def f():\n{THREAD}",
    "a clone over it twice": f"def work(hub):\n{OVER}{OVER}{ENTER}def f():\n{THREAD}",
    "a clone over it or not": f"def work(hub):\n    hub = Hub(hub) if a else hub\n{ENTER}def f():\n{THREAD}",
    "a clone over it, and a function": f"def work(hub):\n    def g(): hub.flush()\n{OVER}{ENTER}def f():\n{THREAD}",
    "a clone that is deleted": f"def work(hub):\n{OVER}    del hub\ndef f():\n{THREAD}",
    "a tuple of another length": f"{QUEUE}def f(a):\n    jobs.put((a, Hub.current))\n    jobs.put((a, Hub.current, 1))\n",
    "something else in a tuple": f"{QUEUE}def f(a):\n    jobs.put((a, Hub.current))\n    jobs.put((a, a))\n",
    "a dictionary without one": f"{JOBS}def f(a):\n{PUT}    jobs.put({{'a': a}})\n",
    "a dictionary with something else": f"{JOBS}def f(a):\n{PUT}    jobs.put({{'a': a, 'hub': a}})\n",
    "a dictionary with a star": f"{JOBS}def f(a):\n    jobs.put({{**a, 'hub': Hub.current}})\n",
    "a dictionary with a computed key": f"{JOBS}def f(a):\n    jobs.put({{a: 1, 'hub': Hub.current}})\n",
    "a dictionary with the key twice": f"{JOBS}def f(a):\n    jobs.put({{'hub': a, 'hub': Hub.current}})\n",
    "a dictionary that is kept": f"{JOBS}def f(a):\n    a = {{'hub': Hub.current}}\n    jobs.put(a)\n",
    "a dictionary that is passed on": f"{JOBS}def f(a):\n{PUT}".replace("job['a']()", "job['a'](job)"),
    "a dictionary that is read by get": f"{JOBS}def f(a):\n{PUT}".replace("job['a']()", "job.get('hub')"),
    "a dictionary with an unknown read": f"{JOBS}def f(a):\n{PUT}".replace("job['a']()", "job[jobs]"),
    "a dictionary that is written to": f"{JOBS}def f(a):\n{PUT}".replace("job['a']()", "job['hub'] = 1"),
    "a dictionary whose hub is not read": f"{JOBS}def f(a):\n{PUT}".replace("with job['hub']:", ""),
    "a dictionary with such a key": f"{JOBS}def f(a):\n{PUT}".replace("'a'", "'current_scope'"),
    "a dictionary with a key of another name": f"{JOBS}def f(a):\n{PUT}".replace("'hub'", "'sentry'"),
    "a dictionary in somebody's queue": f"{JOBS}def f(a):\n{PUT}".replace("queue.Queue()", "print()"),
    "nothing": f"{SUBMIT}def f():\n{SECOND}    work(None)\n",
    "what somebody has": f"{SUBMIT}def f(a):\n{SECOND}    pool.submit(work, a)\n",
    "what a function is given": f"{SUBMIT}def f(hub: Hub):\n{SECOND}    pool.submit(work, hub)\n",
    "what is not seen": f"{SUBMIT}def f(a):\n{SECOND}    pool.submit(work, *a)\n",
    "what is not seen in a call": f"{SUBMIT}def f(a):\n{SECOND}    work(*a)\n",
    "no argument": f"{SUBMIT}def f():\n{SECOND}    work()\n",
    "one that is passed on": f"{SUBMIT}def f(a):\n{SECOND}    hub = Hub(Hub.current)\n    a(hub)\n    work(hub)\n",
    "one that a block has": f"{SUBMIT}def f(a):\n{SECOND}    with Hub(Hub.current) as hub:\n        pool.submit(work, hub)\n",
    "one with a client": f"{SUBMIT}def f():\n{SECOND}    work(Hub(sentry_sdk.Client()))\n",
    "none at all": f"{SUBMIT}def f():\n{SECOND}    work(Hub())\n",
    "one of two": f"{SUBMIT}def f(a):\n{SECOND}    work(Hub.current if a else Hub(Hub.current))\n",
    "a function that is handed on": f"{SUBMIT}def f(a):\n{SECOND}    a(work)\n",
    "a function that is kept": f"{SUBMIT}a = work\ndef f():\n{SECOND}",
    "a process": f"{SUBMIT}def f(a):\n{SECOND}    a.Process(target=work, args=(Hub.current,))\n",
    "a method of an object": f"{METHOD}def g(a):\n    a.work(Hub.current)\n",
    "a method that is handed on": f"{METHOD}    def g(self, a):\n        a(self.work)\n",
    "a class that is derived from": f"{MAKES}class B(A): pass\ndef f():\n    A(Hub.current).start()\n    B(Hub.current).start()\n",
    "a class that is handed on": f"{MAKES}def f(a):\n    A(Hub.current).start()\n    a(A)\n",
    "a class with a decorator": f"@a\n{MAKES}def f():\n    A(Hub.current).start()\n",
    "a class with a metaclass": f"{MAKES}def f():\n    A(Hub.current).start()\n".replace("Thread)", "Thread, metaclass=M)"),
    "a class with another constructor": f"{MAKES}    def __new__(cls, *a): return cls.a\ndef f():\n    A(Hub.current).start()\n",
    "a class that is no thread": f"{MAKES}def f():\n    A(Hub.current).start()\n".replace("(threading.Thread)", ""),
    "a class of somebody's threads": f"from mine import threading\n{MAKES}def f():\n    A(Hub.current).start()\n",
    "a class with a default": f"{MAKES}def f():\n    A(Hub.current).start()\n".replace("(self, hub)", "(self, hub=None)"),
    "a class that keeps another": f"{MAKES}    def f(self, a):\n        self.hub = a\ndef f():\n    A(Hub.current).start()\n",
    "a class whose hub others read": f"{MAKES}def f(a):\n    A(Hub.current).start()\n    a.hub.flush()\n",
}  # fmt: skip


@pytest.mark.parametrize("code", OTHERS.values(), ids=OTHERS)
def test_none_is_replaced_where_one_cannot_be(code: str) -> None:
    assert _fixed(code).count("Hub") == (HEAD + code).count("Hub")


OWN = "HUB = Hub(sentry_sdk.Client())\ndef f(a):\n    with HUB.push_scope() as scope:\n"
SEND = "        HUB.capture_message('x')\n"
# what: a block in which a hub with its own client pushes a scope, which stays
PUSHED = {
    "the scope is passed on": f"{OWN}        a(scope)\n{SEND}",
    "the scope has a span": f"{OWN}        scope.span.finish()\n{SEND}",
    "the hub is passed on": f"{OWN}        a(HUB)\n",
    "the hub is entered": f"{OWN}        with HUB: pass\n",
    "the hub pushes again": f"{OWN}        with HUB.push_scope(): pass\n",
    "a function uses the hub": f"{OWN}        g()\ndef g():\n    HUB.capture_message('x')\n",
    "a scope is given": f"{OWN}        HUB.capture_message('x', scope=scope)\n",
    "a callback": f"{OWN}{SEND}".replace("push_scope()", "push_scope(a)"),
    "an async block": f"{OWN}{SEND}".replace("def f", "async def f").replace("    with HUB", "    async with HUB"),
    "no block": f"{OWN}{SEND}".replace("with HUB.push_scope() as scope", "if HUB.push_scope()"),
}  # fmt: skip


@pytest.mark.parametrize("code", PUSHED.values(), ids=PUSHED)
def test_a_scope_stays_that_an_own_hub_pushes(code: str) -> None:
    assert "HUB.push_scope(" in _fixed(code)


@pytest.mark.parametrize(("version", "stays"), [((2, 19, 0), True), ((2, 20, 0), False)])
def test_forks_have_a_client_since_a_release(version: tuple[int, int, int], stays: bool) -> None:
    code = Source(f"{HEAD}{OWN}{SEND}")
    text = fix(code, Settings(sdk_version=version), unsafe=True).text
    assert ("HUB.push_scope(" in text) is stays
