"""What the forum knows about its reader, as a page and as JSON."""

from __future__ import annotations

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.core.access import no_store
from forum.core.i18n import lazy
from forum.core.personal import known_about

bp = Blueprint("people_data", __name__)

SHOWN = 100
"""Rows of a table on the page; the JSON has all."""
TITLES = {
    ("accounts", "person"): lazy("Your account"),
    ("accounts", "sessions"): lazy("Browsers you signed in with"),
    ("accounts", "links"): lazy("Links and codes to let you in"),
    ("accounts", "links_made"): lazy("Links and codes you made for others"),
    ("accounts", "mails"): lazy("Mails to you"),
    ("accounts", "actions"): lazy("The log of what you did and of what was done to your account"),
    ("accounts", "addresses"): lazy("Where your latest acts in an office came from"),
    ("campaigns", "campaigns"): lazy("Campaigns you own"),
    ("campaigns", "campaign_ideas"): lazy("Your ideas in campaigns"),
    ("campaigns", "campaign_values"): lazy("What your ideas say in the fields of campaigns"),
    ("surveys", "requests"): lazy("Surveys that asked you"),
    ("surveys", "samples"): lazy("What a running survey asks you about"),
    ("surveys", "participations"): lazy("Surveys you took part in, without your answers"),
    ("surveys", "waves"): lazy("Surveys you planned"),
    ("surveys", "wordings"): lazy("Questions of surveys you worded"),
    ("survey-replies", "replies"): lazy("What you replied to results for a department"),
    ("survey-relay", "questions"): lazy("What you asked the authors of texts in surveys"),
    ("survey-changes", "promises"): lazy("What you said ideas should move"),
    ("scorecards", "experts"): lazy("Who was asked to rate ideas: you, or by you"),
    ("scorecards", "scores"): lazy("Your marks in scorecards"),
    ("anonymous", "posts"): lazy("Ideas you posted without your name, as moderators may learn"),
    ("departments", "memberships"): lazy("Departments you belong or belonged to"),
    ("departments", "heads"): lazy("Departments you head"),
    ("departments", "represents"): lazy("Departments you answer for"),
    ("departments", "deputies"): lazy("Who stands in for you, and for whom you do"),
    ("departments", "attachments"): lazy("Departments you are attached to"),
    ("departments", "changes"): lazy("Changes you made to departments"),
    ("departments", "appointments"): lazy("Changes to departments that name you"),
    ("departments", "sides"): lazy("You as a side of services"),
    ("departments", "services"): lazy("Services you drew, own, give or get"),
    ("departments", "service_changes"): lazy("Changes of services by you or with you in them"),
    ("discussion", "comments"): lazy("Comments you wrote or deleted"),
    ("discussion", "wordings"): lazy("Wordings of your comments"),
    ("files", "pictures"): lazy("Pictures you sent"),
    ("ideas", "ideas"): lazy("Your ideas"),
    ("ideas", "wordings"): lazy("Wordings of your ideas"),
    ("ideas", "votes"): lazy("Ideas you support"),
    ("ideas", "follows"): lazy("Ideas you follow"),
    ("ideas", "answers"): lazy("Answers you gave for a department"),
    ("ideas", "slots"): lazy("Departments' answers that are yours now"),
    ("ideas", "questions"): lazy("What you asked an author for a department"),
    ("ideas", "handovers"): lazy("Questions you handed over to another department"),
    ("ideas", "decisions"): lazy("Decisions you made or confirmed"),
    ("ideas", "outcomes"): lazy("What you said has changed"),
    ("ideas", "stages"): lazy("Steps of ideas you made"),
    ("ideas", "merges"): lazy("Ideas you merged or separated"),
    ("ideas", "moved"): lazy("Your support and follows that moved with a merged idea"),
    ("ideas", "needs"): lazy("Declined ideas you still need"),
    ("ideas", "returned"): lazy("Ideas that came back and that you left declined or took up"),
    ("moderation", "flags"): lazy("What you flagged"),
    ("moderation", "notes"): lazy("Notes you left for moderators"),
    ("moderation", "matters"): lazy("What moderators decided on your posts"),
    ("moderation", "decided"): lazy("Matters you decided or took"),
    ("moderation", "trashed"): lazy("Ideas you put in the trash"),
    ("moderation", "suspensions"): lazy("Suspensions, yours or by you"),
    ("moderation", "trust"): lazy("Trust, given to you or by you"),
    ("moderation", "reach"): lazy("Where you act as a moderator"),
    ("together", "written_together"): lazy("Ideas you are a co-author of"),
    ("together", "invitations"): lazy("Who was asked to write together, you or by you"),
    ("together", "suggestions"): lazy("Edits you suggested or settled"),
    ("together", "summaries"): lazy("Summaries that are yours now"),
    ("together", "summary_wordings"): lazy("Wordings of summaries you wrote"),
    ("together", "adoptions"): lazy("What you said your department does too"),
    ("notifications", "inbox"): lazy("Your news"),
    ("notifications", "choices"): lazy("What you want to hear"),
    ("notifications", "watched"): lazy("Where you hear more or less"),
    ("notifications", "mailed"): lazy("When you were last mailed news"),
    ("notifications", "to_mail"): lazy("News on their way to you by mail"),
    ("training", "cases"): lazy("Cases you wrote"),
    ("training", "checks"): lazy("What you said of cases for your department"),
    ("training", "hosted"): lazy("Sessions you host"),
    ("training", "invitations"): lazy("Sessions you were invited to"),
    ("training", "seats"): lazy("Sessions you signed up for, and whether you came"),
    ("training", "outcomes"): lazy("How you ended cases in sessions"),
    ("promises", "promise_marks"): lazy("What you said of promises"),
    ("promises", "idea_clauses"): lazy("Clauses that your ideas are about"),
    ("search", "saved"): lazy("Searches you saved"),
    ("search", "told"): lazy("What your saved searches have found"),
    ("search", "recent"): lazy("What you searched for lately"),
    ("search", "dismissed"): lazy("Ideas you said are not the same"),
    ("search", "none_kept"): lazy("You want no searches kept since"),
    ("standards", "standards"): lazy("Standards you own or retired"),
    ("standard-reviews", "reviews"): lazy("Reviews of standards you made"),
    ("standards", "versions"): lazy("Versions of standards you wrote, published or own"),
    ("thanks", "thanks"): lazy("Thank-yous you said or hid"),
    ("thanks", "thanked"): lazy("Thank-yous to you"),
    ("thanks", "not_now"): lazy("Where you do not want to be asked for thanks"),
    ("translations", "translations"): lazy("Translations of standards you wrote"),
    ("standards", "clause_origins"): lazy("What you said clauses came from"),
    ("approvals", "approvals"): lazy("What you approved, or asked to change"),
    ("approvals", "releases"): lazy(
        "Versions you sent, published over approvals or looked back at"
    ),
    ("standards", "acknowledgements"): lazy("Standards you acknowledged, or entered for others"),
}
"""What the page calls the rows of a feature's table; the JSON keeps the short names."""


@bp.get("/settings/data")
@no_store
def page() -> ResponseReturnValue:
    """Every row about me, under what it is about."""
    known = known_about(me().id)
    sections = [
        (TITLES[feature, table], rows)
        for feature, tables in known.items()
        for table, rows in tables.items()
        if rows
    ]
    return render_template("people/data.html", sections=sections, shown=SHOWN)


@bp.get("/settings/data.json")
@no_store
def as_json() -> ResponseReturnValue:
    """The same, complete, to keep."""
    answer = jsonify(known_about(me().id))
    answer.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return answer
