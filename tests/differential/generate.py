"""Programs made from a number: scopes, hubs, spans and setters nested at random.

They find what nobody thought of writing down. A number gives the same program for ever.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from differential.program import Program

MADE = 80
"""How many of them the tests run."""

HEAD = """import sentry_sdk
from sentry_sdk import Hub, push_scope
"""

KEYS = ("a", "b", "c")


@dataclass
class _Writer:
    """Writes one program, line by line."""

    choose: random.Random
    lines: list[str] = field(default_factory=list)
    scopes: list[str] = field(default_factory=list)
    hubs: list[str] = field(default_factory=list)
    helpers: list[str] = field(default_factory=list)
    names: int = 0
    messages: int = 0

    def line(self, depth: int, text: str) -> None:
        self.lines.append("    " * depth + text)

    def name(self, prefix: str) -> str:
        self.names += 1
        return f"{prefix}{self.names}"

    def message(self) -> str:
        self.messages += 1
        return f'"m{self.messages}"'

    def pair(self) -> str:
        return f'"{self.choose.choice(KEYS)}", "{self.choose.randint(1, 9)}"'

    def body(self, depth: int, budget: int) -> None:
        """A block of one to four statements."""
        for _ in range(self.choose.randint(1, 4)):
            self.statement(depth, budget)

    def statement(self, depth: int, budget: int) -> None:
        plain = [self.top_level, self.top_level, self.capture, self.capture, self.hub_member]
        if self.scopes:
            plain += [self.scope_member] * 5
        if self.hubs:
            plain += [self.hub_variable] * 3
        if self.helpers:
            plain += [self.helper]
        blocks = [self.push, self.push, self.configure, self.clone, self.span, self.flow]
        if budget > 0 and self.choose.random() < 0.5:
            self.choose.choice(blocks)(depth, budget - 1)
        else:
            self.choose.choice(plain)(depth)

    # plain statements

    def top_level(self, depth: int) -> None:
        number = self.choose.randint(1, 9)
        self.line(
            depth,
            "sentry_sdk."
            + self.choose.choice(
                (
                    f"set_tag({self.pair()})",
                    f"set_extra({self.pair()})",
                    f'set_user({{"id": "{number}"}})',
                    f'set_context("c", {{"n": {number}}})',
                    'set_level("warning")',
                    f"add_breadcrumb(message={self.message()})",
                )
            ),
        )

    def capture(self, depth: int) -> None:
        self.line(depth, f"sentry_sdk.capture_message({self.message()})")

    def hub_member(self, depth: int) -> None:
        self.line(
            depth,
            self.choose.choice(
                (
                    f"Hub.current.capture_message({self.message()})",
                    f"Hub.current.add_breadcrumb(message={self.message()})",
                    f"Hub.current.scope.set_tag({self.pair()})",
                    f"sentry_sdk.configure_scope(lambda s: s.set_tag({self.pair()}))",
                    f"Hub.current.configure_scope(lambda s: s.set_extra({self.pair()}))",
                )
            ),
        )

    def scope_member(self, depth: int) -> None:
        self.use_scope(depth, self.choose.choice(self.scopes))

    def use_scope(self, depth: int, scope: str) -> None:
        number = self.choose.randint(1, 9)
        key = self.choose.choice(KEYS)
        member = self.choose.choice(
            (
                f"set_tag({self.pair()})",
                f"set_tag({self.pair()})",
                f"set_extra({self.pair()})",
                f'set_user({{"id": "{number}"}})',
                "set_user(None)",
                f'remove_tag("{key}")',
                f'remove_extra("{key}")',
                "clear_breadcrumbs()",
                f'fingerprint = ["f{number}"]',
                'set_level("error")',
                'level = "fatal"',
                f'user = {{"id": "{number}"}}',
                f'set_transaction_name("n{number}")',
                "transaction",
                "span",
            )
        )
        if member in ("transaction", "span"):
            self.line(depth, f"if {scope}.{member}:")
            self.line(depth + 1, f"{scope}.{member}.set_tag({self.pair()})")
        else:
            self.line(depth, f"{scope}.{member}")

    def hub_variable(self, depth: int) -> None:
        hub = self.choose.choice(self.hubs)
        self.line(
            depth,
            self.choose.choice(
                (
                    f"{hub}.capture_message({self.message()})",
                    f"{hub}.add_breadcrumb(message={self.message()})",
                    f"{hub}.scope.set_tag({self.pair()})",
                    f"{hub}.scope.set_user(None)",
                )
            ),
        )

    def helper(self, depth: int) -> None:
        self.line(depth, f"{self.choose.choice(self.helpers)}()")

    # blocks

    def inside(self, depth: int, budget: int, scope: str = "", hub: str = "") -> None:
        self.scopes += [scope] * bool(scope)
        self.hubs += [hub] * bool(hub)
        if scope and self.choose.random() < 0.8:
            self.use_scope(depth, scope)
        self.body(depth, budget)
        if self.choose.random() < 0.6:
            self.capture(depth)
        del self.scopes[len(self.scopes) - bool(scope) :]
        del self.hubs[len(self.hubs) - bool(hub) :]

    def push(self, depth: int, budget: int) -> None:
        form = self.choose.choice(
            ("sentry_sdk.push_scope()", "push_scope()", "Hub.current.push_scope()")
        )
        if self.hubs and self.choose.random() < 0.3:
            form = f"{self.choose.choice(self.hubs)}.push_scope()"
        name = self.name("s") if self.choose.random() < 0.8 else ""
        self.line(depth, f"with {form} as {name}:" if name else f"with {form}:")
        self.inside(depth + 1, budget, scope=name)

    def configure(self, depth: int, budget: int) -> None:
        form = self.choose.choice(("sentry_sdk.configure_scope()", "Hub.current.configure_scope()"))
        name = self.name("c")
        self.line(depth, f"with {form} as {name}:")
        self.inside(depth + 1, budget, scope=name)
        if self.choose.random() < 0.3:
            self.use_scope(depth, name)

    def clone(self, depth: int, budget: int) -> None:
        name = self.name("h") if self.choose.random() < 0.7 else ""
        self.line(depth, f"with Hub(Hub.current) as {name}:" if name else "with Hub(Hub.current):")
        self.inside(depth + 1, budget, hub=name)

    def span(self, depth: int, budget: int) -> None:
        form = self.choose.choice(
            (
                'sentry_sdk.start_span(op="step")',
                'Hub.current.start_span(op="step", description="d")',
                'sentry_sdk.start_transaction(name="t", op="task")',
            )
        )
        self.line(depth, f"with {form}:")
        self.inside(depth + 1, budget)

    def flow(self, depth: int, budget: int) -> None:
        kind = self.choose.choice(("if", "for", "try", "hub"))
        if kind == "if":
            self.line(depth, "if True:")
            self.inside(depth + 1, budget)
        elif kind == "for":
            self.line(depth, "for _ in range(2):")
            self.inside(depth + 1, budget)
        elif kind == "try":
            self.line(depth, "try:")
            self.inside(depth + 1, budget)
            self.line(depth + 1, f"raise ValueError({self.message()})")
            self.line(depth, "except ValueError as error:")
            self.line(depth + 1, "sentry_sdk.capture_exception(error)")
            self.inside(depth + 1, budget)
        else:
            name = self.name("h")
            self.line(depth, f"{name} = Hub.current")
            self.hubs.append(name)
            self.body(depth, budget)
            self.hubs.remove(name)

    def function(self, name: str, budget: int) -> None:
        self.line(0, "")
        self.line(0, f"def {name}():")
        self.body(1, budget)
        self.line(0, "")


def generate(number: int) -> str:
    """The program with this number."""
    writer = _Writer(random.Random(number))
    writer.function("helper", 1)
    writer.helpers.append("helper")
    writer.function("main", 3)
    writer.line(0, "")
    writer.line(0, 'sentry_sdk.set_tag("base", "1")')
    if writer.choose.random() < 0.6:
        writer.line(0, 'with sentry_sdk.start_transaction(name="root", op="task"):')
        writer.line(1, "main()")
        writer.line(1, 'sentry_sdk.capture_message("after main")')
    else:
        writer.line(0, "main()")
    writer.line(0, 'sentry_sdk.capture_message("end")')
    return HEAD + "\n".join(writer.lines) + "\n"


def random_programs() -> tuple[Program, ...]:
    """The programs that the tests run."""
    return tuple(
        Program(f"random/{number}", (), generate(number), "safe", setup="traced")
        for number in range(MADE)
    )
