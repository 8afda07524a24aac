"""What stands on a page and is no part of its text: menus, comments, share buttons, boxes, the lines around a wire report."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache

from lxml.html import HtmlElement

from aggregator.text.blocks import PARTING, Block, weigh

NAMES_READ = 300  # characters of an element's classes and id that are looked at
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
ROLES = frozenset({"navigation", "complementary", "contentinfo", "dialog", "search"})
TAGS = frozenset({"nav", "footer", "aside", "form", "dialog"})
KEPT_TAGS = frozenset({"html", "body", "main", "article"})


def _named(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\s_-])(?:{'|'.join(words.split())})(?![^\s_-])", re.IGNORECASE)


COMMENTS = _named(
    r"""comments? commentlist disqus(?:_thread)? responses? repl(?:y|ies) coments? comentarios? kommentare? commentaires?
    reactions? talkback livefyre userreviews? comment\w{0,20}list"""
)
FURNITURE = _named(
    r"""shares?bar share sharing social related\w{0,20} recommend\w{0,20} newsletters? subscribe subscription breadcrumbs?
    cookies? consent adverts? advertisement promos? outbrain taboola trending most-?(?:read|popular|viewed) side-?bar footer
    masthead nav(?:bar|igation)? menu skip-?links? toolbar tags? taglist topics author-?bio bio login signin sign-?up modal
    popup overlay
    more-?(?:news|stories|from|on) read-?(?:more|next|also) rating poll widget pagination pager"""
)
UNSEEN = _named("sr-only visually-?hidden screen-?reader(?:-text)? print-?only no-?display hidden tooltip masha-ignore")
# How much of a page's running text may be called furniture by one sign before the sign is not believed: a page may well put all
# that it has to say into a "widget".
LIMITS = {"comments": 0.75, "named": 0.25, "tag": 0.3, "role": 0.3, "hidden": 0.4, "unseen": 0.25}


def remove_furniture(root: HtmlElement, blocks: Sequence[Block]) -> None:
    """Take out of a page's tree what shows itself, by tag, role, style or name, to be no part of its text.

    `blocks` are those of the whole page: a sign that would take too much of its running text away is not believed.
    """
    weights = weigh(blocks)
    total = max(1, weights[root])
    signs: defaultdict[tuple[str, str], dict[HtmlElement, None]] = defaultdict(dict)
    for element in root.iter("*"):
        if element.tag not in KEPT_TAGS:
            for sign in _signs(element):
                signs[sign][element] = None
    doomed: dict[HtmlElement, None] = {}
    for (kind, _), elements in signs.items():
        outer = [one for one in elements if not any(above in elements for above in one.iterancestors())]
        if sum(weights[one] for one in outer) < LIMITS[kind] * total:
            doomed.update(dict.fromkeys(outer))
    for one in doomed:
        if one.getparent() is not None:
            one.drop_tree()


def _signs(element: HtmlElement) -> Iterator[tuple[str, str]]:
    """Each sign that an element is furniture: its kind, and the word that shows it."""
    attributes = element.attrib
    if element.tag in TAGS:
        yield "tag", element.tag
    if not attributes:
        return
    if (role := attributes.get("role", "")) in ROLES:
        yield "role", role
    if HIDDEN.search(attributes.get("style", "")[:NAMES_READ]):
        yield "hidden", ""
    names = (attributes.get("class", "")[:NAMES_READ], attributes.get("id", "")[:NAMES_READ])
    yield from _signs_of_names(*names, inline=element.tag not in PARTING)


@lru_cache(maxsize=4096)  # a page gives the same names to many elements
def _signs_of_names(classes: str, identity: str, *, inline: bool) -> tuple[tuple[str, str], ...]:
    """What names say. Within a line only whether it is seen: a "tag" there may well be a person's name in a sentence."""
    names = CAMEL.sub("-", f"{classes} {identity}")
    found = [("unseen", one[0].lower()) for one in UNSEEN.finditer(names)]
    if not inline:
        found += [("comments", one[0].lower()) for one in COMMENTS.finditer(names)]
        found += [("named", one[0].lower()) for one in FURNITURE.finditer(names)]
    return tuple(found)
