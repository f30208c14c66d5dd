"""Every page there is to look at: real addresses for each route that shows a page.

A route that is neither here nor among `NOT_PAGES` fails a test, so no new page is forgotten.
"""

from __future__ import annotations

from datetime import date

from flask import Flask
from sqlalchemy import func, select

from forum.accounts.models import Person
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.departments.models import Department
from forum.discussion.models import Comment, Thread
from forum.ideas import asking
from forum.ideas.actions import word
from forum.ideas.again.models import Condition
from forum.ideas.anonymous import posting
from forum.ideas.anonymous.models import Level
from forum.ideas.answers import slot_for
from forum.ideas.decisions import Verdict, settle
from forum.ideas.merges import merging
from forum.ideas.models import Answer, Idea
from forum.moderation import flags, trash
from forum.moderation.things import thing_or_404
from forum.search.likely.models import LikelyDuplicate
from forum.standards.models import Standard, Version
from tests.browser.answered import results
from tests.browser.approvals import approvals
from tests.browser.door import at_the_door
from tests.browser.figured import insights
from tests.browser.looked_after import looking_after
from tests.browser.mapped import mapped
from tests.browser.searched import searches, words
from tests.browser.stops import NOBODY, Stop
from tests.browser.surveyed import surveys
from tests.browser.trained import training
from tests.ideas import written
from tests.support import make

NOT_PAGES = {
    "/departments/<slug>/qr",
    "/feeds/<string:secret>/search.atom",
    "/feeds/<string:secret>/training.ics",
    "/training/<int:training_id>.ics",
    "/training/record.csv",
    "/departments/by-id/<int:department_id>",
    "/comments/<int:comment_id>",
    "/admin/audit.csv",
    "/admin/audit.json",
    "/departments/<slug>/passport.pdf",
    "/files/<key>",
    "/health/live",
    "/map/services.csv",
    "/health/ready",
    "/insights/figures/<string:name>.csv",
    "/insights/report/<string:month>.pdf",
    "/mentions",
    "/metrics",
    "/moderation/glossary.csv",
    "/search/similar",
    "/search/starts",
    "/search/suggest",
    "/settings/data.json",
    "/site-logo/<string:key>",
    "/site.css",
    "/standards/<string:number>.pdf",
    "/standards/<string:number>/approval",
    "/standards/<string:number>/confirmations.csv",
    "/standards/register.csv",
    "/surveys/<int:wave_id>/results.csv",
    "/surveys/changes.csv",
    "/static/<path:filename>",
}
"""Pictures, feeds, data for scripts, and addresses that only lead on."""


def tour(app: Flask) -> list[Stop]:
    """All stops, in an order that is the same every time."""
    with app.app_context():
        stops = [
            *_moderation(),
            *results(),
            *_plain(),
            *at_the_door(),
            *_ideas(),
            *_standards(),
            *words(),
            *_people(),
        ]
        stops += [*searches(), *_merges(), *_together(app), *_unsigned(), *_failures()]
        stops += [*approvals(), *insights(), *surveys()]
        db.session.remove()
    return stops


