"""The picture of steps: every step in its lane, in order, whole and well-formed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from xml.etree import ElementTree as ET

from flask import Flask, render_template_string
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.core.clock import today
from forum.departments.queries import DepartmentCard
from forum.standards.pictures.lanes import BOX, LANE, MOST_LANES, MOST_LINES, draw
from forum.standards.pictures.shown import Picture
from forum.standards.pictures.wrapping import width_of, wrapped
from forum.standards.structure.reading import MOST_STEPS, Step
from tests.standards import standards
from tests.support import make
from tests.support.browser import Browser

SignIn = Callable[..., Browser]
Queries = Callable[..., AbstractContextManager[list[str]]]
CARDS = [DepartmentCard(n, f"Отдел {n}", f"d{n}", f"D{n}", n % 12) for n in range(1, 30)]
PAGE = '{% from "standards/pictures/_lanes.html" import lanes %}<html>{{ lanes(picture) }}</html>'
SVG = "{http://www.w3.org/2000/svg}"
WORDS = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn", "Co")), max_size=80
)
STEPS = st.lists(
    st.builds(Step, WORDS, WORDS, WORDS, WORDS, WORDS, st.sampled_from([None, *CARDS])),
    max_size=30,
)
BODY = (
    "## Steps\n\n| Step | Responsible department | Time |\n|---|---|---|\n"
    "| Ask for it | Finance | a day |\n| Order it | Buying | |\n| Pay | FIN | |"
)


@settings(max_examples=150, deadline=None)
@given(STEPS)
def test_boxes_stand_in_their_lanes_one_below_the_other(steps: list[Step]) -> None:
    drawing = draw(steps)
    if drawing is None:
        return

    assert len(drawing.boxes) == len(steps)
    assert len(drawing.lanes) <= MOST_LANES
    assert len(drawing.arrows) == len(steps) - 1
    for above, below in zip(drawing.boxes, drawing.boxes[1:], strict=False):
        assert above.y + above.height < below.y
    for box in drawing.boxes:
        assert any(lane.x <= box.x and box.x + BOX <= lane.x + LANE for lane in drawing.lanes)
        assert box.y + box.height <= drawing.height
        assert all(box.y < line.y < box.y + box.height for line in [*box.lines, *box.under])
        assert len(box.lines) <= MOST_LINES


@settings(max_examples=200, deadline=None)
@given(WORDS, st.integers(3, 20))
def test_no_line_is_wider_than_its_room_and_nothing_is_lost_in_silence(
    text: str, width: int
) -> None:
    lines = wrapped(text, width, 3)

    assert len(lines) <= 3
    assert all(width_of(line) <= width for line in lines)
    said = "".join("".join(lines).split())
    assert said == "".join(text.split()) or said.endswith("…")


def test_the_picture_is_well_formed_whatever_the_words(app: Flask) -> None:
    @settings(max_examples=40, deadline=None)
    @given(STEPS)
    def draws(steps: list[Step]) -> None:
        drawing = draw(steps)
        if drawing is not None:
            html = render_template_string(PAGE, picture=Picture("Steps & <so on>", drawing, steps))
            svg = ET.fromstring(html[html.index("<svg") : html.index("</svg>") + 6])
            assert svg.get("role") == "img"
            assert svg.get("aria-label") == "Steps & <so on>"
            assert "style" not in {name for each in svg.iter() for name in each.attrib}

    with app.test_request_context("/"):
        draws()


def test_the_longest_process_is_bounded() -> None:
    many = [Step(f"Step {n}", department=CARDS[n % 29]) for n in range(MOST_STEPS + 7)]

    drawing = draw(many)

    assert drawing is not None
    assert (len(drawing.boxes), len(drawing.lanes), drawing.left_out) == (MOST_STEPS, MOST_LANES, 7)


def test_nothing_is_drawn_where_nobody_is_known_to_act() -> None:
    assert draw([Step("Wait"), Step("Wait longer")]) is None
    assert draw([Step("Pay", department=CARDS[0])]) is None


def test_a_standard_shows_its_steps_as_a_picture_and_as_a_table(
    app: Flask, sign_in: SignIn
) -> None:
    make.department(app, "Finance", code="FIN")
    make.department(app, "Buying", code="BUY")
    number = standards.in_force(app, body=BODY)

    page = sign_in().page(f"/standards/{number}")

    [picture] = [svg for svg in page.all("svg", role="img") if svg.get("viewbox")]
    assert picture["aria-label"] == "Who does what, in order: 3 steps in 2 lanes"
    names = [each.text for each in page.all("text", class_="lane-name")]
    assert names == ["Finance", "Buying"]
    [table] = page.all("table")
    assert "Order it" in table.text, "the one that was typed is the one behind the picture"


def test_steps_that_were_typed_as_a_list_are_a_table_behind_the_picture(
    app: Flask, sign_in: SignIn
) -> None:
    make.department(app, "Finance", code="FIN")
    listed = "## Steps\n\n1. Finance asks for it.\n2. Somebody orders it.\n3. Finance pays."
    number = standards.in_force(app, body=listed)

    page = sign_in().page(f"/standards/{number}")

    [table] = page.all("table")
    heads = [head.text for head in page.all("th")]
    assert heads == ["Step", "Responsible department"]
    assert "2. Somebody orders it." in table.text
    [picture] = [svg for svg in page.all("svg", role="img") if svg.get("viewbox")]
    assert picture["aria-label"] == "Who does what, in order: 3 steps in 2 lanes"


def test_a_picture_costs_one_query(app: Flask, sign_in: SignIn, queries: Queries) -> None:
    make.department(app, "Finance", code="FIN")
    plain = standards.in_force(app)
    drawn = standards.in_force(app, body=BODY)
    browser = sign_in()
    browser.get(f"/standards/{plain}")

    with queries(10):  # as the page without steps, and the departments
        browser.get(f"/standards/{drawn}")


def test_the_history_tells_what_moved(app: Flask, sign_in: SignIn) -> None:
    number = standards.in_force(app, body="## One\n\nFirst.\n\n## Two\n\nSecond.\n")
    turned = "## Two\n\nSecond.\n\n## One\n\nFirst, now."
    standards.rewrite(app, number, body=f"{turned}\n\n## Three\n\nx")
    standards.rewrite(app, number, body=turned)

    page = sign_in().page(f"/standards/{number}/history")

    rows = [" ".join(li.text.split()) for li in page.all("li", data_version=True)]
    assert len(rows) == 3
    assert "1 clause removed" in rows[0]
    assert "1 new clause, 1 clause changed, 1 clause moved" in rows[1]
    assert str(today().year) in rows[2]
    assert "clause" not in rows[2]


def test_the_history_costs_the_same_however_long(
    app: Flask, sign_in: SignIn, queries: Queries
) -> None:
    number = standards.in_force(app)
    for turn in range(3):
        standards.rewrite(app, number, body=f"## Steps\n\nTurn {turn}.")
    browser = sign_in()
    browser.get("/standards")

    with queries(4):  # the reader, the standard, its versions with their texts, their clauses
        browser.get(f"/standards/{number}/history")


def test_a_draft_is_in_the_history_of_its_editors_only(app: Flask, sign_in: SignIn) -> None:
    number = standards.in_force(app)
    editor = sign_in(make.moderator(app))
    editor.post(
        f"/standards/{number}/edit", {**standards.fields_of(editor, number), "body": "## X"}
    )

    assert len(editor.page(f"/standards/{number}/history").all("li", data_version=True)) == 2
    assert len(sign_in().page(f"/standards/{number}/history").all("li", data_version=True)) == 1
