"""Texts of any size, one for each way in which code can make an analysis ask the same again.

Each shape repeats a piece of code: a chain in which every piece depends on the one before, a
diamond that reaches it in two ways, a ring, pieces side by side, pieces inside one another.
"""

from __future__ import annotations

from collections.abc import Callable

IMPORTS = "import sentry_sdk\nfrom sentry_sdk import Hub, configure_scope, push_scope\n"


def repeated(piece: str, before: str = "", after: str = "") -> Callable[[int], str]:
    """`piece` N times: `{i}` is the number of the piece, `{p}` of the one before, `{n}` after."""

    def text(count: int) -> str:
        pieces = (piece.format(i=at, p=at - 1, n=at + 1) for at in range(1, count + 1))
        return IMPORTS + before + "".join(pieces) + after.format(i=count)

    return text


def nested(
    piece: str, before: str = "", inside: str = "pass", after: str = ""
) -> Callable[[int], str]:
    """Lines of `piece`, each in the block of the one before."""

    def text(count: int) -> str:
        lines = []
        for at in range(count):
            lines += [" " * at + line for line in piece.format(i=at, p=at - 1).splitlines()]
        body = "\n".join([*lines, *(" " * count + line for line in inside.splitlines())])
        tail = ""
        if after:
            tail = "".join(" " * at + after.format(i=at) + "\n" for at in range(count - 1, -1, -1))
        return IMPORTS + before + body + "\n" + tail

    return text


def joined(piece: str, glue: str, before: str, after: str = "\n") -> Callable[[int], str]:
    """One expression: the pieces with `glue` between them."""

    def text(count: int) -> str:
        return IMPORTS + before + glue.join(piece.format(i=at) for at in range(count)) + after

    return text


def wrapped(
    left: str, right: str, before: str, middle: str, after: str = "\n"
) -> Callable[[int], str]:
    """One expression: `middle` inside N pairs of `left` and `right`."""

    def text(count: int) -> str:
        return IMPORTS + before + left * count + middle + right * count + after

    return text


FLOW = {
    "filters": repeated(
        "    if request.GET.get('f{i}'): qs = qs.filter(f{i}=request.GET['f{i}'])\n",
        "def f(request, qs):\n"
        "    try: limit = int(request.GET['limit'])\n"
        "    except ValueError: sentry_sdk.push_scope()\n",
        "    if qs.exists(): return qs\n",
    ),
    "filters in a loop": repeated(
        "        if x.a{i}: qs = qs.filter(qs)\n",
        "def f(xs, qs):\n    hasattr(qs, 'x')\n    for x in xs:\n",
        "    if qs: print(qs)\n",
    ),
    "choices": repeated(
        "    x = x == 1 if a{i} else x != x\n",
        "def f(x):\n    hasattr(x, 'y')\n",
        "    if x: pass\n",
    ),
    "elif": repeated(
        "    elif x == {i}: x = x + 1\n", "def f(x):\n    if x: x = hasattr(x, 'y')\n"
    ),
    "elif that asks": repeated(
        "elif y and {i}: Hub.current.flush()\n", "y = hasattr(x, 'y')\nif x: pass\n"
    ),
    "elif that pushes": repeated(
        "    elif x == {i}:\n"
        "        with push_scope() as scope:\n"
        "            scope.set_tag('a', x)\n",
        "def f(x):\n    if x: pass\n",
    ),
    "else if": repeated("x{i} if hasattr(a, 'b') else ", "x = ", "2\n"),
    "hubs on some paths": repeated(
        "    if a == {i}: hub = Hub.current\n    hub.flush()\n",
        "def f(a):\n    hub = Hub.current\n",
    ),
    "hubs in a loop": repeated(
        "        if a == {i}: hub = hub or Hub.current\n        hub.flush()\n",
        "def f(a):\n    hub = Hub.current\n    while a:\n",
    ),
    "global hubs": repeated(
        "def f{i}():\n    global hub\n    if hub: hub = Hub.current\n    hub.flush()\n",
        "hub = Hub.current\n",
    ),
    "try": nested("try:", "", "Hub.current.flush()", "except AttributeError: x = hasattr(x, 'y')"),
    "if": nested("if hasattr(x, 'y{i}'):", "", "Hub.current.flush()"),
    "for": nested("for x in x:", "x = 1\n", "print(hasattr(x, 'y'))"),
    "while": nested("while x:\n x = x.y{i}", "x = 1\n", "print(hasattr(x, 'y'))"),
}

