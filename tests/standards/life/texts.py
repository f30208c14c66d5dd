"""The text of a standard as an editor has it before them, and what they do to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import NamedTuple

from hypothesis import strategies as st

WORDS = 8


class Part(NamedTuple):
    """A clause: a name that only the machine knows and nothing changes, a heading, its words."""

    name: str
    title: str
    words: tuple[str, ...]


Parts = tuple[Part, ...]


class Edit(NamedTuple):
    """One thing done to a text: what, to which part, and where to or with which."""

    what: str
    at: int
    to: int


def source_of(parts: Sequence[Part]) -> str:
    """The Markdown of a text."""
    return "\n\n".join(f"## {part.title}\n\n{' '.join(part.words)}." for part in parts)


@dataclass
class Desk:
    """A text being edited; `copied` are the parts that were pasted, with those they were taken
    from."""

    parts: list[Part]
    gone: Sequence[Part]
    fresh: Callable[[], int]
    copied: dict[str, str] = field(default_factory=dict)

    def do(self, edits: Sequence[Edit]) -> Parts:
        """The text after some edits."""
        for edit in edits:
            at, to = edit.at % len(self.parts), edit.to % len(self.parts)
            getattr(self, f"_{edit.what}")(at, to)
        return tuple(self.parts)

    def _word(self, at: int, to: int) -> None:
        part = self.parts[at]
        words = [*part.words]
        words[to % len(words)] = f"word{self.fresh()}"
        self.parts[at] = part._replace(words=tuple(words))

    def _rename(self, at: int, _to: int) -> None:
        part = self.parts[at]
        self.parts[at] = part._replace(title=f"Clause {part.name} again {self.fresh()}")

    def _move(self, at: int, to: int) -> None:
        self.parts.insert(to, self.parts.pop(at))

    def _insert(self, at: int, _to: int) -> None:
        self.parts.insert(at, new_part(self.fresh))

    def _remove(self, at: int, _to: int) -> None:
        if len(self.parts) > 1:
            del self.parts[at]

    def _split(self, at: int, _to: int) -> None:
        part = self.parts[at]
        half = max(1, len(part.words) // 2)
        other = new_part(self.fresh)._replace(words=part.words[half:] or ("more",))
        self.parts[at : at + 1] = [part._replace(words=part.words[:half]), other]

    def _merge(self, at: int, to: int) -> None:
        if at != to:
            one, other = self.parts[at], self.parts[to]
            self.parts[at] = one._replace(words=one.words + other.words)
            del self.parts[to]

    def _copy(self, at: int, _to: int) -> None:
        part, other = self.parts[at], new_part(self.fresh)
        self.copied[other.name] = self.copied.get(part.name, part.name)
        self.parts.insert(at + 1, other._replace(words=part.words))

    def _bring_back(self, at: int, _to: int) -> None:
        lost = [part for part in self.gone if part.name not in {each.name for each in self.parts}]
        if lost:
            self.parts.insert(at, lost[at % len(lost)])


WHAT = tuple(name[1:] for name in vars(Desk) if name[0] == "_" and name[1] != "_")
EDITS = st.lists(st.builds(Edit, st.sampled_from(WHAT), st.integers(0, 9), st.integers(0, 9)))


def numbers() -> Callable[[], int]:
    """Numbers that come once."""
    following = count(1)
    return lambda: next(following)


def new_part(fresh: Callable[[], int]) -> Part:
    """A clause that nobody has written before, in words that stand nowhere else."""
    name = f"n{fresh()}"
    return Part(name, f"Clause {name}", tuple(f"word{fresh()}" for _ in range(WORDS)))
