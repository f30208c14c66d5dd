"""Everything a reader is told, address by address, with ids taken out so that forums compare."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from itertools import product
from typing import Any, NamedTuple

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.leaks.company import Company
from tests.support.browser import Browser
from tests.support.shares import share

NOT_COMPARED = {
    *(
        "/metrics",
        "/health/live",
        "/health/ready",
    ),  # the machine's figures; routes.txt says to whom
    "/standards/<string:number>.pdf",  # the page of the standard on paper, and slow
}
QUESTIONS = {
    "/": ("show=moved", "show=new"),
    "/ideas": (
        *(f"sort={sort}" for sort in ("new", "supported", "active", "balanced")),
        *(f"stage={stage}" for stage in ("open", "review", "accepted", "declined", "draft")),
        *("affected=finance", "department=finance", "affected=warehouse", "department=warehouse"),
        *("tag=paper", "tag=canarytag", "mine=1", "waiting=1"),
        *(
            "view=board",
            "view=board&sort=supported&affected=finance",
            "view=board&campaign={campaign_id}",
        ),
    ),
    "/ideas/new": ("dept=finance", "dept=warehouse"),
    "/people": ("q=canary", "q=fin", "department=finance", "department=warehouse"),
    "/standards/<string:number>/confirmations": (
        *("show=open", "show=late", "department=finance", "department=warehouse"),
    ),
    "/standards": ("state=draft", "department=finance", "department=warehouse", "sort=recent"),
    "/standards/register": ("state=draft", "department=finance", "department=warehouse"),
    "/standards/register.csv": ("department=warehouse",),
    "/mentions": ("q=", "q=can", "q=finance", "q=stranger", "q=warehouse"),
    "/notifications": ("unread=1",),
    "/search": (
        *("q=invoice", "q=canaryword", "q=canary*", "q=inovices", "q=late+invoice+OR+canary"),
        *("q=счета", "q=kind:person", "q=kind:department", "q=invoice&department=finance"),
        *("q=invoice&department=warehouse", "q=finance&kind=person", "q=canary&kind=comment"),
        *("q=invoice&limit=2", "q=kind:standard", "q=canarytag", "q=", "q=canari+invoice+zzz"),
    ),
    "/search/saved/new": ("q=canary", "q=invoice&department=warehouse"),
    "/search/suggest": ("q=inv", "q=can", "q=canary", "q=fin", "q=сче", "q=wareh"),
    "/search/similar": ("title=late+invoice&body=canaryword+supplier", "title=canary"),
}
"""What is asked of an address beside its plain form; a new address is asked plainly by itself."""
MISSING = {
    "name": "ideas",
    "month": "2026-10",
    "idea_id": 987_654,
    "comment_id": 987_654,
    "person_id": 987_654,
    "department_id": 987_654,
    "notification_id": 987_654,
    "saved_id": 987_654,
    "recent_id": 987_654,
    "missed_id": 987_654,
    "matter_id": 987_654,
    "session_id": 987_654,
    "handover_id": 987_654,
    "pair_id": 987_654,
    "entry_id": 987_654,
    "stage_id": 987_654,
    "campaign_id": 987_654,
    "case_id": 987_654,
    "training_id": 987_654,
    "item_id": 987_654,
    "service_id": 987_654,
    "thanks_id": 987_654,
    "wave_id": 987_654,
    "scope": "provider",
    "one": 987_654,
    "item": "no-such-question",
    "expert_id": 987_654,
    "field_id": 987_654,
    "slug": "no-such-place",
    "number": "PS-987",
    "version": 1,
    "clause": 987_654,
    "approval_id": 987_654,
    "key": "A" * 22,
    "secret": "no-such-secret",
    "text_secret": "no-such-secret",
    "text_key": "no-such-text",
    "author_secret": "no-such-secret",
    "token": "no-such-token",
    "kind": "idea",
    "called": "987654",
    "mail_id": 987_654,
    "suggestion_id": 987_654,
    "lang": "ru",
    "review_id": 987_654,
    "category_id": 987_654,
}
"""What is nowhere."""
ANY_NUMBER = re.compile(r'(?<!"unread":)(?<![\w.+-])(?<!\d:)\d+(?![\w.:-])')
"""In what tells rows as they are stored, one's own or those of the trail, most numbers are ids."""
_KEY = r"[A-Za-z0-9_-]{22}"
_IDS = (
    (re.compile(r'(name="(?:filed|shown)" value=")[^"]*'), r"\1DIGEST"),
    (re.compile(r"(/(?:ideas|comments|people|departments|notifications)/)\d+"), r"\1N"),
    (re.compile(r"(/(?:suggestions|adoptions|authors|campaigns|experts|handovers)/)\d+"), r"\1N"),
    (re.compile(r"(/map/services/)\d+"), r"\1N"),
    (re.compile(r"(/(?:matters|duplicates|stages|mails|thanks)/)\d+"), r"\1N"),
    (re.compile(r"((?:campaign|stage)=)\d+"), r"\1N"),
    (re.compile(r"(/standards/(?:reviews|categories)/)\d+"), r"\1N"),
    (re.compile(r"(/(?:answers|by-id|detach|sessions|related/idea|search/saved)/)\d+"), r"\1N"),
    (re.compile(r"(/watch/(?:idea|person)/)\d+"), r"\1N"),
    (re.compile(rf"(/(?:files|site-logo)/){_KEY}"), r"\1K"),
    (re.compile(r"(/feeds/)[\w.-]+"), r"\1K"),
    (re.compile(r"((?:person|department|comment|idea|standard|answer|reason)[-:])\d+"), r"\1N"),
    (re.compile(r'(data-(?:idea|comment|department|moved|person|reply|saved)=")\d+'), r"\1N"),
    (re.compile(r'(data-(?:campaign|matter|pair|expert|service|thanks)=")\d+'), r"\1N"),
    (re.compile(r'((?:data-notification|for)=")\d+'), r"\1N"),
    (re.compile(r'((?:id|for|aria-[a-z]+|popovertarget|data-opens|name)="[a-z-]+?-)\d+'), r"\1N"),
    (re.compile(r'((?:id|for|aria-[a-z]+)="[a-z-]+?-N-)\d+'), r"\1N"),
    (re.compile(r'(<(?:option|input)[^>]* value=")\d+'), r"\1N"),
    (re.compile(r'("(?:[a-z_]*id|id)": ?"?)\d+'), r"\1N"),
    (re.compile(r"((?:after|cursor)=)[\w%-]+"), r"\1C"),
    (re.compile(r'("next": ?")[^"]+'), r"\1C"),
    (re.compile(r'("took_ms": ?)[\d.]+'), r"\1T"),
    (re.compile(r'(name="csrf[-_]token" (?:content|value)=")[^"]*'), r"\1T"),
    (re.compile(r'("(?:key|token_hash|digest)": ?")[^"]+'), r"\1K"),
    (re.compile(r"(reply[=-])\d+"), r"\1N"),
    (re.compile(r"[0-9a-f]{64}"), "DIGEST"),
    (re.compile(r"PS-\d+"), "PS-N"),
)  # fmt: skip