CHAINS = {
    "comparisons": repeated(
        "x{i} = x{p} == x{p}\n",
        "VERSION = 1\nx0 = bool(VERSION)\n",
        "if x{i}: print(hasattr(x0, 'y'))\n",
    ),
    "calls of results": repeated(
        "x{i} = f(x{p}, x{p})\n", "x0 = hasattr(f, 'a')\n", "if x{i}: pass\n"
    ),
    "aliases": repeated("h{i} = h{p}\nh{i}.flush()\n", "h0 = Hub.current\n"),
    "aliases backwards": repeated(
        "def f{i}():\n    global h{i}\n    h{i} = h{n}\n    h{i}.flush()\n",
        after="h{i} = Hub.current\n",
    ),
    "either alias": repeated("h{i} = h{p} if a else h{p}\nh{i}.flush()\n", "h0 = Hub.current\n"),
    "clones": repeated("h{i} = Hub(h{p})\n", "h0 = Hub(Hub.current)\n"),
    "clones in functions": repeated(
        "    h{i} = Hub(h{p})\n    h{i}.flush()\n", "def f():\n    h0 = Hub(Hub.current)\n"
    ),
    "clones in a ring": repeated(
        "    h{i} = Hub(h{p})\n    h0 = h{i}\n    h{i}.flush()\n",
        "def f():\n  h0 = Hub.current\n  while 1:\n",
    ),
    "spans": repeated("s{i} = s{p}.start_child(op='a')\n", "s0 = sentry_sdk.start_span()\n"),
    "spans in with": repeated(
        "    with s{p}.start_child(op='a', description='b') as s{i}: pass\n",
        "def f():\n    s0 = sentry_sdk.start_span()\n",
    ),
    "scopes": repeated("s{i} = s{p}\ns{i}.user = 1\n", "with configure_scope() as s0: pass\n"),
    "clients": repeated(
        "    c{i} = c{p}\n    if c{i}: c{i}.flush()\n", "def f():\n    c0 = Hub.current.client\n"
    ),
    "walrus": repeated("    if (h{i} := h{p}).client: pass\n", "def f():\n    h0 = Hub.current\n"),
    "attributes of self": repeated(
        "    def f{i}(self):\n        self.h{i} = self.h{p}\n        self.h{i}.flush()\n",
        "class A:\n    def __init__(self):\n        self.h0 = Hub.current\n",
    ),
    "one attribute of self": repeated(
        "    def f{i}(self):\n        self.h = self.h\n        self.h.flush()\n",
        "class A:\n    def __init__(self):\n        self.h = Hub.current\n",
    ),
    "options": repeated(
        "x{i} = {{**x{p}, **x{p}}}\n", "x0 = {'with_locals': 1}\n", "sentry_sdk.init(**x{i})\n"
    ),
    "options by dict": repeated(
        "x{i} = dict(x{p}, **x{p})\n", "x0 = dict(with_locals=1)\n", "sentry_sdk.init(**x{i})\n"
    ),
    "options by update": repeated(
        "x{i} = {{}}\nx{i}.update(x{p})\nx{i}.update(x{p})\n",
        "x0 = {'with_locals': 1}\n",
        "sentry_sdk.init(**x{i})\n",
    ),
    "options by or": repeated(
        "x{i} = x{p} | x{p}\n", "x0 = {'with_locals': 1}\n", "sentry_sdk.init(**x{i})\n"
    ),
    "options passed on": repeated(
        "def f{i}(**r):\n    f{p}(**r)\n    f{p}(**r)\nf{i}(with_locals=1)\n",
        "def f0(**r):\n    sentry_sdk.init(**r)\n",
    ),
    "options returned": repeated(
        "def f{i}():\n    return {{**f{p}(), **f{p}()}}\n",
        "def f0():\n    return {'with_locals': 1}\n",
        "sentry_sdk.init(**f{i}())\n",
    ),
    "data": repeated(
        "        x{i} = x{p} + x{p}\n        for y in x{i}: pass\n",
        "def f():\n    with push_scope() as s:\n        x0 = []\n",
        "        s.set_user(x{i})\n",
    ),
    "copies": repeated(
        "        x{i} = x{p}.copy()\n        x{i}.update(x{p})\n",
        "def f():\n    with push_scope() as s:\n        x0 = {}\n",
        "        s.set_user(x{i})\n",
    ),
    "copies of itself": repeated(
        "            x = x.copy()\n            for y in x: pass\n",
        "def f():\n    with push_scope() as s:\n        x = {}\n        while 1:\n",
        "        s.set_user(x)\n",
    ),
    "annotations": repeated("def f{i}(h{i}: 'Hub', x=Hub.current): h{i}.flush()\n"),
    "paths": repeated("a{i} = a{p}.hub\n", "a0 = sentry_sdk\n", "a{i}.Hub\n"),
}

