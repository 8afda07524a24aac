"""A picture as bytes of somebody else's made into one of ours: small, of one kind, and with nothing in it but what is seen.

Runs in the sandbox: the bytes are hostile. Nothing of the running service imports this, nor Pillow.
"""

from __future__ import annotations

import io
import re
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image as Pixels

MOST_PIXELS = 40_000_000  # of the picture that comes: twice those of a camera of a newspaper
MOST_WIDE, MOST_HIGH = 1280, 1600  # of the copy: sharp on a page of 42 letters' width at twice the density
KINDS = ("JPEG", "PNG", "WEBP", "GIF")
QUALITY = 80
SVG = re.compile(rb"<(?:\?xml|!doctype\s+svg|(?:\w{1,20}:)?svg)[\s>]", re.IGNORECASE)
OTHERS = "name a JPEG, PNG, WebP or GIF as `image`"


class PictureRefused(ValueError):  # noqa: N818 - says what is the case
    """The bytes make no picture that is shown; the text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A picture of ours: WebP, without metadata."""

    body: bytes
    width: int
    height: int


def reencode(body: bytes) -> Copy:
    """Decode a picture and encode it anew, upright, not too large, the first frame alone. Raises `PictureRefused`.

    Neither position, camera, comment nor colour profile goes over: what is written is made from the pixels.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError  # noqa: PLC0415 - see above

    if SVG.search(body[:4096]) and not body.startswith((b"\xff\xd8", b"\x89PNG", b"GIF8", b"RIFF")):
        raise PictureRefused(f"an SVG, or other XML, which may hold a script: {OTHERS}")
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(body), formats=KINDS) as opened:
                _check_size(*opened.size)
                if opened.format == "JPEG":
                    opened.draft("RGB", (2 * MOST_WIDE, 2 * MOST_HIGH))
                opened.seek(0)
                upright = ImageOps.exif_transpose(opened)
                return _encoded(upright)
    except PictureRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureRefused(f"more than {MOST_PIXELS:,} pixels: name a smaller one as `image`") from error
    except UnidentifiedImageError as error:
        raise PictureRefused(f"no picture that is known: {OTHERS}") from error
    except MemoryError:
        raise
    except Exception as error:  # whatever a decoder says of hostile bytes
        raise PictureRefused(f"a damaged picture ({_short(error)}): name another one as `image`") from error


def _check_size(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise PictureRefused(f"{width:,} × {height:,} pixels, more than {MOST_PIXELS:,}: name a smaller one as `image`")


def _encoded(picture: Pixels) -> Copy:
    from PIL import Image  # noqa: PLC0415 - see above

    see_through = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
    plain = picture.convert("RGBA" if see_through else "RGB")
    plain.thumbnail((MOST_WIDE, MOST_HIGH), Image.Resampling.LANCZOS)
    clean = Image.frombytes(plain.mode, plain.size, plain.tobytes())  # of the pixels alone
    out = io.BytesIO()
    clean.save(out, "WEBP", quality=QUALITY, method=4)
    return Copy(out.getvalue(), *clean.size)


def _short(error: Exception) -> str:
    return (str(error) or type(error).__name__).split("\n")[0][:100]
