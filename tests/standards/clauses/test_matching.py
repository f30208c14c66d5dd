"""Which clause a heading continues: whatever was moved, reworded, split, joined or pasted."""

from __future__ import annotations

from dataclasses import replace

from forum.standards.clauses.matching import Part, carry

PURPOSE = Part("Purpose", "Suppliers know on which day they are paid and by whom.", 1)
STEPS = Part("Steps", "Finance pays on Fridays. The warehouse counts what came before noon.", 2)
LIMITS = Part("Exceptions", "Rent, taxes and whatever the court has ordered are paid at once.", 3)
OLD = [PURPOSE, STEPS, LIMITS]


def fresh(part: Part, **other: str) -> Part:
    """The part as it comes from a form, which knows no keys."""
    return Part(other.get("title", part.title), other.get("text", part.text))


def keys(new: list[Part], held: list[int | None] | None = None) -> list[int | None]:
    return [each.key for each in carry(OLD, new, held or [])]


def test_moved_clauses_stay_themselves() -> None:
    found = carry(OLD, [fresh(LIMITS), fresh(PURPOSE), fresh(STEPS)])

    assert [each.key for each in found] == [3, 1, 2]
    assert not any(each.guessed for each in found)


def test_a_heading_is_enough_however_it_is_spelt() -> None:
    assert keys([Part("PURPOSE", "Something else."), Part(" steps ", "")]) == [1, 2]


def test_words_under_another_heading_are_a_guess() -> None:
    renamed = fresh(STEPS, title="How we pay")

    found = carry(OLD, [fresh(PURPOSE), renamed])

    assert [(each.key, each.guessed) for each in found] == [(1, False), (2, True)]


def test_a_guess_stays_one_until_somebody_confirms_it() -> None:
    guessed = Part("How we pay", STEPS.text, 2, guessed=True)

    assert [each.guessed for each in carry([PURPOSE, guessed], [fresh(guessed)])] == [True]


def test_other_words_under_another_heading_are_a_new_clause() -> None:
    assert keys([fresh(PURPOSE), Part("Delivery", "Drivers call an hour ahead.")]) == [1, None]


def test_two_with_one_heading_are_told_by_their_words() -> None:
    old = [Part("Step", "The warehouse counts.", 1), Part("Step", "Finance pays on Fridays.", 2)]
    new = [Part("Step", "Finance pays on Fridays."), Part("Step", "The warehouse counts.")]

    assert [each.key for each in carry(old, new)] == [2, 1]


def test_what_the_editor_followed_is_believed_whatever_the_words_say() -> None:
    new = [Part("Steps", PURPOSE.text), Part("Quite another", "Nothing of the old words.")]

    assert keys(new, [1, 3]) == [1, 3]
    assert keys(new, [3, None]) == [3, None]


def test_what_the_editor_does_not_know_is_guessed_by_its_words() -> None:
    [steps, purpose] = carry(OLD, [fresh(STEPS), Part("What for", PURPOSE.text)], [2, None])

    assert (steps.key, steps.guessed) == (2, False)
    assert (purpose.key, purpose.guessed) == (1, True)


def test_an_editor_that_lost_count_is_not_believed() -> None:
    assert keys([fresh(PURPOSE), fresh(STEPS)], [2]) == [1, 2]


def test_a_clause_of_another_standard_is_a_new_one_here() -> None:
    assert keys([Part("Washing", "Trucks are washed on Mondays.")], [77]) == [None]


def test_a_copy_is_a_new_clause_that_knows_where_it_came_from() -> None:
    found = carry(OLD, [fresh(STEPS), fresh(STEPS)], [2, 2])

    assert [(each.key, each.kin) for each in found] == [(2, ()), (None, (2,))]


def test_half_of_a_clause_under_a_heading_of_its_own_was_split_from_it() -> None:
    first, second = "Finance pays on Fridays.", "The warehouse counts what came before noon."

    found = carry(OLD, [fresh(PURPOSE), Part("Steps", first), Part("Counting", second)])

    assert [(each.key, each.kin) for each in found] == [(1, ()), (2, ()), (None, (2,))]


def test_a_clause_whose_words_went_into_another_was_joined_to_it() -> None:
    found = carry(OLD, [fresh(PURPOSE), Part("Steps", f"{STEPS.text}\n{LIMITS.text}")])

    assert [(each.key, each.kin) for each in found] == [(1, ()), (2, (3,))]


def test_a_heading_that_was_gone_comes_back_as_the_clause_it_was() -> None:
    gone = Part("Exceptions", "", 3, gone=True)

    found = carry([PURPOSE, gone], [fresh(LIMITS), fresh(PURPOSE)])

    assert [(each.key, each.guessed) for each in found] == [(3, False), (1, False)]


def test_what_came_back_is_sooner_itself_than_like_a_clause_nobody_has_read_yet() -> None:
    gone = Part("Exceptions", "", 3, gone=True)
    drafted = Part("Limits", LIMITS.text, 4, drafted=True)

    found = carry([PURPOSE, gone, drafted], [fresh(LIMITS), fresh(PURPOSE)])
    asked = carry([PURPOSE, gone, replace(drafted, drafted=False)], [fresh(LIMITS), fresh(PURPOSE)])

    assert [(each.key, each.guessed) for each in found] == [(3, False), (1, False)]
    assert [(each.key, each.guessed) for each in asked] == [(4, True), (1, False)]


def test_a_heading_that_two_clauses_had_leaves_the_draft_its_own_clause() -> None:
    gone = [Part("Exceptions", "", key, gone=True) for key in (3, 5)]
    drafted = Part("Limits", LIMITS.text, 4, drafted=True)

    found = carry([*gone, drafted], [fresh(LIMITS)])

    assert [(each.key, each.guessed) for each in found] == [(4, True)]


def test_a_text_of_very_many_headings_is_matched_by_them_alone() -> None:
    old = [Part(f"one two three {n}", "four", n) for n in range(1, 400)]
    new = [Part(f"five two three {n}", "four") for n in range(1, 400)]

    assert {each.key for each in carry(old, new)} == {None}
    assert [each.key for each in carry(old, old)] == list(range(1, 400))