FUNCTIONS = {
    "functions in a row": repeated(
        "def f{i}(): return f{p}() and f{p}()\n",
        "def f0(): return hasattr(x, 'y')\n",
        "if f{i}(): pass\n",
    ),
    "functions in a row backwards": repeated(
        "def f{i}(): return f{n}() and f{n}()\n", after="if f1(): hasattr(x, 'y')\n"
    ),
    "functions in a ring": repeated(
        "def f{i}(): return f{n}() or f{p}()\n",
        "def f0(): return f1()\n",
        "if hasattr(x, 'y') or f1(): f{i}()\n",
    ),
    "a function that is asked": repeated(
        "    if x == {i}: return x == {i}\n",
        "def f(x):\n    hasattr(x, 'y')\n",
        "".join(f"if f({at}): pass\n" for at in range(50)),
    ),
    "questions to a function": repeated(
        "if f({i}): pass\n",
        "def f(x):\n    hasattr(x, 'y')\n" + "    if x: return x == 1\n" * 50,
    ),
    "calls before init": repeated(
        "def f{i}():\n    with configure_scope() as s: s.set_tag('a', 1)\nf{i}()\n",
        after="sentry_sdk.init()\n",
    ),
    "inits": repeated("sentry_sdk.init(with_locals={i})\n"),
    "inits in functions": repeated(
        "def f{i}(x):\n    sentry_sdk.init('dsn', with_locals=x, request_bodies='a')\n"
    ),
    "options of one init": repeated("    with_locals={i},\n", "sentry_sdk.init(\n", ")\n"),
    "options side by side": repeated(
        "O['a{i}'] = {i}\n", "O = {'with_locals': 1}\n", "sentry_sdk.init(**O)\n"
    ),
    "options stored often": repeated(
        "O['with_locals'] = {i}\n", "O = {}\n", "sentry_sdk.init(**O)\n"
    ),
    "options made often": repeated("O = {{'with_locals': {i}}}\n", after="sentry_sdk.init(**O)\n"),
    "options given often": repeated("sentry_sdk.init(**O)\n", "O = {'with_locals': 1}\n"),
    "options of experiments": repeated(
        "sentry_sdk.init(_experiments={{'profiles_sample_rate': {i}, 'max_spans': 1}})\n"
    ),
    "callbacks": repeated(
        "def f{i}(s): s.set_tag('a', 1)\nconfigure_scope(f{i})\npush_scope(f{i})\n"
    ),
    "one callback": repeated("configure_scope(f)\n", "def f(s): s.transaction = 'a'\n"),
    "lambdas": repeated("push_scope(lambda s: s.set_tag('a{i}', 1))\n"),
    "methods": repeated(
        "    def f{i}(self):\n        if self.hub.client: self.hub.capture_message('x')\n",
        "class A:\n    def __init__(self):\n        self.hub = Hub.current\n",
    ),
    "classes": repeated(
        "class A{i}(A{p}): x = Hub.current\n", "class A0(sentry_sdk.Transport): pass\n"
    ),
    "transports": repeated(
        "class A{i}(sentry_sdk.Transport):\n    def capture_event(self, e): self.x = e\n"
        "    def f(self): self.capture_event(self.x)\n"
    ),
    "decorators": repeated("@hasattr(x, 'y{i}')\n", after="def f(): Hub.current.flush()\n"),
    "decorated": repeated("@sentry_sdk.tracing.trace\ndef f{i}(): pass\n"),
    "attributes that get each other's": repeated(
        "t{i} = o.a\nt{i}.x = 1\no.a = o.b\no.b = o.c\no.c = {i}\n"
        "with push_scope() as s: s.set_tag('a', {i})\n"
    ),
    "patches": repeated(
        "mock.patch('sentry_sdk.push_scope')\nwith push_scope() as s: s.set_tag('a', {i})\n"
    ),
}

