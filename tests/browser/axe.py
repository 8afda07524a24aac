"""What axe-core finds wrong with a page for people who see little, hear or type."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from playwright.sync_api import Page

# Everything of WCAG 2.2 A and AA, and what axe calls good practice. What it cannot decide of contrast counts as wrong, too.
RUN = """async only => {
  const how = only.length ? {runOnly: only} : {};
  const {violations, incomplete} = await axe.run({...how, resultTypes: ["violations", "incomplete"]});
  return [...violations, ...incomplete.filter(one => one.id == "color-contrast")].flatMap(
    one => one.nodes.map(node => `${one.id}: ${node.target.join(" ")}: ${node.failureSummary.replace(/\\s+/g, " ")}`));
}"""


@cache
def script() -> str:
    """The library, which stays in the package that carries it."""
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def wrong_with(page: Page, *only: str) -> list[str]:
    """Each violation: its rule, the element, and what would mend it. `only`: the rules that are looked at; else all."""
    page.evaluate(script())
    found: list[str] = page.evaluate(RUN, list(only))
    return found
