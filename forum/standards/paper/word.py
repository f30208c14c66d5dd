"""A version as a Word document: the styles that Word knows, so that others can work on with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

from forum.core.i18n import _, day
from forum.core.site import site
from forum.standards.paper.extra import require_extra
from forum.standards.paper.pictures import Pictures

MOST = 255
"""Characters of a property."""
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def as_markdown(html: str) -> str:
    """Sanitised HTML as Markdown. Raises NoWord without the extra."""
    require_extra()
    from markdownify import markdownify

    made: str = markdownify(html, heading_style="ATX", bullets="-", escape_misc=True)
    return made.strip()


def document(facts: Mapping[str, Any], pictures: Pictures, base: str) -> bytes:
    """The document. Raises NoWord without the extra."""
    require_extra()
    from docx import Document

    from forum.standards.paper.paragraphs import Writer, add_field, bare

    made = Document()
    _describe(made, facts, bare)
    writer = Writer(made, pictures, base)
    made.add_paragraph(bare(_number_line(facts)))
    made.add_paragraph(bare(facts["version"].title), style="Title")
    _add_facts(made, facts, bare)
    writer.write(str(facts["document"].opening))
    for clause in facts["document"].clauses:
        writer.heading(f"{clause.number} {clause.title}".strip(), clause.depth)
        writer.write(str(clause.html))
    _add_footer(made, facts, add_field, bare)
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def _number_line(facts: Mapping[str, Any]) -> str:
    version = _("version %(number)d", number=facts["version"].number)
    return f"{site().name} · {facts['standard'].number} · {version} · {facts['state_name']}"


def _describe(made: Any, facts: Mapping[str, Any], bare: Callable[[str], str]) -> None:
    about = made.core_properties
    about.title = bare(f"{facts['standard'].number} {facts['version'].title}")[:MOST]
    about.author, about.language = bare(site().name), facts["version"].lang
    about.version, about.comments = str(facts["version"].number), ""


def _add_facts(made: Any, facts: Mapping[str, Any], bare: Callable[[str], str]) -> None:
    version = facts["version"]
    rows = [
        (_("Classification"), facts["classification"]),
        (_("In force"), facts["in_force"]),
        (_("Next review"), day(facts["review_on"]) if facts["review_on"] else ""),
        (_("Owner"), facts["owner"]),
        (_("For"), facts["for_whom"]),
        *((one.role, _approved(one)) for one in facts["approvers"]),
        (_("What changed"), version.change),
        (_("Address"), facts["address"]),
    ]
    told = [row for row in rows if row[1]]
    table = made.add_table(rows=0, cols=2)
    for name, value in told:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = bare(name), bare(value)
    made.add_paragraph(bare(facts["printed"]))


def _approved(approver: Any) -> str:
    return f"{approver.name}, {day(approver.at)}" if approver.at else str(approver.name)


def _add_footer(
    made: Any, facts: Mapping[str, Any], add_field: Any, bare: Callable[[str], str]
) -> None:
    section = made.sections[0]
    head = " · ".join(filter(None, (facts["across"], facts["classification"])))
    section.header.paragraphs[0].text = bare(head)
    foot = section.footer.paragraphs[0]
    foot.add_run(bare(f"{_number_line(facts)}    "))
    add_field(foot, "PAGE")
    foot.add_run(" / ")
    add_field(foot, "NUMPAGES")
