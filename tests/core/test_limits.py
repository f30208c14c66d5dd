from pathlib import Path

from forum.core import limits

PAGE = Path(__file__).parents[2] / "docs" / "limits.md"


def test_the_documentation_shows_the_limits_of_the_code():
    assert PAGE.read_text() == limits.as_markdown(), "run python -m forum.core.limits"


def test_every_limit_stands_in_the_table_once():
    declared = [each for each in vars(limits).values() if isinstance(each, limits.Limit)]
    names = [each.name for each in limits.LIMITS]

    assert sorted(each.name for each in declared) == sorted(names)
    assert len(set(names)) == len(names)


def test_every_limit_says_why_in_one_sentence():
    for each in limits.LIMITS:
        assert each.value > 0
        assert each.why.endswith(".")
        assert ". " not in each.why


def test_a_limit_counts_code_points_not_bytes():
    assert limits.TITLE.allows("ж" * 200)
    assert not limits.TITLE.allows("ж" * 201)
    assert limits.TAGS.allows(10)
    assert not limits.TAGS.allows(11)
