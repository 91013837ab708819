"""What a run leaves as it is, and what depends on that: the plan of a whole project, as plain data.

A fix may be safe only while some kind of code stands nowhere in the project after the run, such as
a scope that is still pushed. Owns the names of these kinds, and finding out for all files together
which are left. An analysis of one file is told what is left elsewhere, and says what it leaves and
asked about; whoever asked about what turns out to be left is analysed again, once for each kind at
most. Calls lead on from function to function. Knows neither trees nor what is in files.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sentry_migrate.call_keys import HEIRS, callers_of, meant, module_place

PUSH = "push"
"""A scope that is pushed by the 1.x API after the run: 2.x forks only the isolation scope there."""
PASSED_SCOPE = "passed-scope"
"""A scope of 1.x that is passed on to code that may name its transaction."""
NAMES = "names"
"""A name of the transaction set by the 1.x API, which in 2.x one on the current scope overrides."""
CLEARS = "clears"
"""A scope that is cleared, which in 1.x takes away the name of the transaction, too."""
LAST_EVENT_ID = "last-event-id"
"""Code that asks for the ID of the last event, and may mean one that other code captured."""
HUB_EVENT_ID = "hub-event-id"
"""The like for a hub, which in 2.x knows only the events that are captured through it."""
OWN_HUB = "own-hub"
"""A hub with a client of its own: in 2.x, this takes the place of the application's client."""
HUB_IDENTITY = "hub-identity"
"""A place that compares hubs, or has one as a key."""
EVENT_CALLBACK = "event-callback"
"""A function that the SDK calls with each event, and that does more than change the event."""
STACKTRACE = "stacktrace"
"""An option that has every event sent with the local variables around it."""
THREADS = "threads"
"""Something that starts threads, or is run by servers that do."""
OWN_INTEGRATIONS = "own-integrations"
"""An option that may turn off what gives threads their data."""

ANYTHING = "anything"
"""A file of which finding out what it leaves failed: it counts as a place of every kind."""

_MEMBER = "member:"


def member_key(name: str) -> str:
    """The kind of member of a class, or a module, that may do more than compute a value."""
    return _MEMBER + name


def member_of(kind: str) -> str:
    """The name of the member that a kind is about; empty unless `member_key` made it."""
    return kind[len(_MEMBER) :] if kind.startswith(_MEMBER) else ""


_LATER = "later:"


def later_key(path: str) -> str:
    """The kind of code that gives the library what may do more than compute a value later."""
    return _LATER + path


_EARLY, _START = "early:", "start:"


def early_key(function: str) -> str:
    """The kind of code that calls a function, see `function_key`, before `init()`."""
    return _EARLY + function


def start_key(function: str) -> str:
    """The kind of code that calls a function while the process starts."""
    return _START + function


def function_of(kind: str) -> str:
    """The function that a kind is about; empty unless `early_key` or `start_key` made it."""
    return kind[len(_EARLY) :] if kind.startswith((_EARLY, _START)) else ""


_BINDS = "binds:"


def binds_key(function: str, what: str = "client") -> str:
    """The kind of function, see `function_key`, that binds a client, or activates a `hub`."""
    return f"{_BINDS}{what}:{function}"


def is_binding(kind: str) -> bool:
    """Whether `binds_key` made it."""
    return kind.startswith(_BINDS)


_CAUGHT = "caught:"


def caught_key(function: str) -> str:
    """The kind of code that calls a function and waits for an `AttributeError`."""
    return f"{_CAUGHT}{function}"


def is_caught(kind: str) -> bool:
    """Whether `caught_key` made it."""
    return kind.startswith(_CAUGHT)


_GIVES, _DROPS, ONLY_SETS, TAKES = "gives-hub:", "drops-hub:", "only-sets:", "takes-options:"


_READS = "reads-option:"
_JUDGED = TAKES + "judged:"


def judged_key(option: str, place: str) -> str:
    """The kind of file that has the place where an option is made, and itself says what becomes of
    that."""
    return f"{_JUDGED}{option}:{place}"


def reads_option_key(name: str) -> str:
    """The kind of code that reads an option from some dictionary."""
    return _READS + name


def is_option_read(kind: str) -> bool:
    """Whether `reads_option_key` made it."""
    return kind.startswith(_READS) and not kind.startswith(spells_option_key(""))


def file_option_key(name: str) -> str:
    """The kind of file that has an option, and that no parser here is for."""
    return f"{TAKES}file:{name}"


def spells_option_key(name: str) -> str:
    """The kind of file that has the name of an option, whatever for."""
    return f"{_READS}any:{name}"


def gives_hub_key(place: str, name: str, index: int) -> str:
    """The kind of code that gives a hub to a function of the module at `place`, as its argument at
    `index`, and can do without."""
    return f"{_GIVES}{place}:{name}:{index}"


