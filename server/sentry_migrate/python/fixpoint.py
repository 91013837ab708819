"""Questions whose answers depend on each other's, each worked out once.

Owns remembering answers, rings of questions, how deep questions go and how much work they may be.
Refuses to know what is asked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

_Subject = TypeVar("_Subject")
_Answer = TypeVar("_Answer")

STEPS = 100
"""How often one kind of question may be asked for each character of the text, answered or not."""

_DEPTH = 40  # a question under another is about eight frames; Python stops at 1,000 by default
_PASSES = 12
_NEVER = 1 << 60


class Questions(Generic[_Subject, _Answer]):
    """One question about many subjects, which are told apart by their id() and must stay alive.

    `answer` works one out and may ask about other subjects. Where that leads back to a subject, it
    is given `first`, and all subjects of such a ring are worked out again until their answers no
    longer change: the answers do not depend on which subject is asked about first. `unknown` is the
    answer once more than `steps` were asked, and where a ring does not come to rest.
    """

    __slots__ = (
        *("_answer", "_final", "_first", "_guesses", "_left", "_low", "_members"),
        *("_number", "_open", "_outdated", "_path", "_unknown", "_used", "_waiting", "gave_up"),
    )

    def __init__(
        self,
        answer: Callable[[_Subject], _Answer],
        first: _Answer,
        unknown: _Answer,
        steps: int,
    ) -> None:
        self._answer = answer
        self._first = first
        self._unknown = unknown
        self._left = steps
        self.gave_up = False
        """Whether any answer is `unknown` because finding it out was too much work."""
        self._final: dict[int, _Answer] = {}
        # What follows is of the search under way.
        self._number = 0
        self._low = _NEVER
        self._path = 0
        self._waiting: dict[int, _Subject] = {}
        self._open: dict[int, int] = {}
        self._guesses: dict[int, _Answer] = {}
        self._used: set[int] = set()
        self._outdated = False
        self._members: list[int] = []

    def ask(self, subject: _Subject) -> _Answer:
        """The answer for a subject."""
        key = id(subject)
        self._left -= 1
        if key in self._final:
            return self._final[key]
        if key in self._open:
            self._low = min(self._low, self._open[key])
            self._used.add(key)
            return self._guesses[key]
        if self._path == 0:
            return self._from_above(subject)
        if self._path >= _DEPTH or key in self._waiting:
            raise _TooDeep(self, subject)
        return self._work_out(subject)

    def _from_above(self, subject: _Subject) -> _Answer:
        """Answer what is asked from outside, what lies too deep before what depends on it."""
        waiting = self._waiting = {id(subject): subject}
        while waiting:
            try:
                self._work_out(next(reversed(waiting.values())))
            except _TooDeep as deep:
                self._forget()
                if deep.questions is not self:
                    raise
                if id(deep.subject) in waiting:
                    self._final[id(deep.subject)] = self._give_up()  # a ring too long to follow
                else:
                    waiting[id(deep.subject)] = deep.subject
            except BaseException:
                self._forget()
                raise
            else:
                waiting.popitem()
        return self._final[id(subject)]

    def _work_out(self, subject: _Subject) -> _Answer:
        """Tarjan's search for rings, in which a ring is worked out until it comes to rest: until
        no guess that was given away has changed."""
        key, above, begin = id(subject), self._low, len(self._members)
        if key in self._final:
            return self._final[key]
        outdated = self._outdated
        self._number += 1
        number = self._open[key] = self._number
        self._guesses.setdefault(key, self._first)
        self._members.append(key)
        self._path += 1
        for turn in range(_PASSES + 1):
            self._low, self._outdated = _NEVER, False
            self._used.discard(key)
            more = self._left >= 0 and turn < _PASSES
            answer = self._answer(subject) if more else self._give_up()
            if answer != self._guesses[key] and key in self._used:
                self._outdated = True
            self._guesses[key] = answer
            if self._low != number or not self._outdated:
                break
            for member in self._members[begin + 1 :]:
                del self._open[member]  # to be asked again; what it said is the guess
            del self._members[begin + 1 :]
        self._path -= 1
        low = self._low
        if low < number:
            self._open[key] = low
            self._outdated |= outdated
        else:
            for member in self._members[begin:]:
                self._final[member] = self._guesses.pop(member)
                del self._open[member]
            del self._members[begin:]
            self._outdated = outdated
            low = _NEVER
        self._low = min(above, low)
        return answer

    def _give_up(self) -> _Answer:
        self.gave_up = True
        return self._unknown

    def _forget(self) -> None:
        """Drop what is not final."""
        self._number = self._path = 0
        self._low = _NEVER
        self._open.clear()
        self._guesses.clear()
        self._used.clear()
        self._outdated = False
        self._members.clear()


class _TooDeep(Exception):
    """What `questions` are asked about `subject` has to be answered before the rest."""

    def __init__(self, questions: object, subject: Any) -> None:
        super().__init__()
        self.questions = questions
        self.subject = subject