FINDINGS = {
    "event ids": repeated(
        "def f{i}():\n"
        "    Hub.current.capture_message('x')\n"
        "    return Hub.current.last_event_id()\n"
    ),
    "event ids in one place": repeated(
        "    sentry_sdk.capture_message('x')\n    a = Hub.current.last_event_id()\n", "def f():\n"
    ),
    "event ids and pushes": repeated(
        "with push_scope() as s:\n    f(s)\nprint(sentry_sdk.last_event_id())\n"
    ),
    "cloned blocks": repeated(
        "with Hub(Hub.current) as hub:\n    hub.capture_message('x')\nsentry_sdk.init()\n"
    ),
    "cloned blocks in one function": repeated(
        "    with Hub(Hub.current) as hub:\n        hub.capture_message('x')\n", "def f():\n"
    ),
    "client flush": repeated("Hub.current.client.flush()\n"),
    "client tests": repeated(
        "    if client: client.flush()\n", "def f():\n    client = Hub.current.client\n"
    ),
    "hubs of classes": repeated(
        "class A{i}:\n    def __init__(self):\n        self.hub = Hub(sentry_sdk.Client())\n"
        "    def f(self):\n        self.hub.capture_message('x')\n"
    ),
    "uses of a hub with a client": repeated(
        "def f{i}(a):\n    hub.capture_message('x')\n    hub.scope.set_tag('a', 'b')\n",
        "hub = Hub(sentry_sdk.Client())\n",
    ),
    "hub uses": repeated("    hub.capture_message('x')\n", "def f():\n    hub = Hub.current\n"),
    "hubs again": repeated("    hub = Hub.current\n    hub.capture_message('x')\n", "def f():\n"),
    "scopes again": repeated(
        "    with push_scope() as s:\n        s.set_tag('a', {i})\n        s.transaction = 'b'\n",
        "def f():\n",
    ),
    "scopes on some paths": repeated(
        "    if a == {i}: s = Hub.current.scope\n    s.set_tag('a', {i})\n", "def f(a):\n"
    ),
    "span attributes": repeated(
        "    s.span.set_tag('a', {i})\n", "def f():\n  with configure_scope() as s:\n"
    ),
    "module findings": repeated("with configure_scope() as s:\n    s.set_tag('a', {i})\nx = {i}\n"),
    "imports": repeated("from sentry_sdk import Hub as H{i}\nH{i}.current.flush()\n"),
    "imports in functions": repeated(
        "def f{i}():\n    from sentry_sdk.hub import Hub\n    Hub.current.flush()\n"
    ),
    "imports in a try": repeated(
        " from sentry_sdk import new_scope as n{i}\n", "try:\n", "except ImportError: pass\n"
    ),
    "imports asked for": repeated(
        " from sentry_sdk import new_scope as n{i}\n",
        "try:\n",
        "except ImportError: n1 = None\n" + "".join(f"if n{at}: pass\n" for at in range(1, 40)),
    ),
    "other imports": repeated("import a{i}\n", after="Hub.current.flush()\n"),
    "moved names": repeated("from sentry_sdk.consts import OP as O{i}\nO{i}.DB\n"),
    "many tries": repeated(
        "try: sentry_sdk.new_scope()\nexcept AttributeError: push_scope()\nHub.current.flush()\n"
    ),
    "asserts": repeated("assert f({i}) == 1\n", "def f(x): return hasattr(x, 'y')\n"),
    "early returns": repeated(
        "    if hasattr(sentry_sdk, 'a{i}'): return 1\n", "def f():\n", "    Hub.current.flush()\n"
    ),
    "comments": repeated("Hub.current.flush()  # noqa: SEN201\n"),
    "long strings": repeated("    'sentry_sdk.Hub {i}'\n", "mock.patch(\n", ")\n"),
    "starred": repeated("h{i} = Hub.current\nh{i}.flush()\n", "from sentry_sdk import *\n"),
    "nothing of the SDK": repeated(
        "def f{i}(a, b=1):\n    if hasattr(a, 'b'): return [x for x in a if x.b]\n"
    ),
}

PUSHES = "with push_scope() as s:\n    s.set_tag('a', 1)\n    "
"""A block whose proof asks what is done in it."""

