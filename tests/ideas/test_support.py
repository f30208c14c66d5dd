"""Balanced support: computed, kept, checked and shown without telling on anybody."""

from __future__ import annotations

import math
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from forum.accounts import standing
from forum.accounts.models import Person
from forum.core import readers
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.departments import membership
from forum.ideas import support, votes
from forum.ideas.models import Idea
from forum.ideas.support import balanced
from forum.ideas.support_shown import Size, folded, support_by_department
from tests.support import make

counts = st.integers(0, 300)
group = st.tuples(counts, counts)


def catch_up(app: Flask) -> None:
    with app.app_context():
        while readers.advance(support.SUPPORT):
            pass
        support.refresh()


def kept(app: Flask, idea: int) -> float:
    with app.app_context():
        return db.session.get_one(Idea, idea).balanced


def members(app: Flask, department: int | None, count: int) -> list[int]:
    return [make.person(app, department=department) for _ in range(count)]


def test_it_is_the_geometric_mean_of_smoothed_shares() -> None:
    assert balanced([(3, 20), (1, 2)], 0.1) == pytest.approx(
        math.sqrt((3 + 1) / 30 * (1 + 1) / 12), abs=1e-11
    )


def test_a_small_department_counts_like_a_large_one() -> None:
    one_sided = balanced([(90, 100), (0, 100)], 0.45)
    both = balanced([(45, 100), (45, 100)], 0.45)

    assert one_sided < both


def test_without_affected_departments_it_is_the_companys_share() -> None:
    assert balanced([], 0.25) == 0.25


@given(st.lists(group, max_size=6), st.integers(0, 5), counts, st.integers(0, 2000))
def test_a_new_supporter_never_lowers_it(groups, whose, elsewhere, silent) -> None:
    supporters = sum(s for s, _n in groups) + elsewhere
    everybody = supporters + silent + 1
    more = [(s + (place == whose), n) for place, (s, n) in enumerate(groups)]

    before = balanced(groups, supporters / everybody)
    after = balanced(more, (supporters + 1) / everybody)

    assert after >= before


@given(st.lists(group, max_size=8), st.floats(0, 1))
def test_it_is_a_share(groups, share) -> None:
    assert 0 <= balanced(groups, share) <= 1


def test_votes_move_the_kept_figure(app) -> None:
    finance, it = make.department(app), make.department(app)
    anna, boris, *_rest = members(app, finance, 4)
    members(app, it, 4)
    author = make.person(app)
    idea = make.idea(app, author, departments=[finance, it])

    make.vote(app, idea, anna)
    make.vote(app, idea, boris)
    catch_up(app)

    share = 2 / 9
    expected = math.sqrt((2 + 10 * share) / 14 * (10 * share) / 14)
    assert kept(app, idea) == pytest.approx(expected)


def test_support_counts_for_the_department_of_that_day(app) -> None:
    finance, it = make.department(app), make.department(app)
    anna, *_rest = members(app, finance, 6)
    members(app, it, 6)
    idea = make.idea(app, anna, departments=[finance])
    make.vote(app, idea, anna)

    with app.app_context():
        membership.place(None, anna, it)
    catch_up(app)

    share = 1 / 12
    assert kept(app, idea) == pytest.approx((1 + 10 * share) / (5 + 10))


def test_coming_going_and_moving_are_followed(app) -> None:
    finance, it = make.department(app), make.department(app)
    anna, boris, clara = members(app, finance, 3)
    idea = make.idea(app, anna, departments=[finance])
    make.vote(app, idea, anna)
    catch_up(app)
    first = kept(app, idea)

    with app.app_context():
        membership.place(None, boris, it)
    catch_up(app)
    moved = kept(app, idea)
    with app.app_context():
        standing.deactivate(None, db.session.get_one(Person, clara))
    catch_up(app)
    gone = kept(app, idea)
    with app.app_context():
        standing.deactivate(None, db.session.get_one(Person, anna))
    catch_up(app)

    assert first == pytest.approx((1 + 10 / 3) / 13)
    assert moved == pytest.approx((1 + 10 / 3) / 12)
    assert gone == pytest.approx((1 + 10 / 2) / 11)
    assert kept(app, idea) == 0


def test_people_who_stay_away_stop_counting_when_the_clock_says_so(app) -> None:
    finance = make.department(app)
    anna, boris = members(app, finance, 2)
    idea = make.idea(app, anna, departments=[finance])
    make.vote(app, idea, anna)
    catch_up(app)

    with app.app_context():
        with transaction():
            long_ago = now() - timedelta(days=91)
            db.session.execute(
                update(Person).where(Person.id == boris).values(signed_in_at=long_ago)
            )
        support.follow_the_clock()

    assert kept(app, idea) == pytest.approx((1 + 10) / 11)


def test_a_decided_idea_keeps_the_figure_it_was_decided_with(app) -> None:
    finance = make.department(app)
    anna, boris = members(app, finance, 2)
    idea = make.idea(app, anna, departments=[finance])
    make.vote(app, idea, anna)
    make.decide(app, idea, "accept")
    catch_up(app)
    before = kept(app, idea)

    with app.app_context():
        standing.deactivate(None, db.session.get_one(Person, boris))
    catch_up(app)

    assert kept(app, idea) == before > 0


