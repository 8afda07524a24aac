"""The picture of a story: fetched once, guarded, made anew without metadata; and whatever goes wrong only costs the picture."""

from __future__ import annotations

import asyncio
import io
import json
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select
from typer.testing import CliRunner

from aggregator.cli import app
from aggregator.config import load_config
from aggregator.model import StoryKey, StoryPage
from aggregator.pipeline import fetch_pictures
from aggregator.pipeline.picturing import Fetched
from aggregator.pipeline.reencoding import MOST_HIGH, MOST_WIDE, Copy, PictureRefused, reencode
from aggregator.publish import drain
from aggregator.service import Service, road
from aggregator.store.pages import story_page
from aggregator.store.pictures import Tried, keep_picture
from aggregator.store.schema import pictures
from tests.conftest import STORY, Answer, Desk, Web, item, rss, source_block, write_feeds

ROOT = Path(__file__).parents[1]


def drawn(kind: str, size: tuple[int, int] = (60, 40), mode: str = "RGB", **how: object) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert(mode).save(out, kind, **how)
    return out.getvalue()


def opened(copy: Copy) -> Image.Image:
    return Image.open(io.BytesIO(copy.body))


def png(width: int, height: int, *chunks: tuple[bytes, bytes], data: bytes = b"") -> bytes:
    """A PNG that says what it likes of its size."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = [(b"IHDR", head), *chunks, (b"IDAT", data), (b"IEND", b"")]
    made = [struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in parts]
    return b"\x89PNG\r\n\x1a\n" + b"".join(made)


# --- Made anew. ---


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_each_kind_becomes_one_of_ours(kind: str) -> None:
    copy = reencode(drawn(kind))
    assert (copy.width, copy.height) == (60, 40)
    assert copy.body[:4] + copy.body[8:12] == b"RIFFWEBP"
    assert opened(copy).convert("L").getpixel((30, 39)) > opened(copy).convert("L").getpixel((30, 0))  # type: ignore[operator]
    assert copy == reencode(drawn(kind))


def test_place_camera_comment_and_profile_do_not_go_over() -> None:
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825).update({1: "N", 2: (50.0, 27.0, 0.0), 3: "E", 4: (30.0, 31.0, 0.0)})
    body = drawn("JPEG", exif=exif, comment=b"SecretComment", icc_profile=b"SecretProfile" * 20)
    with Image.open(io.BytesIO(body)) as before:
        assert before.getexif().get_ifd(0x8825)[2] == (50.0, 27.0, 0.0)  # it was there
    copy = reencode(body)
    assert b"Secret" in body
    assert b"Secret" not in copy.body
    assert b"EXIF" not in copy.body
    with opened(copy) as after:
        assert dict(after.getexif()) == {}
        assert not {"exif", "icc_profile", "comment", "xmp"} & after.info.keys()


def test_a_picture_that_lies_on_its_side_is_put_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    copy = reencode(drawn("JPEG", exif=exif))
    assert (copy.width, copy.height) == (40, 60)


def test_a_large_one_is_made_smaller_in_its_proportions() -> None:
    wide, high = reencode(drawn("JPEG", (4000, 2000))), reencode(drawn("PNG", (400, 4000)))
    assert (wide.width, wide.height) == (MOST_WIDE, MOST_WIDE // 2)
    assert (high.width, high.height) == (MOST_HIGH // 10, MOST_HIGH)


def test_what_is_see_through_stays_so() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (20, 20), (200, 0, 0, 0)).save(out, "PNG")
    assert opened(reencode(out.getvalue())).mode == "RGBA"


def test_of_a_moving_picture_the_first_frame_is_kept_and_nothing_that_stands_beside_it() -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ((255, 0, 0), (0, 0, 255))]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], comment=b"<script>alert(1)</script>")
    body = out.getvalue() + b"<script>alert(2)</script>"
    copy = reencode(body)
    assert b"<script>" in body
    assert b"script" not in copy.body
    with opened(copy) as after:
        assert getattr(after, "n_frames", 1) == 1
        red, _, blue = after.convert("RGB").getpixel((10, 10))  # type: ignore[misc]  # three of them
        assert (red > 200, blue < 50) == (True, True)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
GOOD = drawn("JPEG")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (SVG, "an SVG"),
        (b"\xef\xbb\xbf  <?xml version='1.0'?>" + SVG, "an SVG"),
        (b"<!-- x --><x:svg xmlns:x='http://www.w3.org/2000/svg'/>", "an SVG"),
        (b"", "no picture that is known"),
        (b"<html>Please prove that you are human</html>", "no picture that is known"),
        (b"%PDF-1.7 whatever", "no picture that is known"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "no picture that is known"),  # Pillow would call Ghostscript
        (drawn("BMP"), "no picture that is known"),
        (drawn("TIFF"), "no picture that is known"),
        (GOOD[: len(GOOD) // 2], "damaged"),
        (GOOD[:20], "no picture that is known|damaged"),
        (drawn("PNG")[:-40], "damaged"),
        (drawn("WEBP")[:60], "no picture that is known|damaged"),
        (png(30_000, 30_000, data=zlib.compress(bytes(1000))), "pixels"),
        (png(2**31 - 1, 2**31 - 1), "pixels|damaged"),
        (png(8_000, 8_000, data=zlib.compress(bytes(8_001 * 8_000))), "pixels"),
        (png(9, 9, (b"zTXt", b"k\0\0" + zlib.compress(bytes(1 << 27))), data=zlib.compress(bytes(90))), "damaged"),
        (b"GIF89a" + struct.pack("<HH", 65_535, 65_535) + bytes(20), "pixels|known|damaged"),
    ],
)
def test_hostile_pictures_are_refused_with_a_reason(body: bytes, said: str) -> None:
    with pytest.raises(PictureRefused) as refused:
        reencode(body)
    assert any(one in str(refused.value) for one in said.split("|")), refused.value
    assert len(str(refused.value)) < 300


def test_nothing_of_the_service_imports_what_reads_pictures() -> None:
    modules = "aggregator.service, aggregator.pipeline.picturing, aggregator.pipeline.readers"
    script = f"import sys, {modules}; print('PIL' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "False"


# --- Fetched. ---


def story_with(image: str, *, allow: bool = True) -> str:
    more = f'image = "{image}"\nimage_alt = "a lake"\nimage_credit = "J. Doe"\n'
    return STORY + more + ('image_allow = ["127.0.0.1"]\n' if allow else "")


def fetched(desk: Desk) -> list[Fetched]:
    async def fetch() -> list[Fetched]:
        async with road(desk.config, desk.store, clock=desk.clock, sandbox=desk.sandbox) as the_road:
            found = await fetch_pictures(the_road)
            drain(desk.store, desk.config.service.storage / "site", now=desk.clock())
            return found

    return asyncio.run(fetch())


def page_of(desk: Desk) -> StoryPage:
    with desk.store.read() as tx:
        page = story_page(tx, StoryKey("talks"))
    assert page is not None
    return page


def asked(web: Web, path: str = "/a.jpg") -> int:
    return sum(one == path for one, _ in web.asked)


@pytest.mark.both_databases
def test_a_picture_is_fetched_once_and_shown_from_its_copy(web: Web, desk: Callable[[str], Desk]) -> None:
    web.answers["/a.jpg"] = Answer(drawn("JPEG"), headers={"content-type": "image/jpeg"})
    at_work = desk(story_with(web.url("/a.jpg")) + source_block("a", web.url()))
    assert [one.why for one in fetched(at_work)] == [""]
    picture = page_of(at_work).picture
    assert picture is not None
    assert (picture.width, picture.height, picture.why) == (60, 40, "")
    site = at_work.config.service.storage / "site"
    with Image.open(site / "pictures" / f"{picture.sha256}.webp") as kept:
        assert kept.size == (60, 40)
    assert f"pictures/{picture.sha256}.webp" in (site / "talks.html").read_text()
    accept = next(headers for path, headers in web.asked if path == "/a.jpg")["accept"]
    assert accept.startswith("image/")
    at_work.clock.forward(days=30)
    assert fetched(at_work) == []
    assert asked(web) == 1
    (site / "pictures" / f"{picture.sha256}.webp").unlink()  # a backup holds no site
    assert [one.why for one in fetched(at_work)] == [""]
    assert page_of(at_work).picture == picture


@pytest.mark.both_databases
def test_another_address_is_another_picture(web: Web, desk: Callable[[str], Desk]) -> None:
    web.answers["/a.jpg"] = Answer(drawn("JPEG"))
    web.answers["/b.png"] = Answer(drawn("PNG", (30, 30)))
    at_work = desk(story_with(web.url("/a.jpg")) + source_block("a", web.url()))
    fetched(at_work)
    text = at_work.config.path.read_text().replace("/a.jpg", "/b.png")
    at_work.config = load_config(write_feeds(at_work.config.path.parent, text))

    async def only_synced() -> None:
        async with road(at_work.config, at_work.store, clock=at_work.clock, sandbox=at_work.sandbox):
            pass

    asyncio.run(only_synced())
    assert page_of(at_work).picture is None  # the old copy is not shown for the new address
    assert [one.why for one in fetched(at_work)] == [""]
    picture = page_of(at_work).picture
    assert picture is not None
    assert (picture.width, picture.height) == (30, 30)


def test_what_cannot_be_had_is_told_tried_again_later_and_holds_nothing_up(web: Web, desk: Callable[[str], Desk]) -> None:
    web.serve(rss(item("one", "Talks on grain", "The talks on grain in Geneva begin on Friday.")))
    at_work = desk(story_with(web.url("/a.jpg")) + source_block("a", web.url()))
    (first,) = fetched(at_work)
    assert "does not have it" in first.why
    at_work.poll()
    assert len(at_work.settle()) == 1
    page = (at_work.config.service.storage / "site" / "talks.html").read_text()
    assert "not shown here: " in page
    assert "<img" not in page
    assert fetched(at_work) == []  # an hour is not over
    at_work.clock.forward(hours=1)
    assert len(fetched(at_work)) == 1
    at_work.clock.forward(hours=1)
    assert fetched(at_work) == []  # the rest grows
    web.answers["/a.jpg"] = Answer(drawn("JPEG"))
    at_work.clock.forward(hours=1)
    assert [one.why for one in fetched(at_work)] == [""]
    assert 'src="pictures/' in (at_work.config.service.storage / "site" / "talks.html").read_text()


@pytest.mark.parametrize("body", [SVG, png(30_000, 30_000), GOOD[:200]])
def test_bytes_that_are_refused_are_asked_for_once(web: Web, desk: Callable[[str], Desk], body: bytes) -> None:
    web.answers["/a.jpg"] = Answer(body, headers={"content-type": "image/jpeg"})
    at_work = desk(story_with(web.url("/a.jpg")) + source_block("a", web.url()))
    (one,) = fetched(at_work)
    assert "`image`" in one.why
    at_work.clock.forward(days=9)
    assert fetched(at_work) == []
    assert page_of(at_work).picture is not None


@pytest.mark.parametrize("size", [10_000_001, 30_000_000])
def test_a_picture_over_the_limit_is_not_read_to_its_end(web: Web, desk: Callable[[str], Desk], size: int) -> None:
    web.answers["/a.jpg"] = Answer(GOOD + bytes(size - len(GOOD)))
    at_work = desk(story_with(web.url("/a.jpg")) + source_block("a", web.url(), more="") + '[service]\nmax_body = "50 MB"\n')
    (one,) = fetched(at_work)
    assert "over the limit of 10,000,000 bytes" in one.why


def test_no_picture_comes_from_a_private_address(web: Web, desk: Callable[[str], Desk]) -> None:
    web.answers["/a.jpg"] = Answer(drawn("JPEG"))
    at_work = desk(story_with(web.url("/a.jpg"), allow=False) + source_block("a", web.url()))
    (one,) = fetched(at_work)
    assert "address refused" in one.why  # although the source beside it may be asked there
    assert asked(web) == 0


@pytest.mark.parametrize(
    "target", ["http://localhost/b.jpg", "http://169.254.169.254/latest", "http://[::1]/b.jpg", "file:///etc/passwd"]
)
def test_no_redirect_leads_to_a_private_address(web: Web, desk: Callable[[str], Desk], target: str) -> None:
    web.answers["/a.jpg"] = Answer(status=302, headers={"location": target})
    at_work = desk(story_with(web.url("/a.jpg")) + source_block("a", web.url()))
    (one,) = fetched(at_work)
    assert "refused" in one.why
    picture = page_of(at_work).picture
    assert picture is not None
    assert picture.sha256 == ""


@pytest.mark.both_databases
def test_a_try_is_kept_once_and_of_a_story_that_is_there(desk: Callable[[str], Desk], web: Web) -> None:
    at_work = desk(STORY + source_block("a", web.url()))
    fetched(at_work)  # the story comes into the store
    tried = Tried(story=StoryKey("talks"), url="https://e.org/a.jpg", at=at_work.clock(), why="no")
    with at_work.store.write() as tx:
        keep_picture(tx, tried)
        keep_picture(tx, tried)
        keep_picture(tx, Tried(story=StoryKey("none"), url="", at=at_work.clock()))
    with at_work.store.write() as tx:
        keep_picture(
            tx, Tried(story=StoryKey("talks"), url="https://e.org/a.jpg", at=at_work.clock() + timedelta(1), sha256="0" * 64)
        )
    with at_work.store.read() as tx:
        (row,) = tx.execute(select(pictures)).all()
    assert (row.sha256, row.why, row.failures) == ("0" * 64, "", 0)
    assert page_of(at_work).picture is None  # the page has another address, or none


def test_the_service_looks_for_pictures_by_itself(web: Web, desk: Callable[[str], Desk]) -> None:
    web.answers["/a.jpg"] = Answer(drawn("JPEG"))
    at_work = desk(story_with(web.url("/a.jpg")) + source_block("a", web.url(), more="enabled = false"))

    async def tick() -> None:
        async with road(at_work.config, at_work.store, clock=at_work.clock, sandbox=at_work.sandbox) as the_road:
            service = Service(the_road)
            await service.tick()
            looking = service._picturing  # noqa: SLF001 - what is under way
            assert looking is not None
            await looking
            await service.tick()  # a minute is not over
            assert service._picturing is looking  # noqa: SLF001 - the same
            await asyncio.gather(*[task for task in (service._publishing, service._caring) if task])  # noqa: SLF001 - the same

    asyncio.run(tick())
    assert asked(web) == 1
    picture = page_of(at_work).picture
    assert picture is not None
    assert picture.width == 60


# --- What `check` says. ---


def checked(folder: Path, more: str, *args: str) -> tuple[int, str]:
    path = write_feeds(folder, STORY + more + source_block("a", "http://e.example/"))
    done = CliRunner().invoke(app, ["check", "--config", str(path), *args])
    return done.exit_code, done.output


def test_check_asks_for_words_and_credit(tmp_path: Path) -> None:
    code, said = checked(tmp_path, 'image = "https://e.org/a.jpg"\n')
    assert code == 2
    assert "feeds.toml:10: stories.talks.image: needs `image_alt`" in said
    code, said = checked(tmp_path, 'image = "https://e.org/a.jpg"\nimage_alt = "a lake"\nimage_credit = " "\n')
    assert code == 0
    assert "warning: feeds.toml:10: stories.talks.image: needs `image_credit`" in said.replace("\n", " ")
    code, said = checked(tmp_path, 'image = "https://e.org/a.jpg"\nimage_alt = "a lake"\nimage_credit = "J. Doe"\n', "--json")
    assert json.loads(said)["warnings"] == []
