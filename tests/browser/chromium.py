"""The browser of the system, and the thread that it is driven from."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

MISSING = "no Chromium here; on Debian: apt-get install chromium"
QUIET = [
    "--no-sandbox",  # tests run as root in a container, too; it only ever sees pages of ours
    "--disable-gpu",
    "--disable-dev-shm-usage",  # /dev/shm of a container is small
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # whatever a page asks for, nothing leaves this machine
]


def program() -> str | None:
    """Where Chromium is; AGGREGATOR_CHROMIUM names another one."""
    return os.environ.get("AGGREGATOR_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def started(where: str, stage: ThreadPoolExecutor) -> Iterator[Browser]:
    """A browser that may be used in the thread of `stage` alone.

    Playwright keeps an event loop running in its thread, and there `asyncio.run` is refused to every other test.
    """
    driver = stage.submit(sync_playwright().start).result()
    try:
        browser = stage.submit(driver.chromium.launch, executable_path=where, args=QUIET).result()
        try:
            yield browser
        finally:
            stage.submit(browser.close).result()
    finally:
        stage.submit(driver.stop).result()