def test_reading_again_from_the_start_changes_nothing(app) -> None:
    finance = make.department(app)
    anna, boris = members(app, finance, 2)
    idea = make.idea(app, anna, departments=[finance])
    make.vote(app, idea, anna)
    make.vote(app, idea, boris)
    catch_up(app)
    before = kept(app, idea)

    with app.app_context(), transaction():
        db.session.execute(db.delete(readers.ReaderCursor))
    catch_up(app)

    assert kept(app, idea) == before


def test_taking_support_back_is_followed(app) -> None:
    anna = make.person(app)
    idea = make.idea(app, anna)
    make.vote(app, idea, anna)
    catch_up(app)
    assert kept(app, idea) == 1

    with app.app_context():
        person, target = db.session.get_one(Person, anna), db.session.get_one(Idea, idea)
        votes.take_back_vote(person, target)
    catch_up(app)

    assert kept(app, idea) == 0


def test_a_value_measured_before_the_reader_moved_is_not_written(app, monkeypatch) -> None:
    anna, boris = members(app, make.department(app), 2)
    idea = make.idea(app, anna)
    make.vote(app, idea, anna)
    catch_up(app)
    measure = support.measure

    def overtaken(ids, people):  # type: ignore[no-untyped-def]
        values = measure(ids, people)
        monkeypatch.setattr(support, "measure", measure)
        make.vote(app, idea, boris)
        catch_up(app)
        return values

    with app.app_context():
        with transaction():
            support.ask_again(support.count_active())
        monkeypatch.setattr(support, "measure", overtaken)
        support.refresh()

    assert kept(app, idea) == 1


def test_the_command_finds_and_repairs_wrong_figures(app) -> None:
    runner = app.test_cli_runner()
    idea = make.idea(app)
    make.vote(app, idea)
    assert runner.invoke(args=["ideas", "verify-support"]).exit_code == 0
    with app.app_context(), transaction():
        db.session.execute(update(Idea).where(Idea.id == idea).values(balanced=0.9))

    found = runner.invoke(args=["ideas", "verify-support"])
    fixed = runner.invoke(args=["ideas", "verify-support", "--fix"])
    again = runner.invoke(args=["ideas", "verify-support"])

    assert (found.exit_code, found.output.splitlines()) == (
        1,
        [str(idea), "differing 1, fixed 0"],
    )
    assert (fixed.exit_code, fixed.output.splitlines()[-1]) == (0, "differing 1, fixed 1")
    assert (again.exit_code, again.output.splitlines()) == (0, ["differing 0, fixed 0"])


@pytest.mark.parametrize("ideas", [1, 9])
def test_a_batch_costs_the_same_however_many_ideas(app, queries, ideas) -> None:
    finance = make.department(app)
    people = members(app, finance, 3)
    for _ in range(ideas):
        idea = make.idea(app, people[0], departments=[finance])
        for person in people:
            make.vote(app, idea, person)
    with app.app_context():
        batch = readers.events.after(0, limit=200)

    # the figures kept, the active people, the votes, the slots
    with app.app_context(), queries(4):
        support.prepare(batch)


sizes = st.dictionaries(
    st.integers(0, 9), st.builds(Size, st.integers(0, 9), st.integers(0, 40)), max_size=10
)


@given(sizes)
def test_what_is_folded_is_never_one_department_nor_few_people(found) -> None:
    hidden = folded(found)
    shown = set(found) - hidden

    assert all(found[d].people >= 5 and d != 0 for d in shown)
    if hidden and shown:
        assert len(hidden) >= 2
        assert sum(found[d].people for d in hidden) >= 5


def test_small_departments_are_shown_only_together(app) -> None:
    large, medium, small = (make.department(app, name) for name in ("Large", "Medium", "Small"))
    voters = members(app, large, 7)[:3] + members(app, medium, 5)[:2] + members(app, small, 2)[:1]
    idea = make.idea(app, voters[0], departments=[large, small])
    for person in voters:
        make.vote(app, idea, person)
    catch_up(app)

    with app.app_context():
        shown = support_by_department(idea, [large, small])

    assert [(g.name, g.supporters) for g in shown.groups] == [("Large", 3)]
    assert shown.others == 3
    assert not shown.tells_figure


def test_with_only_large_departments_all_are_shown(app) -> None:
    large, medium = make.department(app, "Large"), make.department(app, "Medium")
    voters = members(app, large, 7)[:3] + members(app, medium, 5)[:2]
    idea = make.idea(app, voters[0], departments=[large])
    for person in voters:
        make.vote(app, idea, person)
    catch_up(app)

    with app.app_context():
        shown = support_by_department(idea, [large])

    assert [(g.name, g.supporters) for g in shown.groups] == [("Large", 3), ("Medium", 2)]
    assert shown.others == 0
    assert shown.tells_figure