EFFECTS = {
    "effects in a row": repeated("def f{i}(): f{p}()\n", "def f0(): pass\n", PUSHES + "f{i}()\n"),
    "effects backwards": repeated("def f{i}(): f{n}()\n", after=PUSHES + "f1()\n"),
    "effects as diamonds": repeated(
        "def f{i}():\n    f{p}()\n    f{p}()\n", "def f0(): pass\n", PUSHES + "f{i}()\n"
    ),
    "effects in a ring": repeated(
        "def f{i}():\n    f{n}()\n    f{p}()\n", "def f0(): f1()\n", PUSHES + "f{i}()\n"
    ),
    "effects in one ring": repeated(
        "def f{i}():\n    f{p}()\n", after="def f0(): f{i}()\n" + PUSHES + "f{i}()\n"
    ),
    "effects asked often": repeated(
        PUSHES + "f({i})\n", "def f(x):\n" + "    if x: x = x + 1\n" * 20
    ),
    "effects of one of many": repeated(
        "def f(x): return x == {i}\n", after=(PUSHES + "f(1)\n") * 20
    ),
    "methods in a row": repeated(
        "    def f{i}(self): return self.f{p}()\n",
        "class A:\n    def f0(self): pass\n",
        PUSHES + "A().f{i}()\n",
    ),
    "methods as diamonds": repeated(
        "    def f{i}(self): return self.f{p}() and self.f{p}()\n",
        "class A:\n    def f0(self): pass\n",
        PUSHES + "A().f{i}()\n",
    ),
    "methods in a ring": repeated(
        "    def f{i}(self): return self.f{p}() or self.f{n}()\n",
        "class A:\n    def f0(self): return self.f1()\n",
        PUSHES + "A().f{i}()\n",
    ),
    "methods of other classes": repeated(
        "class A{i}:\n    def f{i}(self, x): return x.f{p}(x)\n",
        after=PUSHES + "x.f{i}(x)\n",
    ),
    "methods of one name": repeated(
        "class A{i}:\n    def f(self, x): return x.f(x)\n", after=PUSHES + "x.f(x)\n"
    ),
    "methods that are overridden": repeated(
        "class A{i}(A{p}):\n    def f(self): return super().f()\n",
        "class A0:\n    def f(self): pass\n",
        PUSHES + "A{i}().f()\n",
    ),
    "methods that are inherited": repeated(
        "class A{i}(A{p}): pass\n",
        "class A0:\n    def f(self): return self.f()\n",
        PUSHES + "A{i}().f()\n",
    ),
    "methods of subclasses": repeated(
        "class A{i}(A0):\n    def f(self): return self.f()\n",
        "class A0:\n    def f(self): pass\n",
        PUSHES + "A0().f()\n",
    ),
    "methods of each subclass": repeated(
        "class A{i}(A0):\n    def f(self): return self.g()\n    def g(self): return self.f()\n"
        + PUSHES
        + "A{i}().f()\n",
        "class A0:\n    def f(self): pass\n",
    ),
    "methods of each class in a row": repeated(
        "class A{i}(A{p}):\n    def f(self): return self.g()\n    def g(self): return self.f()\n"
        + PUSHES
        + "A{i}().f()\n",
        "class A0:\n    def f(self): pass\n",
    ),
    "classes as diamonds": repeated(
        "class A{i}(A{p}): pass\nclass B{i}(A{p}): pass\nclass A{i}(A{i}, B{i}): pass\n",
        "class A0:\n    def f(self): pass\n",
        PUSHES + "A{i}().f()\n",
    ),
    "classes as wide diamonds": repeated(
        "class A{i}(A{p}, B{p}): pass\nclass B{i}(A{p}, B{p}): pass\n",
        "class A0:\n    def f(self): pass\nclass B0: pass\n",
        PUSHES + "A{i}().f()\n",
    ),
    "classes in a ring": repeated(
        "class A{i}(A{n}):\n    def f(self): pass\n", after="A{i} = A1\n" + PUSHES + "A1().f()\n"
    ),
    "classes by other names": repeated(
        "A{i} = A{p}\n", "class A0:\n    def f(self): pass\n", PUSHES + "A{i}().f()\n"
    ),
    "classes that are made": repeated(
        "class A{i}:\n    def __init__(self): self.x = A{p}()\n",
        "class A0: pass\n",
        PUSHES + "A{i}()\n",
    ),
    "classes that make each other": repeated(
        "class A{i}:\n    def __init__(self): self.x = A{p}(); self.y = A{n}()\n",
        "class A0: pass\n",
        PUSHES + "A{i}()\n",
    ),
    "properties in a row": repeated(
        "    @property\n    def p{i}(self): return self.p{p}\n",
        "class A:\n    p0 = 1\n",
        PUSHES + "x.p{i}\n",
    ),
    "properties as diamonds": repeated(
        "    @property\n    def p{i}(self): return self.p{p} + self.p{p}\n",
        "class A:\n    p0 = 1\n",
        PUSHES + "x.p{i}\n",
    ),
    "properties in a ring": repeated(
        "class A{i}:\n    @property\n    def p{i}(self): return x.p{p} + x.p{n}\n",
        after=PUSHES + "x.p{i}\n",
    ),
    "properties of one name": repeated(
        "class A{i}:\n    @property\n    def p(self): return x.p\n", after=PUSHES + "x.p\n"
    ),
    "properties that are read often": repeated(
        PUSHES + "x.p\n", "class A:\n    @property\n    def p(self): return self.p\n"
    ),
    "properties of many that are read often": repeated(
        "class A{i}:\n    @property\n    def p(self): return x.p\n" + PUSHES + "x.p\n",
    ),
    "descriptors": repeated("class A{i}:\n    p = D()\n" + PUSHES + "x.p\n"),
    "attributes of instances": repeated(
        "        self.a{i} = self.a{p}\n",
        "class A:\n    def f(self):\n        self.a0 = A()\n",
        "        " + PUSHES.replace("\n", "\n        ") + "self.a{i}.f()\n",
    ),
    "attributes of instances in a ring": repeated(
        "        self.a{i} = self.a{p} or self.a{n}\n",
        "class A:\n    def f(self):\n        self.a0 = A()\n",
        "        " + PUSHES.replace("\n", "\n        ") + "self.a{i}.f()\n",
    ),
    "instances": repeated(
        "x{i} = x{p}\n", "class A:\n    def f(self): pass\nx0 = A()\n", PUSHES + "x{i}.f()\n"
    ),
    "instances of either": repeated(
        "x{i} = x{p} if a else x{p}\n",
        "class A:\n    def f(self): pass\nx0 = A()\n",
        PUSHES + "x{i}.f()\n",
    ),
    "operators in a row": repeated(
        "class A{i}:\n    def __add__(self, x): return x - 1\n"
        "    def __sub__(self, x): return x + 1\n",
        after=PUSHES + "x + 1\n",
    ),
    "operators often": repeated(
        "class A{i}:\n    def __eq__(self, x): return x == 1\n" + PUSHES + "x == {i}\n",
    ),
    "texts in a row": repeated(
        "class A{i}:\n    def __str__(self): return str(self.x)\n", after=PUSHES + "f'{{x}}'\n"
    ),
    "managers in a row": repeated(
        "class A{i}:\n    def __enter__(self): A{p}().__enter__()\n"
        "    def __exit__(self, *a): pass\n",
        "class A0: pass\n",
        PUSHES + "\n    with A{i}(): pass\n",
    ),
    "lambdas in a row": repeated(
        "f{i} = lambda: f{p}()\n", "f0 = lambda: 1\n", PUSHES + "f{i}()\n"
    ),
    "lambdas as diamonds": repeated(
        "f{i} = lambda: f{p}() + f{p}()\n", "f0 = lambda: 1\n", PUSHES + "f{i}()\n"
    ),
    "callbacks in a row": repeated(
        "def f{i}(e, h): return f{p}(e, h)\n",
        "def f0(e, h): return e\n",
        "sentry_sdk.init(before_send=f{i})\n",
    ),
    "callbacks often": repeated(
        "sentry_sdk.init(before_send=f)\n", "def f(e, h):\n" + "    e['a'] = h\n" * 20
    ),
    "processors": repeated(
        "def p{i}(e, h): return p{p}(e, h)\nsentry_sdk.Hub.current.scope.add_event_processor(p{i})\n",
        "def p0(e, h): return e\n",
    ),
    "handed functions": repeated(
        "def f{i}(x): return sorted(x, key=f{p})\n", "def f0(x): return x\n", PUSHES + "f{i}(1)\n"
    ),
    "generators": repeated(
        "def f{i}():\n    for x in f{p}(): pass\n", "def f0(): return []\n", PUSHES + "f{i}()\n"
    ),
}

