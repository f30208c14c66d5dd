"""Why somebody hears of something, strongest reason first."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """The reasons, in the order in which they win when one event gives a person several."""

    ANSWER_WANTED = "answer-wanted"
    ESCALATED = "escalated"
    ANSWER_DUE = "answer-due"
    ASKED_AUTHOR = "asked-author"
    ASKED_UNSIGNED = "asked-unsigned"
    OWNERS_TURN = "owners-turn"
    DATE_ASKED = "date-asked"
    SCORE_WANTED = "score-wanted"
    APPROVAL_WANTED = "approval-wanted"
    APPROVAL_DUE = "approval-due"
    CHANGE_WANTED = "change-wanted"
    APPROVED = "approved"
    TAKEN_BACK = "taken-back"
    REVIEW_OVERDUE = "review-overdue"
    REVIEW_OPENED = "review-opened"
    REVIEW_DUE = "review-due"
    STANDARD_GIVEN = "standard-given"
    TO_CONFIRM = "to-confirm"
    SURVEY_ASKS = "survey-asks"
    SURVEY_DUE = "survey-due"
    REPLY_DUE = "reply-due"
    REPLY_LATE = "reply-late"
    MENTIONED = "mentioned"
    DECIDED = "decided"
    INVITED = "invited"
    RETURNED = "returned"
    CLAUSE_DROPPED = "clause-dropped"
    OFFICIAL = "official"
    ANSWERED = "answered"
    DONE = "done"
    STANDARDISED = "standardised"
    MERGED = "merged"
    UNMERGED = "unmerged"
    TOOK_IN = "took-in"
    SUGGESTED = "suggested"
    SUGGESTION_TAKEN = "suggestion-taken"
    SUGGESTION_LEFT = "suggestion-left"
    JOINED = "joined"
    ADOPTED = "adopted"
    RESOLVED = "resolved"
    REPLIED = "replied"
    PROMISE_BROKEN = "promise-broken"
    COMMENTED = "commented"
    COMMENTED_FOLLOWED = "commented-followed"
    ANSWERED_FOLLOWED = "answered-followed"
    NEW_IDEA = "new-idea"
    PUBLISHED = "published"
    FOUND = "found"
    MODERATED = "moderated"
    TO_MODERATE = "to-moderate"


STRENGTH = {kind: place for place, kind in enumerate(Kind)}
"""The smaller, the stronger."""

Thing = tuple[str, int]
"""What a notification leads to: `("idea", 7)` or `("standard", 3)`; what features above give
out has kinds of its own (see `elsewhere`)."""
