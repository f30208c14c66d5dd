"""The pages of categories, for those who look after standards."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.core.access import moderators_only
from forum.core.again import Sent, form_again
from forum.core.errors import Invalid
from forum.core.i18n import _
from forum.standards.categories import actions, queries
from forum.standards.categories.actions import Named
from forum.standards.categories.forms import CategoryForm
from forum.standards.categories.models import Category

bp = Blueprint("standard_categories", __name__)
ADDRESS = "/standards/categories"


def _index(form: CategoryForm) -> str:
    tree = queries.category_tree()
    return render_template(
        "standards/categories/index.html",
        nodes=tree.nodes,
        filed=queries.filed_under([node.id for node in tree.nodes]),
        parents=tree.options(),
        form=form,
    )


@bp.route(ADDRESS, methods=["GET", "POST"])
@moderators_only
@form_again(lambda sent: _index(CategoryForm(sent)))
def index() -> ResponseReturnValue:
    """The tree of categories, and a new one."""
    form = CategoryForm.from_request()
    try:
        if form.submitted() and form.named():
            actions.add(me(), _named(form))
            flash(_("Saved."), "success")
            return redirect(ADDRESS, 303)
    except Invalid as refusal:
        form.refuse(refusal)
    return _index(form), 422 if request.method == "POST" else 200


def _named(form: CategoryForm) -> Named:
    names = (form.name_en.data or "", form.name_ru.data or "")
    return Named(*names, form.parent.data, form.template.data or "")


def _edit(category: Category, form: CategoryForm) -> str:
    tree = queries.category_tree()
    own = {str(number) for number in tree.below(category.id)}
    parents = [option for option in tree.options() if option[0] not in own]
    return render_template(
        "standards/categories/edit.html", category=category, parents=parents, form=form
    )


def _edit_again(sent: Sent, category_id: int) -> str:
    return _edit(queries.category_or_404(category_id), CategoryForm(sent))


@bp.route("/standards/categories/<int:category_id>", methods=["GET", "POST"])
@moderators_only
@form_again(
    lambda sent, category_id: _edit(queries.category_or_404(category_id), CategoryForm(sent))
)
def edit(category_id: int) -> ResponseReturnValue:
    """Change a category."""
    category = queries.category_or_404(category_id)
    known = {name: getattr(category, name) for name in ("name_en", "name_ru", "template")}
    form = CategoryForm.from_request(**known, parent=category.parent_id)
    try:
        if form.submitted() and form.named():
            actions.change(me(), category, _named(form))
            flash(_("Saved."), "success")
            return redirect(ADDRESS, 303)
    except Invalid as refusal:
        form.refuse(refusal)
    return _edit(category, form), 422 if request.method == "POST" else 200


@bp.post("/standards/categories/<int:category_id>/delete")
@moderators_only
def delete(category_id: int) -> ResponseReturnValue:
    """Take an empty category out."""
    actions.remove(me(), queries.category_or_404(category_id))
    flash(_("The category is gone."), "info")
    return redirect(ADDRESS, 303)
