"""Programs that use, as code for 1.x does, the name that a difference is about; and who finds it.

Each program has a control, which is the same without that name: a rule that finds something in
both says nothing about the difference.
"""

from __future__ import annotations

from collections.abc import Iterator

from differential.differences import Difference
from sentry_migrate.engine.analyze import analyze
from sentry_migrate.project.config import Settings
from sentry_migrate.rules import RULES
from sentry_migrate.text.source import Source

_INSTANCES = {
    "Hub": "sentry_sdk.Hub.current",
    "Scope": "sentry_sdk.get_current_scope()",
    "Span": "sentry_sdk.get_current_span()",
    "Transaction": "sentry_sdk.start_transaction()",
    "_Client": "sentry_sdk.Client()",
}
"""What makes or gives one, by class."""

Program = tuple[str, str]
"""The text, and its control."""

_EVERY = Settings(select=tuple(RULES))
_VALUES = {
    "hub": "sentry_sdk.Hub.current",
    "parent_hub": "sentry_sdk.Hub.current",
    "client": "sentry_sdk.Client()",
    "span": "sentry_sdk.get_current_span()",
    "transaction": "sentry_sdk.get_current_span()",
    "type": "'store'",
}
_NOTHING = "import sentry_sdk\nprint(sentry_sdk)\n"


def found(difference: Difference) -> tuple[str, ...]:
    """The rules that find each form of the difference's use, by name; of several forms, any."""
    rules: set[str] = set()
    for text, control in programs(difference):
        rules |= names(text) - names(control)
    return tuple(sorted(rules))


def names(text: str) -> set[str]:
    """The rules with a finding in a text. Raises RuntimeError if it cannot be analysed."""
    result = analyze(Source(text), _EVERY)
    if result.failure is not None:
        raise RuntimeError(f"{result.failure}\n{text}")
    return {finding.name for finding in result.findings}


def programs(difference: Difference) -> Iterator[Program]:
    """Uses of the name in each form that code can have."""
    name, kind = difference.name, difference.kind
    head, _, tail = name.partition("(")[0].rpartition(".")
    if kind == "module removed":
        yield f"import {name}\nprint({name})\n", _NOTHING
    elif kind in ("removed", "moved", "import removed", "value", "kind"):
        yield from _name(head, tail)
    elif name.startswith("sentry_sdk.consts.Experiments."):
        text = "import sentry_sdk\nsentry_sdk.init(_experiments={'NAME': True})\n"
        yield text.replace("NAME", tail), text.replace("NAME", "other")
    elif kind in ("member removed", "base removed"):
        yield from _member(head, tail, difference)
    elif kind == "warns":
        yield from _warned(head, tail)
    elif name.startswith("sentry_sdk.init("):
        yield from _option(difference)
    else:
        yield from _parameter(difference)


def _name(module: str, name: str) -> Iterator[Program]:
    yield f"from {module} import {name}\nprint({name})\n", _NOTHING
    yield f"import {module}\nprint({module}.{name})\n", _NOTHING


def _member(owner: str, name: str, difference: Difference) -> Iterator[Program]:
    if difference.kind == "base removed":
        owner, name = difference.name, "__class__"
    module, _, local = owner.rpartition(".")
    for text in (
        f"from {module} import {local}\ndef use(thing: {local}):\n    return thing.NAME\n",
        f"from {module} import {local}\nclass Own({local}):\n"
        "    def use(self):\n        return self.NAME\n",
        f"from {module} import {local}\nprint({local}.NAME)\n",
        f"from {module} import {local}\nprint({local}().NAME())\n",
        f"import sentry_sdk\nprint({_INSTANCES.get(local, 'sentry_sdk')}.NAME)\n",
    ):
        yield text.replace("NAME", name), text.replace("NAME", "other")


def _option(difference: Difference) -> Iterator[Program]:
    name = difference.name.partition("(")[2].rstrip(")")
    if difference.kind == "parameter kind":
        given = ", ".join("None" for _ in difference.parameters)
        yield (
            f"import sentry_sdk\nsentry_sdk.init('', {given})\n",
            "import sentry_sdk\nsentry_sdk.init()\n",
        )
    yield (
        f"import sentry_sdk\nsentry_sdk.init({name}=True)\n",
        "import sentry_sdk\nsentry_sdk.init(sample_rate=1)\n",
    )
    if difference.kind == "default":
        yield (
            "import sentry_sdk\nsentry_sdk.init()\n",
            f"import sentry_sdk\nsentry_sdk.init({name}=False)\n",
        )