def drops_hub_key(gives: str) -> str:
    """The kind of function that does without what `gives_hub_key` tells of."""
    return _DROPS + gives.removeprefix(_GIVES)


def gives_hub_key_of(drops: str) -> str:
    """The kind of which `drops_hub_key` made this one."""
    return _GIVES + drops.removeprefix(_DROPS)


_STAND_IN, ANY_NAME = "stand-in:", "*"


def stand_in_key(name: str, module: str = "") -> str:
    """The kind of code that puts something in the place of a name, as a test does that patches it.

    `module` is the last part of the one in which the name is replaced; empty for any. ANY_NAME is
    one that cannot be told.
    """
    return f"{_STAND_IN}{module}:{name}"


def is_stand_in(kind: str) -> bool:
    """Whether `stand_in_key` made it."""
    return kind.startswith(_STAND_IN)


@dataclass(frozen=True, slots=True)
class Site:
    """Where some kind of code is left."""

    kind: str
    line: int
    """1-based."""
    settled: bool = False
    """Whether safe fixes of the file take it away."""


@dataclass(frozen=True, slots=True)
class Move:
    """That the fixes of a module have all its code call one name of the module instead of another,
    which tests may patch."""

    old: str
    """`configure_scope`, or what the module calls it."""
    new: str
    """`get_isolation_scope`; the module has no such name before."""
    entered: bool
    """Whether what `new` gives is entered by `with`, as what `old` gives always is."""


@dataclass(slots=True, eq=False)
class Elsewhere:
    """What an analysis is told of the rest of its project, and what it asked about."""

    left: Mapping[str, str] = field(default_factory=dict)
    """By kind, where that is left: `app/views.py:12`."""
    moves: Mapping[str, Move] = field(default_factory=dict)
    """By how the text spells them, names that other modules of the project call no more:
    `app.views.configure_scope`."""
    asked: set[str] = field(default_factory=set)

    def ask(self, kind: str) -> str:
        """Where this kind of code is left; empty where it is not."""
        self.asked.add(kind)
        return self.left.get(kind, "")


@dataclass(frozen=True, slots=True)
class Call:
    """That one function calls another, or a module imports one."""

    caller: str
    """See `function_key` and `import_key`."""
    callee: str
    line: int
    """1-based."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the analysis of a file says to the plan."""

    sites: tuple[Site, ...] = ()
    asked: tuple[str, ...] = ()
    """Kinds, sorted."""
    moves: tuple[Move, ...] = ()
    """What the file's fixes do to names that tests may patch."""
    followed: tuple[str, ...] = ()
    """Those of the names in `Elsewhere.moves` whose mocks, all of them, move along."""


