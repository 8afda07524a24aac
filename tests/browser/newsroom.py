"""A small site with what is seldom: endless titles, other directions of writing, pictures that are there and that are not."""

from __future__ import annotations

import asyncio
import io
import json
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from PIL import Image

from aggregator.config import load_config
from aggregator.pipeline import fetch_pictures
from aggregator.pipeline.sandbox import Sandbox
from aggregator.service import bring_out, open_for, publish_ready, road
from tests.conftest import NOON, Answer, Clock, Desk, Web, item, rss, source_block, write_feeds

LONG = 100_000
ARABIC = "قال الرئيس إن المحادثات بشأن الحبوب (المرحلة الثانية) ستبدأ في جنيف يوم 20 أغسطس!"
HEBREW = "ראש הממשלה אמר שהשיחות על החיטה (שלב ב') ייפתחו בז'נבה ב-20 באוגוסט."


def drawn() -> bytes:
    """A picture."""
    out = io.BytesIO()
    Image.linear_gradient("L").resize((1200, 800)).convert("RGB").save(out, "JPEG")
    return out.getvalue()


def story(key: str, *, term: str, **more: str) -> str:
    """A story of feeds.toml."""
    more = {"title": key, "lead": f"What is said about {term}"} | more
    lines = "\n".join(f"{name} = {json.dumps(value)}" for name, value in more.items())
    return f'[stories.{key}]\n{lines}\nfrom = 2025-08-01\nterms = ["{term}"]\nsettle = "0s"\nimage_allow = ["127.0.0.1"]\n'


def publish(folder: Path, web: Web, sandbox: Sandbox) -> Path:
    """Make the site; returns its folder."""
    web.answers["/picture.jpg"] = Answer(drawn(), headers={"content-type": "image/jpeg"})
    said = [
        item("1", "Grain " + "title" * (LONG // 5), f"The talks on grain went on for 5 hours, says {'x' * 900}."),
        item("2", "Grain again", "The delegates on grain agreed on 12 points, and signed them in Geneva."),
        item("3", ARABIC, f"<p>{ARABIC}</p><p>وأضاف أن القمح سيشحن عبر 3 موانئ.</p>", at=NOON + timedelta(minutes=1)),
        item("4", HEBREW, f"<p>{HEBREW}</p>", at=NOON + timedelta(minutes=2)),
    ]
    web.serve(rss(said[0], said[1]), "/english")
    web.serve(rss(said[2]), "/arabic")
    web.serve(rss(said[3]), "/hebrew")
    text = "\n".join(
        [
            '[service]\nstorage = "storage"\ngap = "0s"\n',
            story("long", term="grain", title="Grain " + "W" * LONG, lead="lead " * (LONG // 5), image_alt="y" * LONG),
            story("rtl", term="الحبوب", title=ARABIC, lead=ARABIC, language="ar"),
            story("mixed", term="החיטה", title="Wheat"),
            story("pictured", term="delegates", image=web.url("/picture.jpg"), image_alt="A field", image_credit="Ada (CC0)"),
            story("unpictured", term="delegates", image=web.url("/none.jpg"), image_alt="A field", image_credit="Ada (CC0)"),
            story("empty", term="zeppelin"),
            source_block("english", web.url("/english"), name="E" * 300),
            source_block("arabic", web.url("/arabic"), name="وكالة الأنباء").replace('"en"', '"ar"'),
            source_block("hebrew", web.url("/hebrew"), name="סוכנות").replace('"en"', '"he"'),
        ]
    )
    config = load_config(write_feeds(folder, text))
    with closing(open_for(config)) as store:
        desk = Desk(config, store, Clock(), sandbox)
        desk.poll()
        asyncio.run(show(desk))
    return config.service.storage / "site"


async def show(desk: Desk) -> None:
    """Publish what was said, fetch the pictures, and write the site."""
    desk.clock.forward(minutes=20)
    async with road(desk.config, desk.store, clock=desk.clock, sandbox=desk.sandbox) as the_road:
        publish_ready(the_road)
        await fetch_pictures(the_road)
        assert bring_out(the_road)
