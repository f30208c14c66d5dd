"""The text of a new standard: an empty outline, or one laid out from the idea it comes from.

Headings and phrases are in the text's language, not the moderator's: `speaking` sees to it.
Nobody is named in the text, because it outlives them; authors are credited beside it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from forum.core.i18n import LOCALES, _, day, speaking
from forum.core.limits import STANDARD_TEXT

OPENING, STEPS, QUOTE = 1_200, 8_000, 700
"""Characters taken from the problem, the proposal, and for each quotation."""

_HEADING = re.compile(r"^[ ]{0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*$", re.MULTILINE)
_FENCE = re.compile(r"^[ ]{0,3}(?:```|~~~)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Origin:
    """What an idea gives to a standard, read before anything is written."""

    idea_id: int
    title: str
    lang: str
    problem: str = ""
    proposal: str = ""
    reason: str = ""
    owner: str = ""
    due_on: date | None = None
    affected: Sequence[str] = ()
    conditions: Sequence[tuple[str, str]] = field(default_factory=tuple)


def blank(lang: str) -> str:
    """The headings of a standard with a word on what belongs under each."""
    with speaking(_locale(lang)):
        return _joined(
            [
                (_("Purpose"), _("What this standard is for, in a sentence or two.")),
                (_("Scope"), _("Where it applies, and where it does not.")),
                (_("Who serves whom"), _("Which department serves which, and with what.")),
                (_("Steps"), _steps_table()),
                (_("Promises"), _promises_table()),
                (_("Exceptions"), _("What happens when a case does not fit.")),
            ]
        )


def from_idea(origin: Origin) -> str:
    """A whole draft laid out from an idea, ready to be published as it is. Within its limit."""
    with speaking(_locale(origin.lang)):
        whole = _joined(
            [
                (_("Purpose"), _cut(_lowered(origin.problem), OPENING) or origin.title),
                (_("Scope"), _scope(origin)),
                (_("Who serves whom"), _service(origin)),
                (_("Steps"), _steps(origin)),
                (_("Promises"), _promise(origin)),
                (_("Exceptions"), _exceptions(origin)),
                (_("Where it comes from"), _story(origin)),
            ]
        )
    # Only fifty departments that all set conditions come near this.
    return whole if STANDARD_TEXT.allows(whole) else _cut(whole, STANDARD_TEXT.value - 10)


def with_idea(text: str, origin: Origin, lang: str) -> str:
    """An existing text with one more idea under “Where it comes from”; cut rather than refused."""
    with speaking(_locale(lang)):
        heading = f"## {_('Where it comes from')}"
        joint = "" if heading in text else f"\n\n{heading}"
        whole = f"{text.rstrip()}{joint}\n\n{_story(origin)}\n"
        short = f"{text.rstrip()}{joint}\n\n{_link(origin)}\n"
    return next((each for each in (whole, short) if STANDARD_TEXT.allows(each)), text)


def _locale(lang: str) -> str:
    return lang if lang in LOCALES else "en"


def _joined(parts: Sequence[tuple[str, str]]) -> str:
    return "\n\n".join(f"## {heading}\n\n{text.strip()}" for heading, text in parts) + "\n"


def _scope(origin: Origin) -> str:
    names = _names(origin)
    if not names:
        return _("It applies to the whole company.")
    return _("It applies to: %(departments)s.", departments=", ".join(names))


def _names(origin: Origin) -> list[str]:
    return list(dict.fromkeys(name for name in (origin.owner, *origin.affected) if name))


def _service(origin: Origin) -> str:
    served = [name for name in origin.affected if name != origin.owner]
    if not origin.owner:
        return _("Still to be agreed between the departments above.")
    if not served:
        return _("%(owner)s serves everybody who needs this.", owner=f"**{origin.owner}**")
    return _(
        "%(owner)s serves: %(departments)s.",
        owner=f"**{origin.owner}**",
        departments=", ".join(served),
    )


def _steps(origin: Origin) -> str:
    return _cut(_lowered(origin.proposal), STEPS) or _("The steps are still to be agreed.")


def _promise(origin: Origin) -> str:
    if not origin.owner:
        return _("None yet.")
    if origin.due_on is None:
        return _("- %(owner)s carries this out.", owner=f"**{origin.owner}**")
    until = day(origin.due_on)
    return _("- %(owner)s carries this out by %(day)s.", owner=f"**{origin.owner}**", day=until)


def _exceptions(origin: Origin) -> str:
    if not origin.conditions:
        return _("None known. If a case does not fit, ask the owner of this standard.")
    asked = [f"- **{name}**: {_line(reason)}" for name, reason in origin.conditions]
    return "\n".join([_("Conditions that departments set when they were asked:"), "", *asked])


def _story(origin: Origin) -> str:
    quoted = [
        (_("The problem:"), origin.problem),
        (_("The proposal:"), origin.proposal),
        *((f"**{name}**:", reason) for name, reason in origin.conditions),
        (_("The decision:"), origin.reason),
    ]
    told = [f"{label}\n\n{_quote(text)}" for label, text in quoted if text.strip()]
    return "\n\n".join([_link(origin), *told])


def _link(origin: Origin) -> str:
    title = re.sub(r"([\\\[\]*_`<>])", r"\\\1", origin.title)
    return _("From the idea [%(title)s](%(address)s).", title=title, address=_address(origin))


def _address(origin: Origin) -> str:
    return f"/ideas/{origin.idea_id}"


def _steps_table() -> str:
    """Read back by `structure`, which draws a picture of what stands in it."""
    columns = (_("Step"), _("Responsible department"), _("Input"), _("Output"), _("Time"))
    return _table(columns)


def _promises_table() -> str:
    columns = (_("Who"), _("Promises"), _("Until when"), _("What the customer owes"))
    return _table(columns)


def _table(columns: Sequence[str]) -> str:
    rows = (columns, ["---"] * len(columns), ["…"] * len(columns))
    return "\n".join(f"| {' | '.join(cells)} |" for cells in rows)


def _lowered(source: str) -> str:
    """The author's own headings, below those of the standard."""
    return _HEADING.sub(lambda m: f"{'#' * min(6, len(m.group(1)) + 2)} {m.group(2)}", source)


def _quote(source: str) -> str:
    """A quotation; headings in it become bold, so that they are not taken for the standard's."""
    plain = _HEADING.sub(lambda m: f"**{m.group(2)}**" if m.group(2) else "", source)
    return "\n".join(f"> {line}".rstrip() for line in _cut(plain, QUOTE).split("\n"))


def _line(source: str) -> str:
    return " ".join(_cut(_HEADING.sub(r"\2", source), QUOTE).split())


def _cut(source: str, most: int) -> str:
    """At most so many characters, ending at a line or a word, with any code block closed."""
    text = source.strip()
    if len(text) > most:
        room = text[:most]
        end = max(room.rfind("\n", most // 2), room.rfind(" ", most // 2))
        text = room[: end if end > 0 else most].rstrip() + " …"
    return text + "\n```" if len(_FENCE.findall(text)) % 2 else text
