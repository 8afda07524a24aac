"""What watches the pages notices what it is to notice: else the other tests could not fail."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.folders import of_one_page, served
from tests.browser.reader import Reader

HEAD = "<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>x</title>"
CSP = "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'\">"


@pytest.mark.parametrize(
    ("body", "noticed"),
    [
        ("<img src=data:, onerror=alert(1)>", "ran: alert(1)"),
        ("<script>throw new Error('wrong')</script>", "error: wrong"),
        ("<script>console.error('wrong')</script>", "console error: wrong"),
        ("<img src=http://elsewhere.example/p.png>", "asked another host: http://elsewhere.example/p.png"),
        ("<iframe src='javascript:parent.alert(2)'></iframe>", "ran: alert(2)"),
        (CSP + "<script>alert(1)</script>", "Content Security Policy"),
        (CSP + "<p onclick=alert(1) id=p>x</p><img src=x.png>", "Content Security Policy"),
    ],
)
def test_what_a_page_does_on_its_own_is_noticed(reader: Reader, tmp_path: Path, body: str, noticed: str) -> None:
    with served(of_one_page(tmp_path, HEAD + body)) as url:
        reader.opens(url + "page.html").wait_for_timeout(50)
        reader.leaves()  # who goes on asking for an icon may meet another server at this port
    assert any(noticed in trouble for trouble in reader.troubles), reader.troubles
    reader.troubles.clear()


def test_a_page_that_does_nothing_is_no_trouble(reader: Reader, tmp_path: Path) -> None:
    with served(of_one_page(tmp_path, HEAD + "<p>calm</p>")) as url:
        assert reader.opens(url + "page.html").inner_text("p") == "calm"
        reader.leaves()
    assert reader.asked == [url + "page.html"]
