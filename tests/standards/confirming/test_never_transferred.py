"""In whatever order one publishes and confirms: only a minor change keeps confirmations."""

from __future__ import annotations

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.standards import standards
from tests.standards.confirming import confirmations
from tests.support import make

PEOPLE = 3
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("confirm"), st.integers(0, PEOPLE - 1)),
        st.tuples(st.just("publish"), st.sampled_from(["minor", "material"])),
    ),
    max_size=10,
)


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(STEPS)
def test_a_confirmation_counts_until_the_next_material_change(
    app: Flask, sign_in, steps: list[tuple[str, int | str]]
) -> None:
    finance = make.department(app)
    people = [make.person(app, department=finance) for _each in range(PEOPLE)]
    browsers = [sign_in(person) for person in people]
    number = standards.in_force(app, departments=[finance])
    version, counting = 1, set()

    for act, what in steps:
        if act == "confirm":
            confirmations.confirm(browsers[int(what)], number, version)
            counting.add(people[int(what)])
        else:
            version += 1
            minor = what == "minor"
            body = f"Text {version}."
            standards.rewrite(app, number, departments=[finance], body=body, minor=minor)
            counting = counting if minor else set()
        assert set(confirmations.ways(app, number, version)) == counting
        assert confirmations.counted(app, number) == (len(counting), PEOPLE)
    waiting = {
        person
        for person, browser in zip(people, browsers, strict=True)
        if number in confirmations.to_confirm(browser)
    }
    assert waiting == set(people) - counting