ORDER = {
    "calls before init in a row": repeated(
        "def f{i}(): f{p}()\n",
        "def f0():\n    with configure_scope() as s: s.set_tag('a', 1)\n",
        "f{i}()\nsentry_sdk.init()\n",
    ),
    "calls before init as diamonds": repeated(
        "def f{i}():\n    f{p}()\n    f{p}()\n",
        "def f0():\n    with configure_scope() as s: s.set_tag('a', 1)\n",
        "f{i}()\nsentry_sdk.init()\n",
    ),
    "inits at the end of a row": repeated(
        "def f{i}():\n    with configure_scope() as s: s.set_tag('a', 1)\n    f{p}()\n",
        "def f0(): sentry_sdk.init()\n",
        "f{i}()\n",
    ),
    "inits in a ring": repeated(
        "def f{i}():\n    with configure_scope() as s: s.set_tag('a', 1)\n    f{p}()\n    f{n}()\n",
        "def f0(): sentry_sdk.init()\n",
        "f{i}()\n",
    ),
    "methods that are given by their own names": repeated(
        "class A{i}:\n"
        "    def f(self): return {{'g': self.g}}\n    def g(self): return {{'f': self.f}}\n"
        "    def h(self):\n"
        "        with sentry_sdk.push_scope():\n            self.f()\n",
    ),
    "calls of one function": repeated(
        "f()\n", "def f():\n    with configure_scope() as s: s.set_tag('a', 1)\n"
    ),
    "calls of many with one name": repeated(
        "if a: \n    def f():\n        with configure_scope() as s: s.set_tag('a', 1)\nf()\n",
        after="sentry_sdk.init()\n",
    ),
    "calls of one method": repeated(
        "A().f()\n", "class A:\n    def f(self): sentry_sdk.init()\n", "Hub.current.flush()\n"
    ),
    "calls of many methods": repeated(
        "class A{i}(A0):\n    def f(self):\n"
        "        with configure_scope() as s: s.set_tag('a', 1)\n",
        "class A0:\n    def f(self): sentry_sdk.init()\n",
        "A0().f()\n" * 20,
    ),
    "calls of each of many methods": repeated(
        "class A{i}(A0):\n    def f(self):\n"
        "        with configure_scope() as s: s.set_tag('a', 1)\n"
        "A{i}().f()\nA0().f()\n",
        "class A0:\n    def f(self): sentry_sdk.init()\n",
    ),
    "constructors": repeated(
        "class A{i}(A{p}):\n    def __init__(self):\n"
        "        with configure_scope() as s: s.set_tag('a', 1)\n"
        "A{i}()\n",
        "class A0:\n    def __init__(self): sentry_sdk.init()\n",
    ),
    "cloned blocks that call": repeated(
        "def f{i}():\n    f{p}()\n    with Hub(Hub.current) as hub:\n        f{n}()\n"
        "        hub.capture_message('x')\n",
        "def f0(): sentry_sdk.last_event_id()\n",
    ),
    "cloned blocks that call one": repeated(
        "    with Hub(Hub.current) as hub:\n        g()\n        hub.last_event_id()\n",
        "def g(): sentry_sdk.last_event_id()\ndef f():\n",
    ),
    "blocks before calls": repeated(
        "    with configure_scope() as s: s.set_tag('a', 1)\n    f{i}()\n",
        "def main():\n    sentry_sdk.init()\n",
        "main()\n",
    ),
    "blocks before calls of one": repeated(
        "    with configure_scope() as s: s.set_tag('a', 1)\n    f()\n",
        "def f(): pass\ndef main():\n    sentry_sdk.init()\n",
        "main()\n",
    ),
    "inits between blocks": repeated(
        "with configure_scope() as s: s.set_tag('a', 1)\nsentry_sdk.init()\n",
    ),
    "event ids of functions": repeated(
        "def f{i}():\n    f{p}()\n    return sentry_sdk.last_event_id()\n",
        "def f0(): sentry_sdk.capture_message('x')\n",
    ),
    "threads": repeated(
        "import threading\ndef f{i}():\n    with configure_scope() as s: s.set_tag('a', 1)\n"
        "threading.Thread(target=f{i}).start()\n"
    ),
}

