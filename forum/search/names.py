"""What kinds, stages and languages are called on the pages of the search."""

from __future__ import annotations

from forum.core.i18n import LANGUAGE_NAMES, lazy
from forum.ideas.models import StageKind
from forum.ideas.stages import NAMES as STAGES

KIND_NAMES = {
    "idea": lazy("Ideas"),
    "comment": lazy("Comments"),
    "standard": lazy("Standards"),
    "person": lazy("People"),
    "department": lazy("Departments"),
    "service": lazy("Services"),
}
KIND_OF_ONE = {
    "idea": lazy("Idea"),
    "comment": lazy("Comment"),
    "standard": lazy("Standard"),
    "person": lazy("Person"),
    "department": lazy("Department"),
    "service": lazy("Service"),
}
STAGE_NAMES = {
    **{str(kind): name for kind, name in STAGES.items() if kind != StageKind.DRAFT},
    "in_force": lazy("In force"),
}
VERSION_NAMES = {"old": lazy("older ones"), "all": lazy("all of them")}
OTHER_LANGUAGES = {"es": "Español"}


def language_name(code: str) -> str:
    """A language in its own words, as far as we know them."""
    return LANGUAGE_NAMES.get(code) or OTHER_LANGUAGES.get(code, code)
