"""The names of elements in feeds: one short word for each, whatever namespace and prefix a feed wrote it with."""

from __future__ import annotations

# Namespaces, in lower case: some feeds write them otherwise. "" is what RSS and Atom share.
_FEED_NAMESPACES = """http://backend.userland.com/rss http://backend.userland.com/rss2 http://blogs.law.harvard.edu/tech/rss
    http://purl.org/rss/1.0/ http://my.netscape.com/rdf/simple/0.9/ http://purl.org/rss/1.0/modules/rss091#
    http://example.com/newformat# http://example.com/necho http://purl.org/echo/ uri/of/echo/namespace# http://purl.org/pie/
    http://purl.org/atom/ns# http://www.w3.org/2005/atom"""
PREFIXES = {
    **dict.fromkeys(_FEED_NAMESPACES.split(), ""),
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/rss/1.0/modules/syndication/": "sy",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://search.yahoo.com/mrss": "media",
    "http://search.yahoo.com/mrss/": "media",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://www.w3.org/1999/xhtml": "xhtml",
    "http://www.w3.org/xml/1998/namespace": "xml",
}
_KINDS = {
    "entry": "item entry",
    "feed": "feed channel",
    "title": "title dc_title media_title",
    "link": "link",
    "id": "id guid",
    "published": "published issued pubdate dcterms_issued",
    "updated": "updated modified lastbuilddate date dc_date dcterms_modified",
    "described": "description summary abstract dc_description media_description itunes_summary",
    "content": "content content_encoded fullitem",
    "body": "body xhtml_body",
    "language": "language dc_language",
    "ttl": "ttl",
    "period": "sy_updateperiod",
    "frequency": "sy_updatefrequency",
    "author": "author managingeditor dc_author dc_creator itunes_author",
    # What stands in these is not the entry's own: the picture's title, the title of the feed that an entry was taken from.
    "aside": "image textinput",
    "source": "source",
    # Texts that no entry needs, and whose markup is no element of the feed.
    "silent": "subtitle tagline itunes_subtitle rights copyright dc_rights info feedburner_browserfriendly contributor",
}
KINDS = {name: kind for kind, names in _KINDS.items() for name in names.split()}


def kind_of(tag: str, prefix: str | None) -> str:
    """The kind of an element by its name in James Clark's notation (`{namespace}name`); "" for one that means nothing here.

    Where the namespace is not known its prefix stands for it: some feeds misspell the address of Dublin Core.
    """
    namespace, _, name = tag[1:].rpartition("}") if tag.startswith("{") else ("", "", tag)
    known = PREFIXES.get(namespace.lower(), (prefix or "").lower())
    return KINDS.get(f"{known}_{name.lower()}" if known else name.lower(), "")
