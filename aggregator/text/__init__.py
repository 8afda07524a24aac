"""Text: cleaning, addresses, dates, sentences, fingerprints. Pure."""

from typing import TYPE_CHECKING

from aggregator import later
from aggregator.text.fingerprint import fingerprint, fingerprints, words

if TYPE_CHECKING:
    from aggregator.text.article import extract_article
    from aggregator.text.html import clean_html, fold, html_to_text
    from aggregator.text.language import detect_language
    from aggregator.text.sentences import split_sentences
    from aggregator.text.times import WrittenTime, parse_time, read_time
    from aggregator.text.urls import canonical_url
else:  # the parsers above all: the running service hands what is hostile to other processes
    __getattr__ = later(
        __name__,
        {
            "extract_article": "article",
            "clean_html": "html",
            "fold": "html",
            "html_to_text": "html",
            "detect_language": "language",
            "split_sentences": "sentences",
            "WrittenTime": "times",
            "parse_time": "times",
            "read_time": "times",
            "canonical_url": "urls",
        },
    )

__all__ = [
    "WrittenTime",
    "canonical_url",
    "clean_html",
    "detect_language",
    "extract_article",
    "fingerprint",
    "fingerprints",
    "fold",
    "html_to_text",
    "parse_time",
    "read_time",
    "split_sentences",
    "words",
]
