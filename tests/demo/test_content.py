"""The people, standards and welcome of the demo company keep their promises."""

import re
from collections import Counter
from itertools import pairwise

import pytest

from tests.demo.company import (
    BY_ID,
    DEPARTMENTS,
    IDEAS,
    PEOPLE,
    SIGN_INS,
    STANDARDS,
    WELCOME,
    active_members,
    answerers,
    each_standard,
    load,
)


def test_departments_form_a_small_tree_with_one_hue_and_code_each():
    rows = DEPARTMENTS.values()

    assert len(DEPARTMENTS) == 12
    assert {row["hue"] for row in rows} == set(range(12))
    assert len({row["code"] for row in rows}) == 12
    assert all(re.fullmatch("[A-Z]{2,4}", row["code"]) for row in rows)
    parents = {row["parent"] for row in rows if row["parent"]}
    assert parents
    assert all(DEPARTMENTS[slug]["parent"] is None for slug in parents)


@pytest.mark.parametrize("slug", DEPARTMENTS)
def test_a_department_is_led_and_represented_by_active_members_of_its_own(slug):
    row = DEPARTMENTS[slug]

    assert 1 <= len(row["representatives"]) <= 3
    assert answerers(slug) <= active_members(slug)


def test_names_of_people_and_departments_are_unique_and_never_mistaken_for_each_other():
    people, departments = load("people.json"), load("departments.json")

    assert len(PEOPLE) == len(people)
    assert len(DEPARTMENTS) == len(departments)
    assert not PEOPLE.keys() & DEPARTMENTS.keys()
    for field in ("email", "login"):
        given = [row[field] for row in people if row[field]]
        assert len(given) == len(set(given))


def test_everybody_can_be_reached_and_belongs_where_their_kind_says():
    for person in PEOPLE.values():
        assert person["email"] or person["login"], person["key"]
        assert not person["email"] or person["email"].endswith("@demo.example")
        assert person["locale"] in {"en", "ru"}
        assert (person["department"] is None) == (person["kind"] != "staff")
        assert (person["attached"] is None) == (person["kind"] != "consultant")


def test_the_company_is_mixed_in_language_kind_and_way_of_signing_in():
    kinds = Counter(person["kind"] for person in PEOPLE.values())
    russian = sum(bool(re.search("[а-я]", person["name"])) for person in PEOPLE.values())

    assert len(PEOPLE) >= 80
    assert kinds["board"] == 2
    assert kinds["consultant"] == 2
    assert 0.4 <= russian / len(PEOPLE) <= 0.6
    assert sum(person["email"] is None for person in PEOPLE.values()) >= 10
    assert sum(not person["active"] for person in PEOPLE.values()) >= 3


def test_the_promised_sign_ins_exist_with_their_roles():
    by_email = {person["email"]: person for person in PEOPLE.values()}

    for email, (role, kind) in SIGN_INS.items():
        person = by_email[email]
        assert (person["role"], person["kind"], person["active"]) == (role, kind, True)
    assert by_email["anna@demo.example"]["department"] == "finance"
    assert "boris" in DEPARTMENTS["it"]["representatives"]


def test_a_dozen_standards_in_both_languages_show_every_state():
    states = Counter(v["state"] for standard in STANDARDS for v in standard["versions"])
    russian = sum(standard["lang"] == "ru" for standard in STANDARDS)
    last = Counter(standard["versions"][-1]["state"] for standard in STANDARDS)

    assert len(STANDARDS) >= 12
    assert 0.4 <= russian / len(STANDARDS) <= 0.6
    assert set(states) == {"draft", "in_force", "superseded", "retired"}
    assert last["retired"] == 1
    assert sum(len(s["versions"]) == 1 and s["versions"][0]["state"] == "draft" for s in STANDARDS)
    assert max(len(standard["versions"]) for standard in STANDARDS) == 4


@each_standard
def test_versions_follow_one_another_and_one_is_in_force(standard):
    versions = standard["versions"]
    states = [version["state"] for version in versions]

    assert [version["number"] for version in versions] == list(range(1, len(versions) + 1))
    assert all(a["days_ago"] > b["days_ago"] for a, b in pairwise(versions))
    assert len({version["body"] for version in versions}) == len(versions)
    assert all(version["body"].count("## ") >= 6 and version["change"] for version in versions)
    assert re.fullmatch("(superseded )*(in_force|retired)?( ?draft)?", " ".join(states))
    assert bool(standard["retired"]) == ("retired" in states)
    assert (standard["review_in_days"] is not None) == ("in_force" in states)


@each_standard
def test_a_standard_has_an_owner_readers_and_acknowledgements_that_add_up(standard):
    owner = standard["owner"]

    assert owner in active_members(standard["owner_department"])
    assert set(standard["acknowledged"]) <= set(standard["audience"]) <= DEPARTMENTS.keys()
    for slug, count in standard["acknowledged"].items():
        assert 0 < count <= len(active_members(slug))


@each_standard
def test_what_is_said_of_its_promises_was_said_while_it_was_in_force(standard):
    marks = standard.get("marks", {"days": 0, "count": 0, "providers": [], "broken": []})

    assert marks["days"] < standard["versions"][0]["days_ago"]
    assert len(marks["broken"]) < marks["count"] <= marks["days"] or not marks["count"]
    assert set(marks["providers"]) < set(standard["audience"])


@each_standard
def test_a_standard_and_its_ideas_agree(standard):
    fed = [name for version in standard["versions"] for name in version["ideas"]]

    assert sorted(set(fed)) == sorted(standard["ideas"])
    for version in standard["versions"]:
        for idea in (BY_ID[name] for name in version["ideas"]):
            wanted = "accepted" if version["state"] == "draft" else "standardised"
            assert idea["stage"] == wanted
            assert idea["decision"]["days_ago"] >= version["days_ago"]


def test_every_standardised_idea_leads_to_a_standard():
    fed = {name for standard in STANDARDS for name in standard["ideas"]}

    assert {idea["id"] for idea in IDEAS if idea["stage"] == "standardised"} <= fed


def test_the_welcome_speaks_both_languages():
    assert WELCOME["site_name"] == "Meridian"
    for field in ("tagline", "welcome", "announcement"):
        assert WELCOME[field].keys() == {"en", "ru"}
        assert all(WELCOME[field].values())
