"""The rules of accessibility, as axe-core checks them on a page as it is now."""

from __future__ import annotations

from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Stylesheets are not fetched once more: only an experimental rule, which is not among these, reads
# them.
RUN_AXE = """async (rules) => {
  const options = {resultTypes: ["violations"], runOnly: rules, preload: {assets: ["media"]}};
  const found = await axe.run(document, options);
  const why = (node) => [...node.any, ...node.all, ...node.none].map((each) => each.message);
  return found.violations.map((rule) => [
    `${rule.id}: ${rule.help}`,
    ...rule.nodes.slice(0, 3).map((node) => `${node.target} ${why(node).slice(0, 2)}`),
  ].join("\\n    "));
}"""


def violations(page: Page) -> list[str]:
    """What breaks a rule, each with the first three places."""
    page.evaluate(AXE)
    found: list[str] = page.evaluate(RUN_AXE, RULES)
    return found
