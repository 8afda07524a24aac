"""A folder of files, served as any web server does it: what is safe about a page must stand in the page itself."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from aggregator.publish.places import ICON
from aggregator.publish.templating import icon


def of_one_page(folder: Path, html: str) -> Path:
    """A folder with `page.html`, and with what browsers ask for on their own beside it."""
    (folder / "page.html").write_text(html, encoding="utf-8")
    (folder / ICON).write_text(icon(), encoding="utf-8")
    (folder / "favicon.ico").touch()
    return folder


def every_page(folder: Path) -> list[str]:
    """The HTML files of a site, relative to its folder."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.html"))


def one_of_each_kind(folder: Path) -> list[str]:
    """Of the pages of statements and of sources one each, and every other page."""
    some: dict[str, str] = {}
    for file in every_page(folder):
        some.setdefault(re.sub(r"^(statements|sources)/(?!index)[^/]+$", r"\1/*", file), file)
    return list(some.values())


class Quiet(SimpleHTTPRequestHandler):
    """Serves files, and says nothing."""

    def log_message(self, *_args: object) -> None:
        """Quiet."""


class Server(ThreadingHTTPServer):
    """A server that no hasty reader brings to print a traceback."""

    daemon_threads = True
    request_queue_size = 128  # a browser asks for many things at once

    def handle_error(self, request: object, client_address: object) -> None:
        """A reader that has gone is no error."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on loopback; gives its address, ending with a slash."""
    server = Server(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
