"""How many things a figure says it counts, and how many rows its link leads to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from tests.support.browser import Browser
from tests.support.pages import Document

NUMBER = re.compile(r"\d[\d,]*")
ADDED = ("answers", "replies")
"""These say a share first; what is counted are the numbers of their sentence."""
OF_NOTHING = ("participation", "searches")
"""People are never listed; words looked for stand in the figure's own table."""
PARTS = {
    "cases": ("", "-clarify", "-idea", "-praise", "-none"),
    "stages": ("-open", "-review", "-accepted", "-standardised", "-done", "-declined"),
    "gains": ("-colleagues", "-customers", "-safety"),
}
"""Lists beside a figure's own, in the order of the numbers they are counted by."""


class Figure(NamedTuple):
    """A figure as a page shows it."""

    name: str
    headline: str
    said: list[int]
    table: list[list[str]]
    link: str

    @property
    def counted(self) -> int:
        """Of how many things it tells."""
        if self.name in ADDED:
            return sum(self.said[:3])
        if self.name == "carried-out":
            return self.said[1]
        if self.name == "processing-time":
            return int(self.table[0][1])
        return int(self.headline.replace(",", ""))

    def parts(self) -> Iterator[tuple[str, int]]:
        """The lists beside its own, each with its number."""
        if self.name == "standards":
            yield self.link.replace("in-force", "retired"), self.said[2]
        if self.name == "processing-time":
            yield self.link.replace("to-decision", "to-standard"), int(self.table[1][1])
        for ending, number in zip(PARTS.get(self.name, ()), self._numbers(), strict=True):
            yield self.link.replace(f"/{self.name}?", f"/{self.name}{ending}?"), number

    def _numbers(self) -> list[int]:
        """What the parts of it are counted by."""
        if self.name == "cases":
            return self.said[:5]
        if self.name == "stages":
            return [int(each) for each in self.table[-1][1:]]
        return [int(row[1]) for row in self.table] if self.name == "gains" else []


def figures(browser: Browser, asked: str) -> list[Figure]:
    """Every figure of a page of insights."""
    html = browser.get(f"/insights{asked}").text
    return [
        _figure(part)
        for part in re.findall(r'<section class="insight.*?</section>', html, re.DOTALL)
    ]


def _figure(html: str) -> Figure:
    page = Document(html)
    said = page.all("p")[1].text
    rows = [
        [cell.text.strip() for cell in Document(row).all() if cell.name in ("td", "th")]
        for row in re.findall(r"<tr>.*?</tr>", html.partition("<tbody>")[2], re.DOTALL)
    ]
    links = [each["href"] for each in page.all("a", class_="quiet-link")]
    links = [each for each in links if ".csv" not in each]
    numbers = [int(each.replace(",", "")) for each in NUMBER.findall(said)]
    name = page.one("section")["data-figure"]
    headline = page.one("p", class_="insight-value").text.strip()
    return Figure(name, headline, numbers, rows, links[0] if links else "")


def rows_behind(browser: Browser, address: str) -> int:
    """How many rows a list has, on all its pages."""
    count = 0
    while address:
        answer = browser.get(address)
        assert answer.status_code == 200, address
        main = answer.text.partition("<main")[2].partition("</main>")[0]
        count += sum(
            part.count("<li") for part in re.findall(r'<ul class="items">.*?</ul>', main, re.S)
        )
        onward = Document(main).all("a", rel="next")
        address = onward[0]["href"] if onward else ""
    return count


def wrong(browser: Browser, asked: str) -> list[str]:
    """Each figure that says another number than its rows are, in words."""
    found = []
    for figure in figures(browser, asked):
        if figure.headline == "–" or figure.name in OF_NOTHING:
            found += [f"{asked} {figure.name}: leads to {figure.link}"] if figure.link else []
        elif figure.name == "satisfaction":
            cells = [each.text.strip() for each in browser.page(figure.link).all("td")]
            found += [] if str(figure.said[0]) in cells else [f"{asked}: {figure.said[0]} answers"]
        else:
            for address, number in ((figure.link, figure.counted), *figure.parts()):
                rows = rows_behind(browser, address)
                if rows != number:
                    found.append(f"{asked} {figure.name}: {number}, {address}: {rows}")
    return found