@dataclass(slots=True, eq=False)
class Plan:
    """What the files of a project leave, as far as they were analysed."""

    name: Callable[[str], str] = str
    """How a person is told of a path."""
    _answers: dict[str, Answer] = field(default_factory=dict)
    _told: dict[str, Mapping[str, str]] = field(default_factory=dict)
    _places: dict[str, Sequence[tuple[str, int]]] = field(default_factory=dict)
    """By kind, two of the files that leave it: of two, one is another than the one that is told."""
    _members: dict[str, str] = field(default_factory=dict)
    """The names that those kinds have which `member_key` made."""
    _askers: dict[str, set[str]] = field(default_factory=dict)
    _asked: set[str] = field(default_factory=set)
    """Kinds that nobody asked about before the last time this was asked."""
    _new: set[str] = field(default_factory=set)
    """Files that answered since it was last asked what is outdated."""
    _changed: set[str] = field(default_factory=set)
    """Kinds whose places changed since then."""
    _calls: dict[str, dict[tuple[str, str], int]] = field(default_factory=dict)
    """By caller, lines by the callee and the path of the file."""
    _called: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    """By caller and moment, the functions called then that it stands for."""
    _reached: set[str] = field(default_factory=set)
    """Kinds of functions that turned out to be called since it was last asked."""

    def take(
        self, path: str, told: Mapping[str, str], answer: Answer, as_it_is: bool = False
    ) -> None:
        """What the analysis of a file said that was told this. What its safe fixes take away is
        gone, unless the file stays `as_it_is`."""
        self._answers[path] = answer
        self._told[path] = told
        self._new.add(path)
        self._asked.update(kind for kind in answer.asked if kind not in self._askers)
        for kind in answer.asked:
            self._askers.setdefault(kind, set()).add(path)
        self.leave(path, (site for site in answer.sites if as_it_is or not site.settled))

    def leave(self, path: str, sites: Iterable[Site]) -> None:
        """What is known of a file besides what its analysis says."""
        for site in sites:
            self._leave(site.kind, path, site.line)

    def called(self) -> set[str]:
        """The kinds of functions that are known to be called early or at the start."""
        return {kind for kind in self._places if function_of(kind)}

    def kinds(self, words: Collection[str]) -> set[str]:
        """The kinds of which a place is known, as far as somebody asked about them, or they are
        members that one of these words or an operation may mean."""
        members = {
            kind
            for kind, name in self._members.items()
            if name in words or (name.startswith("__") and name.endswith("__"))
        }
        asked = self._askers.keys()
        return members | (asked if ANYTHING in self._places else asked & self._places.keys())

    def places(self, kinds: Iterable[str]) -> Iterator[tuple[str, Site]]:
        """The files and places known of some kinds, two files of each at most."""
        for kind in sorted(kinds):
            for path, line in self._places.get(kind, ()):
                yield path, Site(kind, line)

    def follow(self, path: str, calls: Iterable[Call]) -> None:
        """The calls of a file: each is made when its caller is called."""
        for call in calls:
            known = self._calls.setdefault(call.caller, {})
            if (call.callee, path) not in known:
                known[call.callee, path] = call.line
                called = self._called.get(call.caller) or {}
                for moment in (_EARLY, _START) if called else ():
                    for caller in called.get(moment, ()) if _passes_on(moment, call.callee) else ():
                        at = self._origin(moment, caller) or (path, call.line)
                        self._leave(moment + meant(call.callee, caller), *at)

    def reached(self) -> set[str]:
        """The kinds of functions that are called early or at the start, if these are news."""
        news, self._reached = self._reached, set()
        return news

    def _leave(self, kind: str, path: str, line: int) -> None:
        """Note a place of some kind of code, and what is called from there on."""
        waiting = [(kind, path, line)]
        while waiting:
            kind, path, line = waiting.pop()
            if known := self._places.get(kind):  # nothing else is called than before
                later = len(known) == 2 and (path, line) >= known[1]
                if not later and all(path != one for one, _ in known):
                    self._places[kind] = sorted([*known, (path, line)])[:2]
                    self._changed.add(kind)
                continue
            self._places[kind] = ((path, line),)
            self._changed.add(kind)
            if not (function := function_of(kind)):
                if name := member_of(kind):
                    self._members[kind] = name
                continue
            self._reached.add(kind)
            moment = kind[: -len(function)]
            origin = self._origin(moment, function)
            for caller in callers_of(function):
                self._called.setdefault(caller, {}).setdefault(moment, []).append(function)
                for (callee, where), at in self._calls.get(caller, {}).items():
                    if _passes_on(moment, callee):
                        called = moment + meant(callee, function)
                        waiting.append((called, *(origin or (where, at))))

    def _origin(self, moment: str, caller: str) -> tuple[str, int] | None:
        """Where what a caller calls is said to be called; None for where the call stands."""
        return self._places[moment + caller][0] if caller.startswith(HEIRS) else None

    def together(self) -> Iterator[tuple[str, str]]:
        """Pairs of files that change together: a function that drops a hub, and who gives it."""
        for kind, places in self._places.items():
            if kind.startswith(_DROPS):
                for path, _ in places:
                    for other in self._askers.get(kind, set()) - {path}:
                        yield path, other
                        yield other, path

    def asked(self) -> set[str]:
        """The kinds that some analysis asked about, as far as these are news."""
        news, self._asked = self._asked, set()
        return news

    def left(self, path: str, kinds: Iterable[str]) -> dict[str, str]:
        """By kind, where such code is left in another file than this. One place is enough."""
        result: dict[str, str] = {}
        for kind in kinds:
            # What is only good if it is there is promised by one file, not by any that fails.
            alone = kind.startswith((_DROPS, ONLY_SETS, TAKES))
            more = () if alone else self._places.get(ANYTHING, ())
            for other, line in (*self._places.get(kind, ()), *more):
                if other != path:
                    result[kind] = f"{self.name(other)}:{line}"
                    break
        return result

    def outdated(self) -> Iterator[tuple[str, dict[str, str]]]:
        """The files to be analysed again, with what to tell of the rest."""
        concerned = self._new.union(*(self._askers.get(kind, ()) for kind in self._changed))
        everybody = ANYTHING in self._changed
        self._new, self._changed = set(), set()
        for path in sorted(self._answers if everybody else concerned):
            told = self._told[path]
            left = {**self.left(path, self._answers[path].asked), **told}
            if left != told:
                yield path, left


def _passes_on(moment: str, callee: str) -> bool:
    """Whether a call passes a moment on. That a module is imported at the start says nothing: each
    is imported at some time, and what its code calls counts as the start where it uses the SDK."""
    return moment == _EARLY or not module_place(callee)
