"""Pages of the library of questions, and of how much may be asked."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.core.access import admins_only, moderators_only
from forum.core.again import Sent, form_again
from forum.core.errors import Conflict, Invalid
from forum.core.i18n import _, lazy
from forum.core.numbers import number_or_none
from forum.core.site import site
from forum.ideas.pages import say_with_undo
from forum.surveys import policy, settings, wordings
from forum.surveys.forms import BurdenForm, ItemForm
from forum.surveys.models import ItemKind

bp = Blueprint("survey_wordings", __name__)
KINDS = {
    ItemKind.SCALE: lazy("From 1 to 5"),
    ItemKind.RECOMMEND: lazy("From 0 to 10"),
    ItemKind.TEXT: lazy("In words"),
}


def _page(wrong: ItemForm | None = None, *, adds: bool = False) -> str:
    """The questions; before the first wave those that every forum begins with."""
    known = wordings.every() or [
        (wordings.Asked(0, 0, each.key, each.kind, 1, each.en, each.ru), False)
        for each in wordings.STANDARD
    ]
    forms = {
        asked.key: ItemForm(data={"en": asked.en, "ru": asked.ru, "seen": str(asked.number)})
        for asked, _retired in known
    }
    if wrong is not None and not adds:
        forms[wrong.key.data or ""] = wrong
    return render_template(
        "surveys/items.html",
        known=known,
        forms=forms,
        new=wrong if wrong is not None and adds else ItemForm(data={}),
        kinds=[(str(kind), str(words)) for kind, words in KINDS.items()],
        kind_words={str(kind): str(words) for kind, words in KINDS.items()},
        may_set=policy.may_set(me()),
    )


def _again(sent: Sent, item: str = "") -> str:
    form = ItemForm(sent)
    form.key.data = item or form.key.data
    return _page(form, adds=not item)


@bp.get("/surveys/items")
@moderators_only
def items() -> ResponseReturnValue:
    """What can be asked, in both languages."""
    return _page()


@bp.post("/surveys/items")
@moderators_only
@form_again(_again)
def add() -> ResponseReturnValue:
    """A new question."""
    form = ItemForm.from_request()
    try:
        if form.validate():
            said = {name: form[name].data or "" for name in ("key", "kind", "en", "ru")}
            wordings.add(me(), **said)
            flash(_("Added. Waves that are planned ask it when they open."), "success")
            return redirect("/surveys/items", 303)
    except Invalid as refusal:
        form.refuse(refusal)
    return _page(form, adds=True), 422


@bp.post("/surveys/items/<string:item>")
@moderators_only
@form_again(_again)
def word(item: str) -> ResponseReturnValue:
    """Another wording of a question."""
    form = ItemForm.from_request()
    form.key.data = item
    seen = number_or_none(form.seen.data) or 0
    try:
        if form.validate():
            words = {"en": form.en.data or "", "ru": form.ru.data or ""}
            changed = wordings.word(me(), item, seen=seen, **words)
            flash(_("Saved as a new version.") if changed else _("Nothing changed."), "success")
            return redirect("/surveys/items", 303)
    except Invalid as refusal:
        form.refuse(refusal)
    except Conflict as stale:
        form.reject("en", stale.message)
        return _page(form), 409
    return _page(form), 422


@bp.post("/surveys/items/<string:item>/retire")
@moderators_only
def retire(item: str) -> ResponseReturnValue:
    """Ask it no more; one tap asks again."""
    wordings.retire(me(), item)
    say_with_undo(_("It is not asked any more."), f"/surveys/items/{item}/restore")
    return redirect("/surveys/items", 303)


@bp.post("/surveys/items/<string:item>/restore")
@moderators_only
def restore(item: str) -> ResponseReturnValue:
    """Ask it again."""
    wordings.retire(me(), item, back=True)
    return redirect("/surveys/items", 303)


def _burden_again(sent: Sent) -> str:
    return render_template("surveys/settings.html", form=BurdenForm(sent))


@bp.route("/surveys/settings", methods=["GET", "POST"])
@admins_only
@form_again(_burden_again)
def burden() -> ResponseReturnValue:
    """How much may be asked of people."""
    known = site()
    form = BurdenForm.from_request(
        questions=known.survey_questions, requests=known.survey_requests, k=known.survey_k
    )
    if form.submitted():
        settings.save(
            me(), questions=form.questions.data, requests=form.requests.data, k=form.k.data
        )
        flash(_("Saved."), "success")
        return redirect("/surveys/settings", 303)
    page = render_template("surveys/settings.html", form=form)
    return page, 422 if request.method == "POST" else 200
