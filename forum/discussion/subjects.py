"""What a thread hangs on, told by the features above: may it be seen, may it be talked about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from forum.accounts.models import Person


@dataclass(frozen=True, slots=True)
class Subject:
    """How a kind of thing that holds a thread answers questions about itself."""

    load_visible: Callable[[Person, int], Any]
    may_comment: Callable[[Person, Any], bool]
    url: Callable[[Any], str]
    commented: Callable[[Any, int], None]


SUBJECTS: dict[str, Subject] = {}
"""By kind: `idea`, `standard`. `commented(thing, change)` keeps its counters."""
