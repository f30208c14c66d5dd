"""Modules: parts of the forum that are there only while they are switched on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from flask import Flask, request

from forum.core.errors import NotFound
from forum.core.site import site


class Link(NamedTuple):
    """A module's place under “More”, for those who may go there."""

    label: Any
    url: str
    open_to: Callable[[Any], bool]


LINKS: dict[str, Link] = {}
"""The links of modules by their names, as features register them."""


def is_on(name: str) -> bool:
    """Whether a module is switched on."""
    return name in site().modules


def offer(app: Flask, name: str, link: Link) -> None:
    """A module with its place under “More”; while it is off, all below that address is 404."""
    LINKS[name] = link

    def ask() -> None:
        below = request.path == link.url or request.path.startswith(f"{link.url}/")
        if below and not is_on(name):
            raise NotFound

    app.before_request(ask)


def links(person: Any) -> list[tuple[str, str]]:
    """What stands under “More” for somebody."""
    if person is None:
        return []
    on = [link for name, link in LINKS.items() if is_on(name) and link.open_to(person)]
    return [(str(link.label), link.url) for link in on]
