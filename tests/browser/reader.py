"""Somebody who reads the site, and notices everything that a page does on its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page, Request

HUNG_UP = "net::ERR_CONNECTION_RESET"
PATIENCE = 10_000  # ms until a page that does not do what it should is given up
# What the well-known payloads call; a page that calls one of these has let a source run something.
STRANGE = (Path(__file__).parent / "strange.js").read_text(encoding="utf-8")
WATCHED = """
for (const name of ["alert", "confirm", "prompt", "print", "open"])
  window[name] = (...given) => { window.__ran = name + "(" + given.join() + ")"; console.error("ran: " + window.__ran); };
"""


def strange(page: Page) -> list[str]:
    """The elements and attributes of a page that a source must have put there; and whether something ran."""
    found: list[str] = page.evaluate(STRANGE)
    return found


def elsewhere(one: Request) -> str:
    """What is said of a request to another host."""
    return f"asked another host: {one.url[:200]}"


@dataclass
class Reader:
    """Opens pages; `troubles` are what no page of ours may do: errors, dialogs, requests to other hosts, scripts of sources."""

    browser: Browser
    troubles: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)  # every address that was asked for, in order
    _contexts: list[BrowserContext] = field(default_factory=list)

    def opens(
        self,
        url: str,
        *,
        width: int = 1280,
        height: int = 800,
        javascript: bool = True,
        dark: bool = False,
        without_csp: bool = False,
        prepare: Callable[[Page], None] = lambda _page: None,
    ) -> Page:
        """Open an address in a window of its own; `prepare` has the page before it is asked for."""
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            java_script_enabled=javascript,
            color_scheme="dark" if dark else "light",
            bypass_csp=without_csp,
            locale="en-GB",
            timezone_id="America/New_York",  # not the zone of any source, nor of the machine
            reduced_motion="reduce",
        )
        self._contexts.append(context)
        context.set_default_timeout(PATIENCE)
        if javascript:
            context.add_init_script(WATCHED)
        page = context.new_page()
        self._watch(page, urlsplit(url).netloc)
        prepare(page)
        page.goto(url, wait_until="load")
        return page

    def _watch(self, page: Page, host: str) -> None:
        def request(one: Request) -> None:
            self.asked.append(one.url)
            if urlsplit(one.url).scheme not in {"data", "blob"} and urlsplit(one.url).netloc != host:
                self.troubles.append(elsewhere(one))

        def console(message: ConsoleMessage) -> None:
            where = str(message.location.get("url", ""))
            if HUNG_UP in message.text and urlsplit(where).netloc == host:
                return  # by the test's own small server, which is no fault of a page
            if message.type in {"error", "warning"}:
                self.troubles.append(f"console {message.type}: {message.text[:300]} {where}".rstrip())

        def dialog(one: Dialog) -> None:
            self.troubles.append(f"dialog: {one.message[:200]}")
            one.dismiss()

        def failed(one: Request) -> None:
            if one.failure == "csp" and elsewhere(one) in self.troubles:  # the page's own policy stopped it: nobody was asked
                self.troubles.remove(elsewhere(one))

        page.on("request", request)
        page.on("requestfailed", failed)
        page.on("console", console)
        page.on("dialog", dialog)
        page.on("pageerror", lambda error: self.troubles.append(f"error: {str(error)[:300]}"))
        page.on("popup", lambda one: self.troubles.append(f"opened a window: {one.url[:200]}"))

    def leaves(self) -> None:
        """Close every page."""
        while self._contexts:
            self._contexts.pop().close()
