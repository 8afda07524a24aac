"""The verdict on a response: every kind of wall is seen, and no good page is taken for one."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.fetch import judge
from aggregator.model import OutcomeKind
from aggregator.pipeline.sandbox import Sandbox

RECORDED = sorted((Path(__file__).parent / "data" / "not-the-page").glob("*.html"))
TELLING = "The ministers of both countries met on Monday and agreed on the next steps of the prisoner exchange. "
ARTICLE = "".join(f"<p>{TELLING * 3}</p>" for _ in range(4))
BAD = (OutcomeKind.NOT_THE_PAGE, OutcomeKind.FAILED)
RSS = '<?xml version="1.0"?><rss version="2.0"><channel><title>Just a moment...</title></channel></rss>'


def page(title: str = "", body: str = "", head: str = "") -> str:
    named = f"<title>{title}</title>" if title else ""
    return f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">{named}{head}</head><body>{body}</body></html>'


def html(text: str, status: int = 200, **headers: str) -> httpx.Response:
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    return httpx.Response(status, content=text.encode(), headers={"content-type": "text/html; charset=utf-8", **named})


def led(asked: str, final: str, text: str = "", content_type: str = "text/html") -> httpx.Response:
    first = httpx.Response(302, request=httpx.Request("GET", asked), headers={"location": final})
    return httpx.Response(
        200,
        content=(text or page("Ministry", ARTICLE)).encode(),
        headers={"content-type": content_type},
        request=httpx.Request("GET", final),
        history=[first],
    )


WALLS = {
    "Akamai refuses": page("Access Denied", "<h1>Access Denied</h1>You don't have permission. Reference&#32;&#35;18&#46;ab12"),
    "Akamai refuses, no title": "<HTML><BODY>Sorry.<P>Reference&#32;&#35;18&#46;5e4f<P>errors&#46;edgesuite&#46;net</BODY>",
    "Akamai wants": page("", '<div id="sec-if-cpt-container">One moment</div>'),
    "Akamai wants, verify": page("", "", '<meta http-equiv="refresh" content="5; URL=\'/news?bm-verify=AAQ\'">'),
    "AWS WAF": page("", "<div></div>", '<script src="https://a1.eu.token.awswaf.com/x/challenge.js"></script>'),
    "robots": page("Human Verification", "<div id=captcha></div>"),
    "Cloudflare": page("Just a moment...", "<noscript>Enable JavaScript and cookies to continue</noscript>"),
    "Cloudflare wants": page("", "<script>window._cf_chl_opt={cType:'managed'}</script>"),
    "Cloudflare, its script alone": page("", '<script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script>'),
    "Cloudflare, by its title": page("Attention Required! | Cloudflare", "<h1>Sorry, you have been blocked</h1>"),
    "refuses us": page("Access denied | www.example.org used Cloudflare to restrict access", "<h1>Error 1020</h1>"),
    "CloudFront": page("ERROR: The request could not be satisfied", "<h1>403 ERROR</h1><p>Request blocked.</p>"),
    "DataDome": page("example.org", '<script src="https://ct.captcha-delivery.com/c.js"></script>'),
    "ServicePipe": page("", '<script src="//servicepipe.ru/static/checkjs/a.js"></script>'),
    "DDoS-Guard": page("DDoS-Guard", "<h1>Checking your browser before accessing mid.example</h1>"),
    "PerimeterX": page("Robot or human?", '<div id="px-captcha"></div><p>Activate and hold the button.</p>'),
    "PerimeterX, by its mark": page("example.org", '<div id="px-captcha"></div>'),
    "Sucuri": page("", "<script>var sucuri_cloudproxy_js='';eval(1)</script>"),
    "Imperva": page(
        "", '<iframe src="/_Incapsula_Resource?CWUDNSAI=1">Request unsuccessful. Incapsula incident ID: 7</iframe>'
    ),
    "Imperva, its script alone": page("", '<script src="/_Incapsula_Resource?SWJIYLWA=7"></script>'),
    "Anubis": page("Making sure you&#39;re not a bot!", "<p>Calculating...</p>"),
    "robots, in words": page("example.org", "<p>Please enable JavaScript and cookies to continue.</p>"),
    "cookie and reloads": page("", "<script>document.cookie='k=1';location.reload()</script>"),
    "filter": page("Home Cloud-DNS Filter Service Portal", "<p>Category: news</p>"),
    "empty page that only sends": page("", "", '<meta http-equiv="refresh" content="0; url=http://10.0.0.1/login">'),
}
GATES = {
    "login": page("Sign in", '<form><input name="u"><input type="password" name="p"></form>'),
    "login, its own title": page("Ministry intranet", "<form>Name <input> Word <input type='password'></form>"),
    "consent": page("Before you continue to Example Search", "<p>We use cookies and data to deliver services.</p>"),
    "consent, its form": page("Example", '<form action="https://consent.example.com/save"><button>Accept all</button></form>'),
    "maintenance": page("Technical Difficulties", "<h1>We are working on it</h1>"),
    "maintenance, in words": page("Ministry", "<p>The site is temporarily unavailable. Please try again later.</p>"),
    "maintenance, heading": page("Ministry", "<h1>Under maintenance</h1>"),
    "not there": page(
        "Page not found | Ministry of Foreign Affairs", "<ul>" + "<li><a href=/n>News item</a></li>" * 400 + "</ul>"
    ),
    "not there, number": page("404", "<p>Oops.</p>"),
    "not there, number and words": page("Error 404: Page Not Found - Ministry", "<p>Oops.</p>"),
    "not there, heading": page("Ministry", "<h1>Page not found</h1><p>Use the search.</p>"),
    "not there, German": page("Seite nicht gefunden - Auswärtiges Amt"),
    "not there, French": page("Page introuvable | Élysée"),
    "not there, Russian": page("Страница не найдена • Президент России"),
    "not there, Ukrainian": page("Сторінку не знайдено — Офіс Президента"),
    "default": page("Welcome to nginx!", "<h1>Welcome to nginx!</h1><p>" + "If you see this page, the web server works. " * 9),
    "default, index": page("Index of /news", "<h1>Index of /news</h1><pre><a href=a>a</a></pre>"),
    "default, for sale": page("example.org is for sale", "<p>Buy this domain.</p>"),
}


@pytest.mark.parametrize("recorded", RECORDED, ids=lambda path: path.name)
@pytest.mark.parametrize("status", [200, 403, 503])
def test_recorded_walls_are_not_the_page(recorded: Path, status: int) -> None:
    for headers in ({}, {"content-type": "text/html; charset=UTF-8"}):
        outcome = judge(httpx.Response(status, content=recorded.read_bytes(), headers=headers))
        assert outcome.kind is OutcomeKind.NOT_THE_PAGE
        assert ("Cloudflare" if "cloudflare" in recorded.name else "") in outcome.reason


SHORT_WALLS = {  # a title and a text
    "cookies": ("", "<p>Please enable cookies and reload the page.</p>"),
    "an application": ("", "<noscript>You need to enable JavaScript to run this app.</noscript><div id=root></div>"),
    "robots, Russian": ("Ой!", "<p>Нам очень жаль, но запросы с вашего устройства похожи на автоматические.</p>"),
    "robots, German": ("", "<p>Bitte bestätigen Sie, dass Sie kein Roboter sind.</p>"),
    "robots, French": ("Vérification", "<p>Confirmez que vous n'êtes pas un robot.</p>"),
    "robots, Cloudflare in German": ("Nur einen Moment…", "<p>Die Sicherheit Ihrer Verbindung wird überprüft</p>"),
    "a firewall": ("", "<p>Your request looks suspicious or similar to automated requests.</p>"),
    "another firewall": ("", "<p>Access to the page has been blocked in accordance with company policy.</p>"),
    "a limit": ("e.org | Request Rate Threshold Exceeded", "<h1>Undeclared Automated Tool</h1>"),
    "a queue": ("Ministry", "<h1>You are now in line</h1><p>Your estimated wait time is 4 minutes.</p>"),
    "a waiting room": ("Waiting Room powered by Cloudflare", "<p>Thank you for your patience.</p>"),
    "consent, Google in German": ("Bevor Sie zu Google weitergehen", "<button>Alle ablehnen</button>"),
    "consent, French": ("", "<p>Nous et nos 843 partenaires utilisons des cookies</p>"),
    "not from here": ("Not available in your region", "<p>We're sorry.</p>"),
    "not from here, Russian": ("", "<p>Доступ с вашего IP-адреса запрещён.</p>"),
    "a web server that is down": ("e.org | 521: Web server is down", "<h1>Web server is down</h1>"),
    "Varnish": ("503 Backend fetch failed", "<h1>Error 503 Backend fetch failed</h1><h3>Guru Meditation:</h3><p>XID: 1</p>"),
    "maintenance, German": ("Ministerium", "<h1>Die Seite wird gewartet</h1><p>Wir sind vorübergehend nicht erreichbar.</p>"),
    "maintenance, French": ("Ministère", "<h1>Site momentanément indisponible</h1>"),
    "maintenance, Russian": ("Технический перерыв", "<p>Мы скоро вернемся.</p>"),
    "maintenance, Ukrainian": ("", "<p>Сайт на профілактиці.</p>"),
    "an error, WordPress": ("WordPress › Error", "<p>There has been a critical error on this website.</p>"),
    "an error, Russian": ("", "<p>Внутренняя ошибка сервера. Попробуйте позже.</p>"),
    "gone": ("Ministry", "<h1>Sorry, we can't find the page you were looking for</h1>"),
    "gone, archived": ("Ministry", "<h1>Whoops</h1><p>The content you are looking for has been archived.</p>"),
    "gone, French": ("Ministère", "<h1>La page que vous cherchez est introuvable</h1>"),
    "gone, German": ("Ministerium", "<h1>Diese Seite gibt es nicht (mehr)</h1>"),
    "gone, Russian": ("Министерство", "<h1>Страница, которую вы ищете, не найдена</h1>"),
    "gone, Ukrainian": ("Міністерство", "<h1>Такої сторінки на сайті немає</h1>"),
    "parked": ("e.org", "<p>The domain e.org may be for sale.</p>"),
    "parked, by a script": ("", "<script>window.location.href='/lander'</script>"),
    "parked, German": ("e.org", "<h1>Diese Domain steht zum Verkauf</h1>"),
    "parked, Russian": ("", "<p>Домен e.org припаркован</p>"),
    "a directory": ("Directory listing for /", "<ul><li><a href=a>a</a></ul>"),
    "Tomcat": ("Apache Tomcat/9.0.1", "<h2>If you're seeing this, you've successfully installed Tomcat.</h2>"),
    "a network's login": ("", "<p>You must log in to this network before you can access the Internet.</p>"),
    "a login by form": ("", "<form method=post><input type=hidden name=SAMLRequest></form>"),
}
SHORT_NEWS = {  # a headline and a text
    "a plant": (
        "Unit 4 of the power plant is under maintenance",
        "<p>It is currently under maintenance, it was said.</p>",
    ),
    "a plant, Russian": ("На АЭС проводятся технические работы", "<p>Технические работы начались в понедельник.</p>"),
    "planes": ("Des avions en maintenance", "<p>Trois avions sont actuellement en maintenance, a indiqué le ministère.</p>"),
    "a meeting": ("Minister denied access to NATO meeting", "<p>Access denied, the delegation was told on Monday.</p>"),
    "captchas": (
        "Captcha ruled unlawful",
        "<p>The court ruled that the captcha must verify you are human in another way.</p>",
    ),
    "a list": ("Sanctions list updated", f"<p>Reference #18.7 of the annex was amended.</p><p>{TELLING}</p>"),
    "a queue": ("You are now in line: the new border queue", "<p>The queue opens on Monday.</p>"),
    "a protest": ("Protest stopped by police", "<p>The march was blocked by the security forces and the police.</p>"),
    "an archive": ("'Page not found': ministry deletes its archive", "<p>The archive was deleted on Monday.</p>"),
    "a building": ("Embassy building is for sale", "<p>The building is for sale, the spokesperson said.</p>"),
}


@pytest.mark.parametrize("name", SHORT_WALLS)
def test_a_page_that_only_says_why_it_is_none_is_none(name: str) -> None:
    title, body = SHORT_WALLS[name]
    outcome = judge(html(page(title, body)), listing=False)
    assert outcome.kind is OutcomeKind.NOT_THE_PAGE
    if not title:  # which alone may tell
        assert judge(html(page("Ministry", body + ARTICLE)), listing=False).kind is OutcomeKind.CHANGED


@pytest.mark.parametrize(
    "heading",
    [
        "Sorry, we can’t find the page you were looking for", "The requested page was not found", "This page no longer exists",
        "La page demandée n'existe pas", "Cette page n'est plus disponible", "Die gesuchte Seite wurde nicht gefunden",
        "Diese Seite gibt es nicht (mehr)", "К сожалению, страница не найдена", "Сторінка, яку ви шукаєте, не існує",
        "Ошибка 404. Страница не найдена",
    ],
)  # fmt: skip
def test_a_page_that_is_gone_is_told_by_its_heading_among_whole_menus(heading: str) -> None:
    menu = "".join(f"<li><a href=/{n}>Foreign policy and security {n}</a></li>" for n in range(40))
    help_ = "<p>If you typed the address, look whether it is right, and whether it was copied as a whole to its last sign.</p>"
    gone = html(page("Ministry of Foreign Affairs", f"<ul>{menu}</ul><h1>{heading}</h1>{help_}<ul>{menu}</ul>"))
    assert judge(gone, listing=False).kind is OutcomeKind.NOT_THE_PAGE
    titled = html(page(f"{heading} | Ministry", f"<ul>{menu}</ul><h2>{heading}</h2>{help_}"))
    assert judge(titled, listing=False).kind is OutcomeKind.NOT_THE_PAGE
    news = html(page("Ministry of Foreign Affairs", f"<ul>{menu}</ul><h1>{heading}: how archives vanish</h1>{ARTICLE}"))
    assert judge(news, listing=False).kind is OutcomeKind.CHANGED


@pytest.mark.parametrize(
    "heading",
    [
        "Our website is down for maintenance", "Diese Website wird gerade gewartet", "Le site est momentanément indisponible",
        "На сайте ведутся технические работы", "На сайті ведуться технічні роботи", "Die Seite ist derzeit nicht erreichbar",
    ],
)  # fmt: skip
def test_a_site_that_says_of_itself_that_it_is_under_repair(heading: str) -> None:
    menu = "".join(f"<li><a href=/{n}>Foreign policy and security {n}</a></li>" for n in range(40))
    for title in ("Ministry of Foreign Affairs", heading, f"{heading} | Ministry"):
        for around in ("", f"<ul>{menu}</ul>"):
            answer = html(page(title, f"{around}<h1>{heading}</h1>{around}"))
            assert judge(answer, listing=False).kind is OutcomeKind.NOT_THE_PAGE
    news = html(page(f"{heading} | Ministry", f"<h1>{heading}</h1>{ARTICLE}"))
    assert judge(news, listing=False).kind is OutcomeKind.CHANGED


@pytest.mark.parametrize("name", SHORT_NEWS)
def test_short_news_of_such_things_is_news(name: str) -> None:
    title, text = SHORT_NEWS[name]
    article = f"<article><h1>{title}</h1><time datetime='2025-09-01'>1 September 2025</time>{text}</article>"
    assert judge(html(page(f"{title} | Ministry", article)), listing=False).kind is OutcomeKind.CHANGED
    plain = f"<h1>{title}</h1>{text}<p>{TELLING}</p>"
    for named in (title, f"{title} | Ministry"):
        assert judge(html(page(named, plain)), listing=False).kind is OutcomeKind.CHANGED


@pytest.mark.parametrize("name", WALLS)
@pytest.mark.parametrize("listing", [None, True, False])
def test_a_wall_that_answers_200_is_named(name: str, listing: bool | None) -> None:
    outcome = judge(html(WALLS[name]), listing=listing)
    assert outcome.kind is OutcomeKind.NOT_THE_PAGE
    assert name.partition(",")[0] in outcome.reason


@pytest.mark.parametrize("name", GATES)
def test_gates_and_error_pages_that_answer_200_are_not_the_page(name: str) -> None:
    outcome = judge(html(GATES[name]))
    assert outcome.kind is OutcomeKind.NOT_THE_PAGE
    assert name.partition(",")[0] in outcome.reason
    assert len(outcome.reason) < 300


GOOD = {
    "plain": page("Joint statement", ARTICLE),
    "empty body, as apps have": page("Data | Ministry", '<div id="root"></div><script src="/app.js"></script>'),
    "an app that asks for scripts": page(
        "Data", "<noscript>You need to enable JavaScript and cookies to run this.</noscript><p>Data"
    ),
    "turnstile": page("Statement", f'<p>{TELLING}</p><div class="cf-turnstile"></div>'),
    "akamai script": page("Statement", f'<p>{TELLING}</p><script src="/akam/13/5e2f"></script>'),
    "cloudflare snippet": page(
        "Statement", f"<p>{TELLING}</p><script>a='/cdn-cgi/challenge-platform/scripts/jsd/main.js'</script>"
    ),
    "datadome tag": page("Statement", f'<p>{TELLING}</p><script src="https://js.datadome.co/tags.js"></script>'),
    "imperva script, short": page(
        "", '<p>The President met the King.</p><script src="/_Incapsula_Resource?SWJIYLWA=7"></script>'
    ),
    "aws script": page("Statement", f"<p>{TELLING}</p>", '<script src="https://x.awswaf.com/challenge.js"></script>'),
    "recaptcha": page(
        "Contact", f'<p>{TELLING}</p><form><div class="g-recaptcha"></div></form><script src="/recaptcha/api.js">'
    ),
    "a login in the corner": page("News", f'<form><input type="password"></form><a href="/login">Log in</a><p>{TELLING}</p>'),
    "a cookie banner": page("News", f"<p>{TELLING}</p><div>We use cookies. By clicking you consent. <a>Privacy</a></div>"),
    "about a 404": page("Why the ministry's site said 404 Not Found", ARTICLE),
    "titled like a wall": page("Access denied to Russian media | News", ARTICLE),
    "titled exactly so, but told at length": page("Access Denied | News", ARTICLE),
    "just a moment": page("Just a moment: a portrait", f"<p>Just a moment... said the minister.</p>{ARTICLE}"),
    "about maintenance": page("Reactor maintenance", f"<p>The site is temporarily unavailable, said the agency.</p>{ARTICLE}"),
    "about walls": page("How walls work", f"<p>Akamai shows errors.edgesuite.net and Reference #18.a1</p>{ARTICLE}"),
    "a short list": page(
        "News", "<ul>" + "".join(f"<li><a href=/{n}>Minister meets envoy {n}</a>" for n in range(9)) + "</ul>"
    ),
    "404 in a name": page("404 Media", ARTICLE),
    "not found in the news": page("Missing plane not found", f"<h1>Missing plane not found</h1><p>{TELLING}</p>"),
}


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("listing", [None, False])
def test_a_good_page_is_no_wall(name: str, listing: bool | None) -> None:
    assert judge(html(GOOD[name]), listing=listing).kind is OutcomeKind.CHANGED
    assert judge(html(GOOD[name] + " " * 100_000), listing=listing).kind is OutcomeKind.CHANGED


@pytest.mark.parametrize(
    ("status", "kind", "said"),
    [
        (203, OutcomeKind.CHANGED, "new copy"),
        (204, OutcomeKind.NOT_THE_PAGE, "nothing to read"),
        (206, OutcomeKind.FAILED, "only a part"),
        (304, OutcomeKind.UNCHANGED, "unchanged"),
        (301, OutcomeKind.FAILED, "another address"),
        (404, OutcomeKind.FAILED, "address moved"),
        (407, OutcomeKind.NOT_THE_PAGE, "proxy"),
        (410, OutcomeKind.FAILED, "gone for good"),
        (418, OutcomeKind.FAILED, "teapot"),
        (429, OutcomeKind.NOT_THE_PAGE, "less often"),
        (451, OutcomeKind.NOT_THE_PAGE, "legal"),
        (502, OutcomeKind.FAILED, "trouble"),
        (503, OutcomeKind.NOT_THE_PAGE, "maintenance"),
    ],
)
def test_every_status_has_its_sentence(status: int, kind: OutcomeKind, said: str) -> None:
    outcome = judge(html(page("Statement", ARTICLE), status))
    assert (outcome.kind, outcome.status) == (kind, status)
    assert said in outcome.reason


@pytest.mark.parametrize(
    ("response", "said"),
    [
        (html(page("Access Denied", "Reference #18.a1"), 403), "HTTP 403: Akamai refuses us (“Access Denied”)"),
        (html("", 403, server="AkamaiGHost"), "Akamai refuses us"),
        (html("", 401, x_datadome="protected"), "DataDome refuses us"),
        (html("", 202, x_amzn_waf_action="challenge"), "AWS WAF wants"),
        (html(page("Human Verification"), 405, x_amzn_waf_action="captcha"), "AWS WAF wants"),
        (html("", 403, cf_mitigated="challenge"), "Cloudflare wants"),
        (html(page("x", ARTICLE), 200, cf_mitigated="challenge"), "Cloudflare wants"),
        (html(page(), 200, rimon="RWC_BLOCK"), "Rimon"),
        (html(page("429 Too Many Requests"), 429, server="cloudflare"), "less often"),
    ],
)
def test_headers_name_the_wall(response: httpx.Response, said: str) -> None:
    outcome = judge(response)
    assert outcome.kind is OutcomeKind.NOT_THE_PAGE
    assert said in outcome.reason


@pytest.mark.parametrize(
    "body",
    [
        "<html><title>Ministry</title><p>The website encountered an unexpected error. Please try again later.</p></html>",
        "<br /><b>Fatal error</b>: Uncaught PDOException: SQLSTATE[HY000] [2002] Connection refused in /var/www/core/db.php:12",
        "<html><title>Сайт</title><p>Ведуться технічні роботи. Спробуйте пізніше, вибачте за незручності.</p></html>",
    ],
)
def test_a_system_that_broke_while_it_made_the_page_has_trouble_of_its_own(body: str) -> None:
    outcome = judge(httpx.Response(200, text=body, headers={"content-type": "text/html; charset=utf-8"}), listing=False)
    assert outcome.kind is OutcomeKind.NOT_THE_PAGE
    assert "trouble of its own" in outcome.reason


@pytest.mark.parametrize(
    ("asked", "final", "said"),
    [
        ("https://a.gov/x", "https://unblock.a.gov/", "wall"),
        ("https://search.example.com/x", "https://consent.example.com/m?continue=1", "consent"),
        ("https://a.gov/x", "https://accounts.example.com/v3", "login"),
        ("https://a.gov/x", "https://a.gov/user/login?next=/x", "login"),
        ("https://a.gov/x", "https://a.gov/users/sign_in", "login"),
        ("https://a.gov/x", "https://a.gov/404.html", "not there"),
        ("https://a.gov/x", "https://a.gov/maintenance", "maintenance"),
        ("https://a.gov/x", "https://casino.example/", "another site"),
        ("https://a.gov.uk/x", "https://b.gov.uk/", "another site"),
        ("https://a.gov/news/2022/a-long-name-of-an-article", "https://a.gov/", "home page"),
    ],
)
def test_a_redirect_to_a_stranger_or_a_gate_is_not_the_page(asked: str, final: str, said: str) -> None:
    outcome = judge(led(asked, final))
    assert outcome.kind is OutcomeKind.NOT_THE_PAGE
    assert said in outcome.reason


@pytest.mark.parametrize(
    ("asked", "final"),
    [
        ("http://a.gov/x", "https://a.gov/x"),
        ("https://a.gov/x", "https://www.a.gov/x/"),
        ("https://a.gov.uk/x", "https://news.a.gov.uk/y"),
        ("https://a.gov/", "https://a.gov/en"),
        ("https://www.bbc.co.uk/news", "https://www.bbc.com/news"),
        ("https://t.co/abc", "https://ministry.example/news/1"),
        ("https://old.example/news/a-long-name", "https://new.example.org/news/a-long-name/"),
    ],
)
def test_a_redirect_with_a_good_reason_is_fine(asked: str, final: str) -> None:
    assert judge(led(asked, final)).kind is OutcomeKind.CHANGED


def test_a_feed_on_another_host_is_a_feed() -> None:
    moved = led("https://a.gov/rss.xml", "https://feeds.example/a", RSS, "application/xml")
    assert judge(moved).kind is OutcomeKind.CHANGED
    assert judge(led("https://a.gov/rss.xml", "https://b.example/", content_type="text/html")).kind is OutcomeKind.NOT_THE_PAGE


@pytest.mark.parametrize(
    "body",
    [
        page("Ministry of Foreign Affairs", ARTICLE).encode(),
        b"\xef\xbb\xbf\n <!-- x --> <!-- y --><html><body>Hello</body></html>",
        b"<?xml version='1.0'?><!DOCTYPE html><html xmlns='http://www.w3.org/1999/xhtml'><body/></html>",
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9,
        bytes(range(32)) * 50,
        b'{"error": {"code": 401}}',
        b'{"message": "Forbidden"}',
        b'{"status":"error","message":"rate limited"}',
        b'{"code":"rest_no_route","message":"none","data":{"status":404}}',
        b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>",
        b"Forbidden",
        b"",
        b"\xef\xbb\xbf",
        b" \r\n\t" * 50_000,
    ],
    ids=lambda body: repr(body[:30]),
)
def test_what_is_no_feed_where_a_feed_was_asked(body: bytes) -> None:
    by_url = httpx.Response(200, content=body, request=httpx.Request("GET", "https://a.gov/news/feed/"))
    by_accept = httpx.Response(
        200, content=body, request=httpx.Request("GET", "https://a.gov/", headers={"accept": "text/xml"})
    )
    by_type = httpx.Response(200, content=body, headers={"content-type": "application/rss+xml"})
    for response in (by_url, by_accept, by_type):
        assert judge(response).kind is OutcomeKind.NOT_THE_PAGE
    assert judge(httpx.Response(200, content=body), listing=True).kind is OutcomeKind.NOT_THE_PAGE


@pytest.mark.parametrize(
    "body",
    [
        RSS.encode(),
        RSS.encode("utf-16"),
        b"Warning: x in y.php on line 3 " + RSS.encode(),
        b"<feed xmlns='http://www.w3.org/2005/Atom'><title>Access Denied</title></feed>",
        b"<!-- made --><atom:feed xmlns:atom='x'/>",
        b"<rdf:RDF xmlns='x'/>",
        b"<urlset/>",
        b'{"version": "https://jsonfeed.org/version/1", "items": []}',
        b'{"items": [{"id": 1}], "error": null, "message": "ok"}',
        b'[{"id": 1, "title": {"rendered": "x"}}]',
        b'{"message": "", "results": []}',
        b'{"title": "Statement", "message": "Dear friends", "body": "x"}',
        b"https://a.gov/1\nhttps://a.gov/2\n",
    ],
    ids=lambda body: repr(body[:30]),
)
def test_a_feed_is_a_feed_whatever_its_type(body: bytes) -> None:
    for kind in ("text/html; charset=utf-8", "application/xml", "text/plain"):
        for listing in (None, True):
            response = httpx.Response(
                200, content=body, headers={"content-type": kind}, request=httpx.Request("GET", "https://a.gov/feed.xml")
            )
            assert judge(response, listing=listing).kind is OutcomeKind.CHANGED


def test_a_page_asked_as_a_page_may_speak_html() -> None:
    browser = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9"}
    request = httpx.Request("GET", "https://a.gov/news/", headers=browser)
    assert judge(httpx.Response(200, text=GOOD["plain"], request=request)).kind is OutcomeKind.CHANGED


def test_an_old_encoding_hides_no_wall() -> None:
    body = page("Страница не найдена").replace("utf-8", "windows-1251").encode("windows-1251")
    assert judge(httpx.Response(200, content=body)).kind is OutcomeKind.NOT_THE_PAGE


HOSTILE = {
    "white space": b" \n" * 5_000_000,
    "open tags": b"<" * 10_000_000,
    "open comments": b"<!--" * 2_500_000,
    "comments": b"<!---->" * 1_400_000,
    "open scripts": b"<script>" * 1_200_000,
    "open doctypes": b"<!doctype html " * 600_000,
    "titles": b"<title>" * 1_400_000,
    "entities": b"<p>&#35;" * 1_200_000,
    "letters": b"a" * 10_000_000,
    "words": b"verify you are access denied not found page " * 220_000,
    "text": page("x", ARTICLE * 8_000).encode(),
    "brackets": b"[" * 10_000,
    "blocks": b"<p>verify enable javascript and x</p>" * 300_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_big_or_hostile_body_is_judged_without_getting_stuck(name: str, sandbox: Sandbox) -> None:
    """In truth it takes about 10 ms; the sandbox would end it after 20 s."""
    assert asyncio.run(sandbox.run(kind_of, HOSTILE[name])) in OutcomeKind


def kind_of(body: bytes) -> OutcomeKind:
    return judge(httpx.Response(200, content=body)).kind


PIECES = st.sampled_from([
    "<html>", "<title>", "</title>", "<!--", "-->", "<script>", "</script>", "<noscript>", "<h1>", "<rss", "<feed", '{"error":',
    "[", "]", "}", "404", "|", "Access Denied", "&#", "&#x0;", "&amp", "<input type=password", "\x00", "\ufffe",
    "charset=utf-16", "<iframe src=http://", "encoding='hex'", "<!doctype html>", "<?xml", "?>",
])  # fmt: skip


@settings(max_examples=200)
@given(
    st.binary(max_size=300) | st.lists(PIECES, max_size=20).map(lambda parts: " ".join(parts).encode()),
    st.sampled_from([200, 203, 304, 403, 404, 503, 599, 206, 100]),
    st.sampled_from(["", "text/html", "text/html; charset=\xff", "application/json", "text/xml; charset=punycode"]),
    st.sampled_from([None, True, False]),
)
def test_it_never_raises_on_any_bytes(body: bytes, status: int, kind: str, listing: bool | None) -> None:
    headers = {b"content-type": kind.encode("latin-1")}
    outcome = judge(httpx.Response(status, content=body, headers=headers), listing=listing)
    assert outcome.reason
    assert outcome.status == status
    if status >= 400:
        assert outcome.kind in BAD