def _plain() -> list[Stop]:
    """Pages without arguments; the busiest ones also as somebody who may do little."""
    addresses = (
        "/ /answers /departments /ideas /ideas/new /imprint /moderation /moderation/glossary "
        "/notifications /people /privacy /search /search/help /settings /settings/data "
        "/settings/deputy /settings/email /settings/notifications /settings/password "
        "/settings/sessions /standards /standards/new /standards/pending "
        "/admin /admin/audit /admin/departments "
        "/admin/departments/new /admin/import /admin/mails /admin/people /admin/people/new "
        "/admin/settings /admin/settings/access /admin/settings/answers /admin/settings/mail "
        "/admin/settings/modules /admin/settings/standards /admin/settings/texts /admin/stages "
        "/insights"
    )
    asked = (
        "/ideas?sort=balanced&stage=open&affected=it",
        "/ideas?view=board",
        "/ideas?view=board&column=review&affected=it",
        "/ideas?tag=nothing-has-this-tag",
        "/ideas?waiting=1&mine=1&unknown=1",
        "/search?q=invoice",
        "/search?q=накладные&kind=idea",
        "/search?q=zzzzqqq",
        "/search?q=%22open",
        "/search?q=inventory",
        "/search?q=inventory&exact=1",
        "/search/help",
        "/people?q=an",
        "/standards?department=it",
        "/notifications?unread=1",
    )
    return [
        *(Stop(address, address) for address in addresses.split()),
        *(Stop(address.split("?")[0], address, "anna") for address in asked),
        *(
            Stop("/moderation", f"/moderation?queue={name}", "moderator")
            for name in ("flags", "review", "stuck", "untagged", "moved", "hidden", "trash")
        ),
        *(Stop(address, address, "boris") for address in ("/", "/answers", "/notifications")),
        Stop("/ideas", "/ideas?view=board", "moderator"),
        Stop("/admin/stages/<int:stage_id>", "/admin/stages/2"),
        Stop("/scorecards", "/scorecards", "anna"),
        Stop("/scorecards", "/scorecards?value=1&cost=5", "moderator"),
        *training(),
        Stop("/campaigns", "/campaigns", "anna"),
        Stop("/thanks", "/thanks", "anna"),
        Stop("/thanks", "/thanks?mine=1&department=finance", "anna"),
        Stop("/thanks/new", "/thanks/new", "anna"),
        Stop("/thanks/new", "/thanks/new?for=idea-1", "anna"),
        Stop("/thanks/flow", "/thanks/flow", "anna"),
        Stop("/thanks/<int:thanks_id>", "/thanks/1", "anna"),
        Stop("/thanks/<int:thanks_id>", "/thanks/1", "moderator"),
        Stop("/thanks/<int:thanks_id>/flag", "/thanks/1/flag", "boris"),
        Stop("/campaigns/new", "/campaigns/new", "moderator"),
        Stop("/campaigns/<int:campaign_id>", "/campaigns/1", "moderator"),
        Stop("/campaigns/<int:campaign_id>/edit", "/campaigns/1/edit", "moderator"),
        Stop("/ideas/new", "/ideas/new?campaign=1", "anna"),
        *mapped(),
        *(Stop(address, address, "consultant") for address in ("/", "/ideas", "/standards")),
    ]


def _moderation() -> list[Stop]:
    """Something flagged, something in the trash, and the way there."""
    moderator = db.session.scalars(
        select(Person).where(Person.email == "moderator@demo.example")
    ).one()
    anna = db.session.scalars(select(Person).where(Person.email == "anna@demo.example")).one()
    seen = db.session.scalars(
        select(Idea)
        .where(
            Idea.stage_kind == "open",
            Idea.author_id.not_in((moderator.id, anna.id)),
            Idea.hidden_at.is_(None),
        )
        .order_by(Idea.id)
        .limit(2)
    ).all()
    flagged, thrown = seen
    thing = thing_or_404(anna, "idea", flagged.id)
    matter = flags.flag(anna, thing, reason="rude", note="Somebody is named in it.")
    trash.put_in_trash(moderator, thrown, why="It is there twice.")
    comment = db.session.scalars(
        select(Comment.id).where(Comment.author_id != anna.id).order_by(Comment.id).limit(1)
    ).one()
    return [
        Stop("/ideas/<int:idea_id>/flag", f"/ideas/{flagged.id}/flag", "boris"),
        Stop("/comments/<int:comment_id>/flag", f"/comments/{comment}/flag", "anna"),
        Stop("/ideas/<int:idea_id>", f"/ideas/{thrown.id}", "moderator"),
        Stop(
            "/moderation/people/<int:person_id>/suspend",
            f"/moderation/people/{anna.id}/suspend",
            "moderator",
        ),
        Stop("/moderation/matters/<int:matter_id>", f"/moderation/matters/{matter}", "moderator"),
    ]


