"""Whatever is typed into whatever field or address: an answer, soon, and never a page of theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from flask import Flask

from tests.hostile import strings
from tests.hostile.assault import Report, attack, attack_everywhere, attack_path
from tests.hostile.forum import Forum
from tests.hostile.places import LEFT_OUT, Place
from tests.support.shares import FULL, share, whole

COUNT = 300
BIG = 10_000_000


def check(report: Report, database: str, least: int) -> None:
    """Fail for the first wrong answers, and when hardly anything was sent."""
    assert not report.wrong, f"{len(report.wrong)} wrong:\n" + "\n".join(report.wrong[:20])
    assert report.sent > (least if whole(database) else least // 5), report


NINTH = 9
"""The share of what is sent that goes to the second database."""


def part(values: Sequence[str], of: int, start: int) -> Sequence[str]:
    """One value in so many from a place's own on, so that neighbours get them all; all in full."""
    return values if FULL else values[start % of :: of]


def each(places: list[Place], fresh: Callable[..., Forum]) -> Iterator[tuple[int, Place, Forum]]:
    """Places that ask for something, each in a forum that nothing has changed; numbered."""
    forum, indexed, changed = None, False, True
    for number, place in enumerate(place for place in places if place.names):
        searching = place.rule.startswith("/search")
        if forum is None or changed or searching != indexed:
            forum, indexed = fresh(indexed=searching), searching
        changed = place.method == "POST"
        yield number, place, forum


def test_every_change_is_among_the_places(app: Flask, places: list[Place]) -> None:
    changes = {r.rule for r in app.url_map.iter_rules() if "POST" in (r.methods or ())}

    found = {place.rule for place in places if place.method == "POST"}

    assert found == changes - LEFT_OUT.keys()
    assert sum(len(place.names) for place in places) > 150
    assert sum(len(place.texts) for place in places) > 50


def test_hostile_strings_in_every_field(data, fresh, places: list[Place], database: str) -> None:
    drawn, report = share(strings.drawn(data, COUNT), database, of=NINTH), Report()
    few, many = strings.together(drawn, 4), strings.together(drawn, 10)

    for number, place, forum in each(places, fresh):
        values = few if place.texts else many
        own = part(values, 8, number) if whole(database) else values
        attack(place, fresh, forum, own, report)

    check(report, database, least=1_000)
    assert report.statuses[303] > (100 if whole(database) else 20), "hardly anything was stored"


def test_odd_values_in_every_field_at_once(fresh, places: list[Place], database: str) -> None:
    report = Report()

    for number, place, forum in each(places, fresh):
        values = part(share(strings.ODD, database, of=NINTH), 12 if whole(database) else 4, number)
        attack_everywhere(place, forum, values, report)

    check(report, database, least=250)


def test_hostile_markdown_in_every_text(data, fresh, places: list[Place], database: str) -> None:
    report = Report()
    values = share(strings.pathological(data, 19_000)[:: 3 if FULL else 5], database, of=NINTH)

    for place in places:
        if place.texts and place.method == "POST":
            attack(place, fresh, fresh(), values, report)

    check(report, database, least=60)


def test_hostile_strings_in_every_address(app: Flask, data, fresh, database: str) -> None:
    report, forum = Report(), fresh()
    drawn, odd = share(strings.drawn(data, COUNT), database, of=NINTH), strings.ODD
    spared = 2 if whole(database) else 3
    read = [each for each in app.url_map.iter_rules() if "GET" in (each.methods or ())]
    arguments = [(each.rule, name) for each in read for name in sorted(each.arguments)]

    for number, (rule, argument) in enumerate(arguments):
        values = odd[:30] if f"int:{argument}" in rule else [*part(drawn, 9, number), *odd]
        asked = [value for value in part(values, spared, number // 6) if len(value) < 2_000]
        attack_path(rule, argument, forum, asked, report)

    check(report, database, least=700)


def test_ten_megabytes_are_too_large_everywhere(app: Flask, fresh, places: list[Place]) -> None:
    forum, body = fresh(), b"problem=" + b"a" * BIG

    for place in places:
        if place.method == "POST":
            for kind in kinds_refused(app, place):
                answer = forum.browsers[place.who].client.post(
                    place.address(forum), data=body, content_type=kind
                )
                assert answer.status_code == 413, (place, kind, answer.status_code)


def kinds_refused(app: Flask, place: Place) -> list[str]:
    """What a body of that size may be called; where pictures come in, a form with a file is not."""
    kinds = ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data"]
    rule = next(r for r in app.url_map.iter_rules() if r.rule == place.rule)
    pictures = getattr(app.view_functions[rule.endpoint], "takes_pictures", False)
    return kinds[:2] if pictures else kinds


BODIES = (
    ("application/json", b'[{"problem": ["a"]}'),
    ("application/json", b"\xff\xfe"),
    ("text/plain", b"problem=a"),
    ("multipart/form-data", b"--x\r\n"),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\na"),
    (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="problem"; filename="a"\r\n\r\na\r\n--x--',
    ),
    ("application/x-www-form-urlencoded", b"%%%&=&&&problem=%ff%fe&problem=%00"),
    ("application/x-www-form-urlencoded", b"a=b&" * 20_000),
    ("", b"\x00" * 1000),
)


def test_bodies_of_the_wrong_kind_are_refused_in_words(
    fresh, places: list[Place], database: str
) -> None:
    forum, report = fresh(), Report()

    for number, place in enumerate(place for place in places if place.method == "POST"):
        browser, address = forum.browsers[place.who], place.address(forum)
        headers = {"X-CSRF-Token": browser.token}
        bodies = part(BODIES, 2, number) if whole(database) else share(BODIES, database, of=NINTH)
        for kind, body in bodies:
            options = {"data": body, "content_type": kind, "headers": headers}
            report.note(f"{place} {kind}", browser.client.post, address, **options)

    check(report, database, least=300)