class Told(NamedTuple):
    """An answer, as far as it may not depend on what is hidden."""

    status: int
    location: str
    body: str


def told(response: TestResponse, *, also: tuple[str, ...] = ()) -> Told:
    """An answer without ids; `also` are words of the question that it may repeat."""
    body = response.get_data(as_text=True) if response.mimetype != "application/pdf" else "PDF"
    for word in also:
        body = body.replace(word, "ASKED")
    location = response.headers.get("Location", "")
    for word in also:
        location = location.replace(word, "ASKED")
    return Told(response.status_code, _plain(location), _plain(body))


def _plain(text: str) -> str:
    for pattern, instead in _IDS:
        text = pattern.sub(instead, text)
    return text


def readable(app: Flask) -> Iterator[Rule]:
    """Every route that is read, but for the machine's own."""
    for rule in app.url_map.iter_rules():
        read = "GET" in (rule.methods or ()) and rule.endpoint != "static"
        if read and rule.rule not in NOT_COMPARED:
            yield rule


def address(rule: Rule, values: dict[str, Any]) -> str:
    """A route's address with its arguments filled in."""
    return re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", lambda found: str(values[found[1]]), rule.rule)


def addresses(app: Flask, company: Company) -> Iterator[tuple[str, str]]:
    """A label that is the same in every such company, and the address there."""
    campaign, *_others = company.open.get("campaign_id") or [MISSING["campaign_id"]]
    for rule in readable(app):
        names = sorted(rule.arguments)
        choices = [list(enumerate(company.open.get(name) or [MISSING[name]])) for name in names]
        for chosen in product(*choices):
            values = {name: value for name, (_n, value) in zip(names, chosen, strict=True)}
            label = f"{rule.rule} {[number for number, _value in chosen]}"
            yield label, address(rule, values)
        for question in QUESTIONS.get(rule.rule, ()):
            asked = question.format(campaign_id=campaign)
            yield f"{rule.rule}?{question}", f"{rule.rule}?{asked}"


def everything(app: Flask, company: Company, browser: Browser, database: str) -> dict[str, Told]:
    """All that a reader is told, as pages and, where they are asked for, as JSON; each day at a
    third of the addresses on the second database."""
    answers = {}
    for label, place in share(addresses(app, company), database, of=3):
        answers[label] = told(browser.client.get(place))
        if place.startswith(("/settings/data", "/admin/audit")):
            stored = ANY_NUMBER.sub("N", answers[label].body)
            answers[label] = answers[label]._replace(body=stored)
        if place.startswith("/search"):
            wanted = {"Accept": "application/json"}
            answers[f"{label} as JSON"] = told(browser.client.get(place, headers=wanted))
    return answers


def differences(with_hidden: dict[str, Told], without: dict[str, Told]) -> str:
    """What differs, address by address."""
    lines: list[str] = []
    assert with_hidden.keys() == without.keys()
    for label, answer in with_hidden.items():
        other = without[label]
        if answer != other:
            lines += [f"== {label}", f"{answer[:2]} {other[:2]}"]
            bodies = (lines_of(other), lines_of(answer))
            found = difflib.unified_diff(*bodies, "without", "with", lineterm="", n=0)
            lines += [line[:300] for line in list(found)[2:12]]
    return "\n".join(lines)


def lines_of(answer: Told) -> list[str]:
    """An answer in pieces small enough to show what differs."""
    return answer.body.replace("},", "},\n").replace("><", ">\n<").splitlines()