EXPRESSIONS = {
    "or": joined("hasattr(x, 'y{i}')", " or ", "z = "),
    "or of nothing": joined("x.y{i}", " or ", "hasattr(x, 'y')\nz = "),
    "and": joined("x", " and ", "x = hasattr(x, 'y')\nif ", ": pass\n"),
    "or of hubs": joined("Hub.current", " or ", "hub = "),
    "or of clients": joined("Hub.current.client", " or ", "if ", ": pass\n"),
    "or of variables": joined("h", " or ", "h = Hub.current\nhub = ", "\nhub.flush()\n"),
    "or on the right": wrapped("(Hub.current or ", ")", "hub = ", "Hub.current"),
    "not": wrapped("not ", "", "x = ", "Hub.current.client"),
    "comparison": joined("Hub.current.client", " == ", "x = hasattr(x, 'y') or "),
    "sum": joined("hasattr(x, 'y{i}')", " + ", "z = "),
    "sum of data": joined("'a{i}'", " + ", "with push_scope() as s: s.user = "),
    "attributes": wrapped("", ".y", "x = hasattr(x, 'y') or ", "x"),
    "attributes of a hub": wrapped("", ".client", "x = ", "Hub.current"),
    "attributes of the module": wrapped("", ".Hub", "x = ", "sentry_sdk"),
    "items": wrapped("", "[0]", "x = hasattr(x, 'y') or ", "x"),
    "calls in a row": wrapped("", ".f()", "x = hasattr(x, 'y') or ", "x"),
    "child spans": wrapped("", ".start_child()", "x = ", "sentry_sdk.start_span()"),
    "calls inside calls": wrapped("f(", ")", "x = hasattr(x, 'y') or ", "Hub.current"),
    "hubs inside hubs": wrapped("Hub(", ")", "x = ", "Hub.current"),
    "hasattr in hasattr": wrapped("hasattr(", ", 'a')", "x = ", "sentry_sdk"),
    "copies in a row": wrapped("", ".copy()", "with push_scope() as s: s.user = ", "{}"),
    "lists": wrapped("[", "]", "with push_scope() as s: s.user = ", "Hub.current"),
    "dictionaries": wrapped("{'a': ", "}", "sentry_sdk.init(_experiments=", "1", ")\n"),
    "options inside": wrapped("{**", "}", "sentry_sdk.init(**", "{'with_locals': 1}", ")\n"),
    "options in dict": wrapped("dict(**", ")", "sentry_sdk.init(**", "{'with_locals': 1}", ")\n"),
    "either options": wrapped(
        "(x if y else ", ")", "sentry_sdk.init(**", "{'with_locals': 1}", ")\n"
    ),
    "lambdas inside": wrapped("lambda: ", "", "x = ", "Hub.current.flush()"),
    "comprehensions inside": wrapped("[x for x in ", "]", "x = ", "Hub.current"),
    "comprehension": joined(
        "for a{i} in b if hasattr(a{i}, 'b')", " ", "x = [Hub.current.flush() ", "]\n"
    ),
    "strings side by side": joined("'sentry_sdk {i}'", " ", "x = ", "\nHub.current.flush()\n"),
    "formatted": joined("{{Hub.current.client}}", "", "x = f'", "'\n"),
    "arguments": joined("Hub.current", ", ", "f(", ")\n"),
    "managers": joined("push_scope() as s{i}", ", ", "with ", ": s1.set_tag('a', 1)\n"),
    "configured managers": joined(
        "configure_scope() as s{i}", ", ", "with ", ": s1.set_tag('a', 1)\n"
    ),
    "hub managers": joined("Hub(Hub.current)", ", ", "with ", ": Hub.current.flush()\n"),
    "targets": joined("x{i}", " = ", "", " = Hub.current\nx1.flush()\n"),
    "tuple of targets": joined("x{i}", ", ", "def f(x): ", " = x\nHub.current.flush()\n"),
    "names of an import": joined(
        "Hub as H{i}", ", ", "from sentry_sdk import ", "\nH1.current.flush()\n"
    ),
    "names of a try": joined(
        "push_scope as p{i}", ", ", "try: from sentry_sdk import ", "\nexcept ImportError: pass\n"
    ),
    "parameters": joined("x{i}: Hub = None", ", ", "def f(", "): x1.flush()\n"),
    "annotation": joined("Hub", " | ", "def f(x: ", "): x.flush()\n"),
    "optional": wrapped("Optional[", "]", "def f(x: ", "Hub", "): x.flush()\n"),
    "statements on a line": joined("Hub.current.flush()", "; ", ""),
}

