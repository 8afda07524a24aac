"""Cleaning, addresses, times, sentences, fingerprints."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape
from zoneinfo import ZoneInfo

import pytest
from bs4 import BeautifulSoup
from hypothesis import example, given
from hypothesis import strategies as st

from aggregator.model import ZoneKnown
from aggregator.text import (
    canonical_url,
    clean_html,
    extract_article,
    fingerprint,
    fingerprints,
    fold,
    html_to_text,
    parse_time,
    split_sentences,
    words,
)
from aggregator.text.html import cleaner
from aggregator.text.wire import without_feed_tail

MOSCOW = ZoneInfo("Europe/Moscow")
KYIV = ZoneInfo("Europe/Kyiv")


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One&nbsp;two &amp; three</p><p>Four</p>", "One two & three\n\nFour"),
        ("<ul><li>a<li>b</ul>c", "a\n\nb\n\nc"),
        ("one<br>two<br><br>three", "one two\n\nthree"),
        ("<table><tr><th>x</th><td>1</td></tr><tr><td>y</td><td>2</td></tr></table>", "x | 1\n\ny | 2"),
        ("a<script>alert(1)</script><style>b{}</style><!-- c --><input value='d'>e", "ae"),
        ("plain text\n\nwithout markup\nin two", "plain text\n\nwithout markup in two"),
        ("Biden\u2060 &#8288;\u00a0Harris\u00ad", "Biden Harris"),
        ("1 &lt; 2 &amp;amp; 3", "1 < 2 &amp; 3"),
        ("<div><div><p></p>  </div></div>", ""),
        ("", ""),
        ("<p>5 < 6 and 7 > 2</p>", "5 < 6 and 7 > 2"),
        ("<a title='1 > 2' href=x>a</a><img alt=\"<p>\">b", "ab"),
        ("<a href=it's>one</a> <a title = 'two' b=\"'>\">two</a>", "one two"),
        ("a<br> &nbsp; <BR/>b<br>c", "a\n\nb c"),
        ("a<br><!-- ad --><br>b", "a\n\nb"),
        ("a<br><b>b</b><br>c", "a b c"),
        ("a<!-- <p> -->b<!-->c<!--->d<?php e ?>f<![CDATA[g]]>h", "abcdfh"),
        ("<html><head><title>T</title><meta x><body>a", "a"),
        ("<head>what is no title is a text</head>", "what is no title is a text"),
        ("<SCRIPT>if (a<b) '<p>'</script >a<style/>b</style>c", "ac"),
        ("a<svg><title>x</title><text>b</text></svg>c<button>d<b>e</b></button>f", "acf"),
        ("<object><object>a</object>b</object>c", "c"),
        ("a<object>what is left open hides no text", "awhat is left open hides no text"),
        ("a<script>what is left open", "a"),
        ("a<xmp><b>b</b></xmp>", "ab"),
        ("<td>a<td>b</td><td></td><td>c", "a | b | | c"),
        ("a<b", "a"),
        ("<p>&am<b>p;</b> &ampx &#8217; &#x2019; &#0; &#10; &unknown; &lt", "&amp; &x ’ ’ \ufffd &unknown; <"),
        ("<p>e\u0301</p>", "é"),
    ],
)
def test_html_becomes_paragraphs(html: str, text: str) -> None:
    assert html_to_text(html) == text


@given(st.recursive(st.text(alphabet="ab &<>'\"\u00a0é", max_size=6), lambda parts: st.lists(parts, max_size=4).map(tuple)))
def test_the_text_of_well_formed_html_is_what_a_parser_finds(tree: object) -> None:
    html = _written(tree)
    assert html_to_text(html).split() == BeautifulSoup(html, "lxml").get_text(" ").split()


def _written(tree: object) -> str:
    if isinstance(tree, tuple):
        return f"<div title='>' class=\"<p>\" hidden><!-- > -->{''.join(map(_written, tree))}<hr/></div>"
    return f"<p>{escape(str(tree))}</p>"


def test_deep_nesting_is_read_without_losing_its_text() -> None:
    assert "core" in html_to_text("<div>" * 3000 + "core" + "</div>" * 3000)


@given(st.text(max_size=200))
def test_no_html_breaks_the_cleaner(html: str) -> None:
    text = html_to_text(html)
    assert all(part == fold(part) for part in text.split("\n\n"))
    assert "<script" not in clean_html(html, base_url="https://e.org/").lower()


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("<script>alert(1)</script><b onclick=x>a</b>", "<b>a</b>"),
        ("<a href='javascript:alert(1)'>a</a>", '<a rel="noopener nofollow">a</a>'),
        ("<a href='/x'>a</a>", '<a href="https://e.org/x" rel="noopener nofollow">a</a>'),
        ("<img src='data:image/svg+xml,x' onerror=alert(1)>", "<img>"),
        ("<iframe src=//evil></iframe><form><input></form>", ""),
        ("<svg><script>1</script></svg>", ""),
        ("<a href='jav&#97;script&colon;x'>a</a>", '<a rel="noopener nofollow">a</a>'),
        ("<a hr&#101;f='/x'>a</a>", '<a rel="noopener nofollow">a</a>'),
        ("<a href='&#47;x'>a</a>", '<a href="https://e.org/x" rel="noopener nofollow">a</a>'),
        ("<a HREF = x>a</a>", '<a href="https://e.org/a/x" rel="noopener nofollow">a</a>'),
        ("<a href='\t h\nttps://f.org/'>a</a>", '<a href="https://f.org/" rel="noopener nofollow">a</a>'),
        ("<a href='//f.org/x'>a</a>", '<a href="https://f.org/x" rel="noopener nofollow">a</a>'),
        ("<a href='https:x'>a</a>", '<a href="https://e.org/a/x" rel="noopener nofollow">a</a>'),
        ("<a href=''>a</a>", '<a href="https://e.org/a/" rel="noopener nofollow">a</a>'),
        ("<a href='//['>a</a><a href='http://[::1'>b</a>", '<a rel="noopener nofollow">a</a><a rel="noopener nofollow">b</a>'),
        ("<img src=x.png><img src='\x01y'>", '<img src="https://e.org/a/x.png"><img src="https://e.org/a/y">'),
        ("<q cite=x>a</q>", '<q cite="https://e.org/a/x">a</q>'),
        ("<q cite='javascript:alert(1)'>a</q>", "<q>a</q>"),
        ("<a href=https://f.org/?a&amp;b>a</a>", '<a href="https://f.org/?a&amp;b" rel="noopener nofollow">a</a>'),
        ("<a href='mailto:a@f.org'>a</a>", '<a href="mailto:a@f.org" rel="noopener nofollow">a</a>'),
        ("1 > 0 & \u00a0", "1 &gt; 0 &amp; &nbsp;"),
        ("half \ud800", "half \ufffd"),
        ('plain "text"\nin two', 'plain "text"\nin two'),
    ],
)
def test_hostile_html_is_made_harmless(dirty: str, clean: str) -> None:
    assert clean_html(dirty, base_url="https://e.org/a/") == clean


VALUES = st.text(alphabet=" \t\n\x01/\\?#.:;&%[]@ahtps", max_size=12) | st.sampled_from(
    ["https://f.org/x", "http://f.org?", "mailto:"]
)


@given(st.lists(st.tuples(st.sampled_from(["a href", "img src", "q cite", "a title"]), VALUES), max_size=4))
def test_every_link_is_absolute_or_gone(links: list[tuple[str, str]]) -> None:
    clean = clean_html("".join(f'<{name}="{escape(value)}">' for name, value in links), base_url="https://e.org/a/")
    soup = BeautifulSoup(clean, "lxml")
    found = [str(tag[name]) for name in ("href", "src", "cite") for tag in soup.select(f"[{name}]")]
    assert [link for link in found if not link.lower().startswith(("https:", "http:", "mailto:"))] == []


@given(st.text(max_size=40))
def test_plain_text_is_cleaned_as_any_html(text: str) -> None:
    assert clean_html(text, base_url="https://e.org/") == cleaner().clean(text)


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTPS://Example.ORG:443/a?b=1&utm_source=x&c=2#top", "https://example.org/a?b=1&c=2"),
        ("http://example.org", "http://example.org/"),
        ("http://example.org.:8080/%7euser/%e2%82%ac", "http://example.org:8080/~user/%E2%82%AC"),
        ("https://bbc.co.uk/news/1?at_medium=RSS&at_campaign=rss", "https://bbc.co.uk/news/1"),
        ("https://ec.europa.eu/api/rss?language=en&pagesize=100", "https://ec.europa.eu/api/rss?language=en&pagesize=100"),
        ("https://münchen.example/ä", "https://xn--mnchen-3ya.example/%C3%A4"),
        ("  mailto:a@b.c ", "mailto:a@b.c"),
        ("http://[::1", "http://[::1"),
        ("http://e.org./a//b;c", "http://e.org/a//b;c"),
        ("https://e.org/a?utm%5Fsource=x&b=1&UTM_Medium&&c", "https://e.org/a?b=1&c"),
        ("https://e.org/a;jsessionid=0F3A.node1?id=7", "https://e.org/a?id=7"),
        ("https://e.org/a;JSESSION%69D=0F3A/b;c=1", "https://e.org/a/b;c=1"),
        ("https://e.org/a?PHPSESSID=0f3a&id=7&ASPSESSIONIDQQ=b&sid=8", "https://e.org/a?id=7&sid=8"),
    ],
)
def test_one_page_has_one_address(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical


@given(st.text(max_size=60) | st.from_regex(r"https?://[a-z]{1,8}\.org(:\d{1,4})?/[ -~]{0,30}", fullmatch=True))
@example("https://e.org/;jsession%69d=1;jsessionid=2")
def test_canonical_twice_is_once(url: str) -> None:
    assert canonical_url(canonical_url(url)) == canonical_url(url)


@pytest.mark.parametrize(
    ("written", "zone", "utc", "known"),
    [
        ("Thu, 24 Feb 2022 01:23:13 +0000", MOSCOW, "2022-02-24T01:23:13", ZoneKnown.OFFSET),
        ("Thu, 24 Feb 2022 01:23:13 GMT", None, "2022-02-24T01:23:13", ZoneKnown.OFFSET),
        ("24 Feb 22 01:23 EST", MOSCOW, "2022-02-24T06:23:00", ZoneKnown.OFFSET),
        ("Thu, 24 Feb 2022 01:23:13", KYIV, "2022-02-23T23:23:13", ZoneKnown.SOURCE),
        ("Thu, 24 Feb 2022 01:23:13", None, "2022-02-24T01:23:13", ZoneKnown.NONE),
        ("2026-01-06 13:55:27 +01:00", None, "2026-01-06T12:55:27", ZoneKnown.OFFSET),
        ("2025-08-14T10:00:00.123Z", None, "2025-08-14T10:00:00", ZoneKnown.OFFSET),
        ("2022-02-24T06:00:00+04:00", MOSCOW, "2022-02-24T03:00:00", ZoneKnown.SOURCE),  # the Kremlin's offset
        ("2022-02-24T06:00:00+03:00", MOSCOW, "2022-02-24T03:00:00", ZoneKnown.OFFSET),
        ("2022-02-24T06:00:00+04:00", None, "2022-02-24T02:00:00", ZoneKnown.OFFSET),
        ("2025-10-26T02:30:00+02:00", ZoneInfo("Europe/Brussels"), "2025-10-26T00:30:00", ZoneKnown.OFFSET),  # lived twice
        ("2025-10-26T02:30:00+01:00", ZoneInfo("Europe/Brussels"), "2025-10-26T01:30:00", ZoneKnown.OFFSET),
        ("2022-02-24", KYIV, "2022-02-23T22:00:00", ZoneKnown.SOURCE),
    ],
)
def test_times_are_read_as_written(written: str, zone: ZoneInfo | None, utc: str, known: ZoneKnown) -> None:
    assert parse_time(written, zone=zone) == (datetime.fromisoformat(utc).replace(tzinfo=UTC), known)


@pytest.mark.parametrize(
    "written", ["", "yesterday", "2022-02-31", "Thu, 31 Feb 2022 01:00:00 GMT", "0000-00-00", "2199-01-01", "1"]
)
def test_what_is_no_time_gives_none(written: str) -> None:
    assert parse_time(written)[0] is None


@given(st.text(max_size=40))
def test_no_text_breaks_the_clock_reader(written: str) -> None:
    at, _ = parse_time(written, zone=MOSCOW)
    assert at is None or at.tzinfo is UTC


SENTENCES = {
    "abbreviations": ["Mr. Biden met Gen. Milley and U.S. Sen. J. R. Smith on Feb. 24 in St. Petersburg.", "They talked."],
    "quotes": ["He said: “We will hold.”", "Then he left.", '"Why?" she asked.', "(It was late.)", "It rained."],
    "figures": ["Prices rose 3.5 per cent to $1.2 billion.", "No. 5 fell."],
    "no end": ["Yahoo! said at 3 p.m. that e.g. this goes on… and on."],
    "ru": ["В. В. Путин прибыл в г. Москву в 2022 г.", "Он сказал: «Да.»", "Переговоры шли 5 ч."],
    "uk": ["Зеленський В. О. зустрівся з п. Макроном.", "Це було 24 лют. 2022 року!"],
    "de": ["Dr. Merz sprach am 3. Oktober z.B. über Nr. 5.", "Er ging."],
    "fr": ["M. Macron a dit : « Oui. »", "Mme Meloni a répondu à 14 h."],
}


@pytest.mark.parametrize("name", SENTENCES)
def test_sentences_end_where_they_end(name: str) -> None:
    expected = SENTENCES[name]
    text = " ".join(expected)
    assert [text[a:b] for a, b in split_sentences(text)] == expected


@given(st.text(alphabet=st.sampled_from('ab A.B!? \n"”)1,г') | st.characters(), max_size=120))
def test_sentences_cover_the_text_in_order(text: str) -> None:
    end = 0
    for a, b in split_sentences(text):
        assert text[end:a].strip() == ""
        assert text[a:b] == text[a:b].strip() != ""
        end = b
    assert text[end:].strip() == ""


def test_no_sentence_crosses_a_blank_line() -> None:
    text = "A heading\n\nA sentence"
    assert [text[a:b] for a, b in split_sentences(text)] == ["A heading", "A sentence"]


def test_typography_is_no_change_and_a_digit_is() -> None:
    assert fingerprint("“On\u00a0the” front – it’s") == fingerprint('"On the" front - it\'s')
    assert fingerprint("the 12th package") != fingerprint("the 13th package")
    assert fingerprint("a", "b") != fingerprint("ab")
    assert fingerprint("well\u2011known well\u2010known") == fingerprint("well-known well-known")
    assert fingerprint("ﬁve\u200b \ufe58 x²\n\n e\u0301 ") == fingerprint("five - x2 é")


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("می\u200cخواهم گفت", "می\u200cخواهم گفت"),  # "I want"; without it, it is spelled wrongly
        ("क्\u200dष", "क्\u200dष"),
        ("👩\u200d🚀 ❤\ufe0f\u200d🔥", "👩\u200d🚀 ❤\ufe0f\u200d🔥"),  # one picture each
        ("ی\u200c\u200c\u200cم", "ی\u200cم"),
        ("co\u200coper\u200date\u00ad \u200b\ufeff now", "cooperate now"),
        ("\u200cمی", "می"),
    ],
)
def test_joiners_stay_where_they_are_spelling(written: str, kept: str) -> None:
    assert fold(written) == fold(kept) == kept
    assert html_to_text(f"<p>{written}</p>") == kept
    assert fingerprint(written) == fingerprint(kept.replace("\u200c", "").replace("\u200d", ""))  # and no edit, where they come
    assert "".join(words(written)) == "".join(words(kept.replace("\u200c", "").replace("\u200d", "")))


@given(st.text(alphabet="ab \n\u00a0\u200b’“…‑é\u0301ﬁ\x08", max_size=20), st.text(max_size=20))
def test_both_fingerprints_of_a_line_are_those_of_its_parts(title: str, text: str) -> None:
    assert fingerprints(title, text) == (fingerprint(title, text), fingerprint(text))
    assert fingerprint(" \n ".join(f" {text} ".split())) == fingerprint(text)


def test_words() -> None:
    assert words("Russia’s 12th “PACKAGE”: No-go, 3.5%") == ("russia's", "12th", "package", "no", "go", "3", "5")


PAGE = (
    "<html lang='en'><head><title>T - Site</title><meta property='og:title' content='The talks'>"
    "<meta property='article:published_time' content='2025-08-14T10:00:00+02:00'></head><body><nav>Menu</nav><article>"
    + "".join(f"<p>Sentence {n} of a statement that is long enough to be seen as an article.</p>" for n in range(6))
    + "</article><footer>Imprint</footer></body></html>"
)


def test_an_article_is_taken_out_of_its_page() -> None:
    article = extract_article(PAGE.encode(), url="https://e.org/")
    assert (article.title, article.language) == ("The talks", "en")
    assert article.published == datetime(2025, 8, 14, 8, tzinfo=UTC)
    assert len(article.paragraphs) == 6
    assert article.text == "\n\n".join(article.paragraphs)


@pytest.mark.parametrize(
    "body", [b"<?xml", b'<?xml version="1.0"?><html><body><p>x</p></body></html>', b"page.html", b"https://e.org/"]
)
def test_what_looks_like_something_else_is_read_in_silence(body: bytes) -> None:
    assert extract_article(body, url="https://e.org/").text is not None


@given(st.binary(max_size=300))
def test_no_bytes_break_the_extractor(body: bytes) -> None:
    assert extract_article(body, url="https://e.org/").text is not None


@pytest.mark.parametrize(
    "tail",
    [
        "\n\nContinue reading...",
        " Continue reading…",
        "\n\nThe post Lamps are lit appeared first on The Coast.",
        " […]\n\nThe post Lamps appeared first on Coast",
        "\n\n###",
        "\n\n# # #",
    ],
)
def test_a_last_line_that_only_leads_to_the_page_is_no_part_of_a_feeds_text(tail: str) -> None:
    text = "The lamps are lit.\n\nContinue reading the signs, said the keeper."
    assert without_feed_tail(text + tail) == text
    assert without_feed_tail(text) == text
    assert without_feed_tail("Continue reading the lamps... he said.") == "Continue reading the lamps... he said."
