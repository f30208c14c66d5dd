"""What the machine knows of everybody's last word, without having asked the forum."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable


class Remembered:
    """Votes and comments by the idea they were given to, and which ideas stand within which.

    Somebody supports an idea who supports it or one that is merged into it; who takes support back
    takes it back from all of them. So a merge loses nothing, and separating what was merged gives
    back what nobody has changed since. A comment stands where its idea has gone.
    """

    def __init__(self) -> None:
        self.merged: dict[int, int] = {}
        self.hidden: set[int] = set()
        self.trashed: set[int] = set()
        self._backed: dict[int, set[int]] = defaultdict(set)
        self._said: dict[int, int] = {}
        self._texts: dict[int, int] = {}

    def merge(self, parent: int, texts: dict[int, int]) -> None:
        """Children, each with the comment that its text became, are part of an idea now."""
        for child, comment in texts.items():
            self.merged[child] = parent
            self._said[comment] = parent
            self._texts[comment] = child

    def separate(self, child: int) -> None:
        """A child stands by itself again."""
        del self.merged[child]

    def where(self, idea: int) -> int:
        """The idea that one has become part of in the end, itself where it is part of none."""
        while idea in self.merged:
            idea = self.merged[idea]
        return idea

    def _inside(self, idea: int) -> list[int]:
        return [each for each in {*self._backed, idea} if self._leads(each, idea)]

    def _leads(self, each: int, idea: int) -> bool:
        while each != idea and each in self.merged:
            each = self.merged[each]
        return each == idea

    def support(self, idea: int, person: int) -> None:
        """Somebody supports an idea; twice is once."""
        if person not in self.supporters(idea):
            self._backed[idea].add(person)

    def take_back(self, idea: int, person: int) -> None:
        """Somebody supports an idea no more, and nothing that is part of it."""
        for each in self._inside(idea):
            self._backed[each].discard(person)

    def supporters(self, idea: int) -> set[int]:
        """Who supports an idea; nobody one that is merged, whose support is where it went."""
        if idea in self.merged:
            return set()
        return set().union(*(self._backed[each] for each in self._inside(idea)))

    def say(self, comment: int, idea: int, parent: int | None = None) -> None:
        """A comment was written under an idea; a reply belongs to what it replies to."""
        if parent is None:
            self._said[comment] = idea
        else:
            self._said[comment] = self._texts.get(parent, self._said.get(parent, idea))

    def places(self) -> dict[int, int]:
        """Every comment with the idea under which it stands."""
        return {comment: self.where(idea) for comment, idea in self._said.items()}

    def votes(self, ideas: Iterable[int]) -> dict[int, set[int]]:
        """Those of the ideas that somebody supports, with who does."""
        return {idea: people for idea in ideas if (people := self.supporters(idea))}

    def hide(self, idea: int, *, hidden: bool) -> None:
        """A moderator hides an idea or shows it again; in the trash neither happens."""
        if idea not in self.trashed:
            (self.hidden.add if hidden else self.hidden.discard)(idea)

    def is_out_of_sight(self, idea: int) -> bool:
        """Whether only its author and moderators see it."""
        return idea in self.hidden or idea in self.trashed
