"""Reading pages in tests, and what every page owes its readers."""

from __future__ import annotations

from functools import lru_cache
from html.parser import HTMLParser
from typing import Any

VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "use", "wbr", "path"}


class Element:
    """An element with its attributes and all the text inside it."""

    def __init__(
        self,
        name: str,
        attributes: dict[str, str],
        inside: tuple[Element, ...],
        said: list[str],
    ) -> None:
        self.name, self.attributes, self.inside = name, attributes, inside
        self._said, self._begin, self._end = said, len(said), len(said)

    def end(self) -> None:
        """What the page says from here on is not inside."""
        self._end = len(self._said)

    @property
    def text(self) -> str:
        """All that is said inside."""
        return "".join(self._said[self._begin : self._end])

    def __getitem__(self, name: str) -> str:
        return self.attributes[name]

    def get(self, name: str, default: str = "") -> str:
        """An attribute, or a default."""
        return self.attributes.get(name, default)

    def __contains__(self, name: str) -> bool:
        return name in self.attributes


class Document(HTMLParser):
    """A parsed page: `all("tag", attribute=value)`, `one(...)`, `text`."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.html = html
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self._said: list[str] = []
        self.feed(html)
        self.close()
        for element in self._open:
            element.end()
        self.text = " ".join(self._root_text().split())

    def _root_text(self) -> str:
        return next((e.text for e in self.elements if e.name == "html"), "") or "".join(
            e.text for e in self.elements if not e.inside
        )

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {k: v or "" for k, v in attrs}
        element = Element(tag, attributes, tuple(self._open), self._said)
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        for position in range(len(self._open) - 1, -1, -1):
            if self._open[position].name == tag:
                for element in self._open[position:]:
                    element.end()
                del self._open[position:]
                return

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1].name not in ("script", "style"):  # they hold no elements
            self._said.append(data)

    def all(self, tag: str = "", /, **wanted: Any) -> list[Element]:
        """Elements by tag and attributes; `data_idea=3` means `data-idea="3"`, True any value."""
        asked = {k.rstrip("_").replace("_", "-"): v for k, v in wanted.items()}
        return [
            e
            for e in self.elements
            if (not tag or e.name == tag) and all(_fits(e, k, v) for k, v in asked.items())
        ]

    def one(self, tag: str = "", /, **wanted: Any) -> Element:
        """The only such element."""
        found = self.all(tag, **wanted)
        assert len(found) == 1, f"{len(found)} elements {tag} {wanted}"
        return found[0]


def undo_of(page: Document, act: str) -> str:
    """Where the notice's button takes an act back."""
    posts = [button.get("formaction") for button in page.all("button", formaction=True)]
    return next(post for post in posts if post.startswith(f"{act}/undo"))


def _fits(element: Element, name: str, value: Any) -> bool:
    if value is True:
        return name in element.attributes
    if name == "class":
        return str(value) in element.get("class").split()
    return element.attributes.get(name) == str(value)


def sent_by(page: Document, address: str) -> dict[str, str]:
    """What a browser sends from the form of an address when nothing in it is changed."""
    form = page.one("form", action=address)
    fields: dict[str, str] = {}
    for each in page.elements:
        if form not in each.inside or not each.get("name"):
            continue
        if each.name == "textarea":
            fields[each["name"]] = each.text.removeprefix("\n")
        elif each.name == "select":
            chosen = [o for o in page.all("option", selected=True) if each in o.inside]
            fields[each["name"]] = chosen[0]["value"] if chosen else ""
        elif each.get("type") not in ("radio", "checkbox") or "checked" in each:
            fields[each["name"]] = each.get("value")
    return fields


@lru_cache(4)
def parsed(html: str) -> Document:
    """A page as a document, to be read only; the one just fetched is not parsed twice."""
    return Document(html)


def check_page(html: str) -> None:
    """What no page may lack or have, whichever test fetched it."""
    page = parsed(html)
    ids = [e["id"] for e in page.elements if "id" in e]
    assert len(ids) == len(set(ids)), f"double ids: {sorted({i for i in ids if ids.count(i) > 1})}"
    assert page.one("title").text.strip(), "a page without a title"
    assert len(page.all("h1")) == 1, f"{len(page.all('h1'))} h1 on {page.one('title').text}"
    assert page.one("html").get("lang") in ("en", "ru")
    assert not page.all(style=True), "inline style"
    assert not [e for e in page.all("script") if "src" not in e], "inline script"
    assert not [e for e in page.elements if any(name.startswith("on") for name in e.attributes)], (
        "inline handler"
    )
    _check_references(page, set(ids))


def _check_references(page: Document, ids: set[str]) -> None:
    for element in page.elements:
        for name in ("for", "aria-describedby", "aria-labelledby", "popovertarget", "data-opens"):
            missing = [i for i in element.get(name).split() if i not in ids]
            assert not missing, f"{name} of <{element.name}> names {missing}"