# Python ends at 20 blocks inside one another. A block that is taken away dedents what is in it,
# line by line, so that the edits of N such blocks grow faster than N.
BLOCKS = {
    "hubs with clients inside hubs": nested(
        "with Hub(client) as hub{i}:", "client = sentry_sdk.Client()\n", "hub0.flush()\n"
    ),
    "pushes": nested("with push_scope() as s{i}:\n s{i}.set_tag('a', 1)"),
    "pushes with one name": nested("with push_scope() as s:\n s.set_tag('a', 1)"),
    "pushes of all": nested("with push_scope() as s{i}:\n s0.set_tag('a', 1)"),
    "configured": nested("with configure_scope() as s{i}:\n s{i}.set_tag('a', 1)"),
    "configured and routed": nested("with configure_scope() as s{i}:\n s{i}.span"),
    "both": nested("with push_scope():\n with configure_scope() as s: s.set_tag('a', 1)"),
    "cloned": nested("with Hub(Hub.current) as h{i}:\n h{i}.flush()"),
    "nested functions": nested("def f{i}():\n h{i} = Hub.current\n h0.flush()"),
    "nested functions that ask": nested("def f{i}():\n if hasattr(a, 'b'): return f{p}()"),
    "nested classes with methods": nested(
        "class A{i}:\n def f(self):\n  with configure_scope() as s: s.set_tag('a', 1)"
    ),
    "nested classes": nested("class A{i}:\n h = Hub.current"),
    "nested tries": nested(
        "try:", "", "sentry_sdk.new_scope()", "except AttributeError: push_scope()"
    ),
    "nested import tries": nested(
        "try:\n from sentry_sdk import new_scope as n{i}",
        "",
        "pass",
        "except ImportError: n{i} = None",
    ),
}

_HUB = "from sentry_sdk import Hub\n"
CONTAINERS = {
    "dictionaries of functions": lambda count: (
        _HUB
        + "".join(
            f"def f{at}():\n    d = {{}}\n    d['a'] = Hub.current\n    d['b'].flush()\n"
            for at in range(count)
        )
    ),
    "dictionaries of classes": lambda count: (
        _HUB
        + "".join(
            f"class A{at}:\n    def f(self):\n        self.d = {{}}\n        self.d['a'] = Hub.current\n"
            "        self.d['b'].flush()\n"
            for at in range(count)
        )
    ),
    "one dictionary": lambda count: (
        _HUB + "d = {}\n" + "d['a'] = Hub.current\n" * count + "d['b'].flush()\n" * count
    ),
    "parts of a tuple": lambda count: (
        _HUB
        + ", ".join(f"a{at}" for at in range(count))
        + " = "
        + ", ".join("Hub.current" for _ in range(count))
        + "\n"
        + "".join(f"a{at}.flush()\n" for at in range(count))
    ),
    "parameters by comment": lambda count: (
        _HUB
        + f"def f({', '.join(f'a{at}' for at in range(count))}):"
        + f"  # type: ({', '.join(['Hub'] * count)}) -> None\n"
        + "".join(f"    a{at}.flush()\n" for at in range(count))
    ),
    "a long annotation": lambda count: (
        _HUB + f"def f() -> Union[{', '.join(['Hub'] * count)}]: ...\n" + "f().flush()\n" * count
    ),
}
SHAPES = {**FLOW, **CHAINS, **FUNCTIONS, **FINDINGS, **EXPRESSIONS, **CONTAINERS}
"""What has no end in Python, by name."""