def _parameter(difference: Difference) -> Iterator[Program]:
    """Calls by place and by name, of a function or a method; and a method that overrides it."""
    path, _, parameter = difference.name.rstrip(")").partition("(")
    head, _, function = path.rpartition(".")
    given = difference.parameters
    values = [_VALUES.get(name, "print") for name in given]
    arguments = [
        ", ".join(values),
        ", ".join(f"{name}={value}" for name, value in zip(given, values, strict=True)),
    ]
    if difference.kind == "default":
        arguments.append("")
    control = f"import sentry_sdk\nprint({arguments[0]})\n"
    owner = head.rpartition(".")[2]
    if not owner[:1].isupper():
        begin = f"import sentry_sdk\nfrom {head} import {function}\n"
        yield from ((f"{begin}{function}({form})\n", control) for form in arguments)
        return
    module = head.rpartition(".")[0]
    begin = f"import sentry_sdk\nfrom {module} import {owner}\n"
    for form in arguments:
        yield f"{begin}def use(thing: {owner}):\n    thing.{function}({form})\n", control
        yield f"{begin}made = {owner}(None, None)\nmade.{function}({form})\n", control
    before, _, after = ", ".join(given).partition(parameter)
    rest = before + ", ".join(f"{name}={name}" for name in after.split(", ") if name)
    yield (
        f"{begin}class Own({owner}):\n    def use(self, {', '.join(given)}):\n"
        f"        self.{function}({rest})\n",
        control,
    )
    yield (
        f"{begin}class Own({owner}):\n"
        f"    def {function}({', '.join(['self', *given])}):\n        pass\n",
        f"{begin}class Own({owner}):\n    def other(self):\n        pass\n",
    )


def _warned(owner: str, name: str) -> Iterator[Program]:
    """What the SDK warns about: a name, an option, a parameter or a member."""
    local = owner.rpartition(".")[2]
    if local:
        thing = _INSTANCES.get(local, f"sentry_sdk.{local}")
        for use in (
            f"print({thing}.NAME)",
            f"{thing}.NAME = 1",
            f"{thing}.NAME('a', 1)",
            f"{thing}.NAME(print)",
            f"print(sentry_sdk.{local}.NAME)",
        ):
            text = f"import sentry_sdk\n{use}\n"
            yield text.replace("NAME", name), text.replace("NAME", "other")
        text = f"from sentry_sdk.tracing import {local}\n{local}.NAME({{}})\n"
        yield text.replace("NAME", name), text.replace("NAME", "other")
        text = (
            f"from sentry_sdk.transport import {local}\nclass Own({local}):\n"
            "    def capture_envelope(self, envelope):\n        pass\n"
            "    def NAME(self, event):\n        pass\n"
        )
        yield text.replace("NAME", name), text.replace("NAME", "other")
        if local == "_InitGuard":
            yield "import sentry_sdk\nwith sentry_sdk.init():\n    pass\n", _NOTHING
    else:
        for text in (
            "import sentry_sdk\nsentry_sdk.init(NAME=True)\n",
            "import sentry_sdk\nsentry_sdk.init(_experiments={'NAME': True})\n",
            "import sentry_sdk\nsentry_sdk.NAME()\n",
            "import sentry_sdk\nsentry_sdk.start_span(NAME=1)\n",
            "import sentry_sdk\nsentry_sdk.start_span().finish(NAME=sentry_sdk.Hub.current)\n",
            "import sentry_sdk\nprint(sentry_sdk.start_span().NAME)\n",
            "from sentry_sdk.sessions import NAME\nprint(NAME())\n",
            "from sentry_sdk.profiler import NAME\nprint(NAME())\n",
            "from sentry_sdk.debug import NAME\nprint(NAME())\n",
            "import sentry_sdk\n"
            "from sentry_sdk.integrations.redis import RedisIntegration\n"
            "sentry_sdk.init(integrations=[RedisIntegration(NAME=1)])\n",
            "from sentry_sdk.integrations.redis import NAME\nNAME(max_data_size=1)\n",
            "from sentry_sdk.transport import HttpTransport\nclass Own(HttpTransport):\n"
            "    def use(self):\n        return self.NAME\n",
        ):
            yield text.replace("NAME", name), text.replace("NAME", "other")