def _ideas() -> list[Stop]:
    """An idea in every stage, a draft being written, histories and comments."""
    rule = "/ideas/<int:idea_id>"
    stages = db.session.execute(
        select(Idea.stage_kind, func.min(Idea.id)).group_by(Idea.stage_kind)
    )
    shown = {kind: idea_id for kind, idea_id in stages if kind != "draft"}
    owner = select(Person.email).where(Person.id == Idea.author_id).scalar_subquery()
    drafts = db.session.execute(select(Idea.id, owner).where(Idea.stage_kind == "draft")).all()
    draft, author = drafts[0]
    talked = db.session.scalars(select(Idea.id).order_by(Idea.comment_count.desc())).first()
    comment, writer = db.session.execute(
        select(Comment.id, Person.email)
        .join(Thread, Thread.id == Comment.thread_id)
        .join(Person, Person.id == Comment.author_id)
        .where(Comment.deleted_at.is_(None), Thread.subject == "idea")
        .where(Person.deactivated_at.is_(None), Person.email.is_not(None))
        .order_by(Comment.created_at.desc())
    ).first() or (0, "")
    it = select(Department.id).where(Department.slug == "it").scalar_subquery()
    asked = db.session.execute(
        select(Answer.idea_id, Answer.department_id)
        .join(Idea, Idea.id == Answer.idea_id)
        .where(Answer.department_id == it, Answer.answer == "waiting", Idea.stage_kind == "open")
    ).first() or (0, 0)
    return [
        Stop(rule, f"/ideas/{asked[0]}", "boris"),
        Stop(
            f"{rule}/answers/<int:department_id>/hand-over",
            "/ideas/{}/answers/{}/hand-over".format(*asked),
            "boris",
        ),
        *(Stop(rule, f"/ideas/{idea_id}", "moderator") for idea_id in shown.values()),
        Stop(rule, f"/ideas/{shown['open']}", "anna"),
        Stop(rule, f"/ideas/{talked}", "boris"),
        Stop(rule, f"/ideas/{draft}", _who(author)),
        Stop(f"{rule}/edit", f"/ideas/{draft}/edit", _who(author)),
        Stop(f"{rule}/scorecard", f"/ideas/{shown['open']}/scorecard", "moderator"),
        Stop(f"{rule}/history", f"/ideas/{talked}/history", "anna"),
        Stop(f"{rule}/owner", f"/ideas/{shown['accepted']}/owner", "moderator"),
        Stop("/comments/<int:comment_id>/edit", f"/comments/{comment}/edit", _who(writer)),
        Stop("/comments/<int:comment_id>/history", f"/comments/{comment}/history", "anna"),
    ]


_ON_PAPER = ("export", "print", "versions")


