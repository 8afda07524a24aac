"""One browser for all tests of a process, a fresh window for each, and the site that the demo makes."""

from __future__ import annotations

import inspect
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import chromium
from tests.browser.folders import served
from tests.browser.reader import Reader


@pytest.fixture(scope="session")
def stage() -> Iterator[ThreadPoolExecutor]:
    """The one thread that may talk to the browser."""
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="browser") as one:
        yield one


@pytest.fixture(scope="session")
def browser(stage: ThreadPoolExecutor) -> Iterator[Browser]:
    """The system's Chromium, where it has one."""
    where = chromium.program()
    if where is None:
        if os.environ.get("CI"):
            pytest.fail(f"{chromium.MISSING}. CI never goes without these tests; .ci/run installs it.")
        pytest.skip(chromium.MISSING)
    with chromium.started(where, stage) as running:
        yield running


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a test that reads pages in the browser's thread."""
    if "reader" not in pyfuncitem.fixturenames:
        return None
    stage = pyfuncitem.funcargs["stage"]
    assert isinstance(stage, ThreadPoolExecutor)
    arguments = {name: pyfuncitem.funcargs[name] for name in inspect.signature(pyfuncitem.obj).parameters}
    stage.submit(pyfuncitem.obj, **arguments).result()
    return True


@pytest.fixture
def reader(browser: Browser, stage: ThreadPoolExecutor) -> Iterator[Reader]:
    """Somebody who reads; at the end of every test, no page may have done what it should not."""
    one = Reader(browser)
    yield one
    stage.submit(one.leaves).result()
    assert one.troubles == []


@pytest.fixture(scope="session")
def site(demo_storage: Path) -> Iterator[str]:
    """The address of the static site that the demo makes."""
    with served(demo_storage / "site") as url:
        yield url
