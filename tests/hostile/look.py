"""Whether an answer is one we would give, and a page holds no markup but ours."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

from forum.core.richtext.sanitizer import safe_address
from tests.core.markup import ALLOWED_TAGS

_OURS = (
    "html head title meta link script body a header nav main footer aside section article form "
    "input button textarea select option optgroup label fieldset legend dialog details summary "
    "template svg use path circle polygon rect text g span div p h1 h2 h3 h4 ul ol li dl dt dd "
    "table thead tbody tr th td time kbd small output datalist figure figcaption img caption mark "
    "abbr ins del address progress blockquote noscript markdown-toolbar text-expander"
)
OURS = {*_OURS.split(), *ALLOWED_TAGS}
FINE = re.compile(r"[/?#]|https?://|mailto:|$")
MARK = re.compile(r"</?mark>")


class Suspicious(HTMLParser):
    """Collects what no page of ours holds."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag not in OURS and not tag.startswith("md-"):
            self.found.append(f"<{tag}>")
        if tag == "script" and not values.get("src", "").startswith("/static/"):
            self.found.append("inline script")
        if tag == "meta" and "http-equiv" in values:
            self.found.append("meta http-equiv")
        self.found += [f"{name}=" for name in values if name.startswith("on") or name == "style"]
        for name in ("href", "src", "action", "formaction"):
            if not _leads_somewhere_known(values.get(name, "")):
                self.found.append(f"{name}={values[name][:80]}")


def _leads_somewhere_known(address: str) -> bool:
    return bool(FINE.match(address)) or safe_address(address)


def complaints(response: Any) -> list[str]:
    """What is wrong with an answer, if anything."""
    if response.status_code >= 500:
        return [f"{response.status_code}"]
    location = response.headers.get("Location", "/")
    wrong = [] if leads_home(location) else [f"Location: {location[:80]}"]
    if response.mimetype == "text/html":
        reader = Suspicious()
        reader.feed(_new_in(response.get_data(as_text=True)))
        reader.close()
        wrong += sorted(set(reader.found))
    elif response.is_json:
        wrong += [f"snippet {s[:80]}" for s in _snippets(response.get_json())]
    return wrong


_seen: set[str] = set()


def _new_in(page: str) -> str:
    """The lines of a page that no page before had: the rest was looked at then."""
    lines = [line for line in page.split("\n") if line not in _seen]
    if len(_seen) < 200_000:
        _seen.update(lines)
    return "\n".join(lines)


def leads_home(location: str) -> bool:
    """Whether a redirect stays in the forum."""
    inside = location.startswith(("/", "?", "http://localhost/"))
    return inside and not location.startswith(("//", "/\\"))


def _snippets(answer: Any) -> list[str]:
    hits = answer.get("hits", []) if isinstance(answer, dict) else []
    return [hit["snippet"] for hit in hits if "<" in MARK.sub("", hit["snippet"])]