def _standards() -> list[Stop]:
    """A standard in every state, its versions, what changed, writing and ending it."""
    rule = "/standards/<string:number>"
    number = db.session.scalars(
        select(Standard.number).where(Standard.in_force > 1, Standard.state == "in_force")
    ).first()
    drafted = db.session.execute(
        select(Standard.number, Version.number)
        .join(Version, Version.standard_id == Standard.id)
        .where(Version.state == "draft", Version.number > 1)
    ).first() or (number, 1)
    states = db.session.execute(
        select(Standard.state, func.min(Standard.number)).group_by(Standard.state)
    )
    return [
        *(Stop(rule, f"/standards/{found}", "moderator") for _state, found in states),
        Stop(rule, f"/standards/{number}", "anna"),
        Stop(f"{rule}/versions/<int:version>", f"/standards/{number}/versions/1", "anna"),
        Stop(f"{rule}/versions/<int:version>", f"/standards/{drafted[0]}/versions/{drafted[1]}"),
        Stop(f"{rule}/compare", f"/standards/{number}/compare?from=1&to=2", "anna"),
        *(Stop(f"{rule}/{page}", f"/standards/{number}/{page}", "anna") for page in _ON_PAPER),
        Stop(f"{rule}/edit", f"/standards/{number}/edit", "moderator"),
        Stop(rule, "/standards/PS-001?lang=ru", "anna"),
        Stop(f"{rule}/translate", "/standards/PS-001/translate?lang=ru", "moderator"),
        *(Stop(f"{rule}{page}", f"/standards/PS-003{page}", "anna") for page in ("", "/history")),
        Stop(f"{rule}/kept", "/standards/PS-003/kept?clause=5", "moderator"),
        Stop(f"{rule}/clauses/<int:clause>", f"/standards/{number}/clauses/1", "moderator"),
        Stop(f"{rule}/retire", f"/standards/{number}/retire", "moderator"),
        *looking_after(number),
        Stop("/standards/pending", "/standards/pending", "anna"),
        Stop(f"{rule}/confirmations", f"/standards/{number}/confirmations", "moderator"),
        Stop(f"{rule}/confirmations", f"/standards/{number}/confirmations?show=late", "moderator"),
        Stop(
            f"{rule}/confirmations/sheet", f"/standards/{number}/confirmations/sheet", "moderator"
        ),
    ]


def _people() -> list[Stop]:
    """Departments and people, as colleagues and as administrators see them."""
    anna = db.session.scalars(select(Person.id).where(Person.email == "anna@demo.example")).one()
    gone = select(func.min(Person.id)).where(Person.deactivated_at.is_not(None))
    former = db.session.scalar(gone) or anna
    return [
        Stop("/people/<int:person_id>", f"/people/{anna}", "boris"),
        Stop("/people/<int:person_id>", f"/people/{anna}", "anna"),
        Stop("/people/<int:person_id>", f"/people/{former}"),
        Stop("/departments/<slug>", "/departments/it", "anna"),
        Stop("/watch/<string:kind>/<string:called>", "/watch/department/it", "anna"),
        Stop("/departments/<slug>/poster", "/departments/it/poster", "anna"),
        Stop("/departments/<slug>/passport", "/departments/it/passport", "anna"),
        Stop("/admin/departments/<int:department_id>", "/admin/departments/3"),
        Stop("/admin/people/<int:person_id>", f"/admin/people/{anna}"),
        Stop("/admin/people/<int:person_id>/erase", f"/admin/people/{former}/erase"),
    ]


def _merges() -> list[Stop]:
    """Ideas that belong together, one that became part of another, and a No that comes back."""
    query = select(Idea).where(Idea.stage_kind == "open", Idea.hidden_at.is_(None))
    newest = db.session.scalars(query.order_by(Idea.id.desc()).limit(5)).all()
    first, second, third, watched, back = newest
    by = db.session.scalars(select(Person).where(Person.email == "moderator@demo.example")).one()
    merging.merge(by, first, [second], message="Both say the same.")
    for idea in (watched, back):
        verdict = Verdict("decline", "Not now.", again_on=date(2099, 1, 1), again_departments=2)
        settle(by, idea, verdict)
    with transaction():
        pair = {"first_id": min(first.id, third.id), "second_id": max(first.id, third.id)}
        db.session.add(LikelyDuplicate(score=0.7, words="invoice, weeks", **pair))
        returned = select(Condition).where(Condition.idea_id == back.id)
        db.session.scalars(returned).one().met_at = now()
    return [
        *(Stop("/ideas/<int:idea_id>", f"/ideas/{i.id}", "moderator") for i in (first, second)),
        Stop("/ideas/<int:idea_id>", f"/ideas/{watched.id}", "anna"),
        Stop("/ideas/<int:idea_id>", f"/ideas/{back.id}", "moderator"),
        Stop("/ideas/<int:idea_id>/merge", f"/ideas/{first.id}/merge?with={third.id}", "moderator"),
        Stop("/moderation/duplicates", "/moderation/duplicates", "moderator"),
        Stop("/moderation", "/moderation?queue=returned", "moderator"),
    ]


def _together(app: Flask) -> list[Stop]:
    """An idea with everything that people write together, and what is done already."""
    emails = ("anna@demo.example", "boris@demo.example", "moderator@demo.example")
    query = select(Person.email, Person.id).where(Person.email.in_(emails))
    people = {row[0].partition("@")[0]: row[1] for row in db.session.execute(query)}
    anna, boris, moderator = (people[who] for who in ("anna", "boris", "moderator"))
    it = db.session.scalars(select(Department.id).where(Department.slug == "it")).one()
    other, head = make.represented(app, "Gatehouse")
    problem = "Badges are forgotten at home. Nobody lends any."
    idea = make.idea(app, anna, problem=problem)
    written.join(app, idea, boris)
    written.marked(app, idea, anna, "We begin on Monday.", official=True)
    written.marked(app, idea, moderator, "Who pays for it?", question=True, side="breaks")
    written.marked(app, idea, boris, "So nobody waits at the gate.", side="works")
    written.summary(app, idea, moderator, "Пропуска забывают дома, и никто их не выдаёт.")
    written.suggestion(app, idea, moderator, problem.replace("Nobody", "The gate"))
    done = written.improvement(app, other, head)
    written.adoption(app, done, it, boris)
    rule = "/ideas/<int:idea_id>"
    return [
        Stop(rule, f"/ideas/{idea}", "anna"),
        Stop(rule, f"/ideas/{idea}?show=questions", "boris"),
        Stop(f"{rule}/authors", f"/ideas/{idea}/authors", "anna"),
        Stop(f"{rule}/suggest", f"/ideas/{idea}/suggest", "moderator"),
        Stop(f"{rule}/suggestions", f"/ideas/{idea}/suggestions", "anna"),
        Stop(f"{rule}/summary/<string:lang>", f"/ideas/{idea}/summary/ru", "moderator"),
        Stop(rule, f"/ideas/{done}", "boris"),
        Stop("/improvements/new", "/improvements/new", "boris"),
        Stop("/improvements/new", "/improvements/new", "anna"),
    ]


def _unsigned() -> list[Stop]:
    """An idea without a name that a department asks about, for its author and for everybody."""
    emails = ("anna@demo.example", "boris@demo.example")
    query = select(Person).where(Person.email.in_(emails)).order_by(Person.email)
    anna, boris = db.session.scalars(query)
    it = db.session.scalars(select(Department.id).where(Department.slug == "it")).one()
    wording = word(title="", problem="Nobody dares to ask for help.", departments=[it])
    posted = posting.post(anna, wording, Level.MODERATORS)
    idea = posted.idea
    asking.ask_author(boris, idea, slot_for(boris, idea, it), question="Help with what?")
    return [
        Stop("/relay/<string:author_secret>", f"/relay/{posted.secret}", NOBODY),
        Stop("/ideas/<int:idea_id>/relay", f"/ideas/{idea.id}/relay", "anna"),
        Stop("/ideas/<int:idea_id>", f"/ideas/{idea.id}", "anna"),
        Stop("/ideas/<int:idea_id>", f"/ideas/{idea.id}", "moderator"),
    ]


def _failures() -> list[Stop]:
    """What a person sees when something is not there, not theirs, or used up."""
    return [
        Stop("404", "/nothing-is-here", "anna", 404),
        Stop("404", "/admin", "anna", 404),
        Stop("410", "/welcome/used-long-ago", NOBODY, 410),
    ]


def _who(email: str) -> str:
    return email.partition("@")[0]


def pages_of(app: Flask) -> set[str]:
    """Every route that answers GET and is not known to be no page."""
    rules = {rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    return rules - NOT_PAGES
