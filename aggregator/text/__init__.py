"""Text: cleaning, addresses, dates, sentences, fingerprints. Pure."""

from aggregator.text.article import extract_article
from aggregator.text.facts import Fact, FactKind, facts
from aggregator.text.fingerprint import fingerprint, fingerprints, words
from aggregator.text.html import clean_html, fold, html_to_text
from aggregator.text.language import detect_language
from aggregator.text.names import names
from aggregator.text.sentences import split_sentences
from aggregator.text.times import WrittenTime, parse_time, read_time
from aggregator.text.urls import canonical_url

__all__ = [
    "Fact",
    "FactKind",
    "WrittenTime",
    "canonical_url",
    "clean_html",
    "detect_language",
    "extract_article",
    "facts",
    "fingerprint",
    "fingerprints",
    "fold",
    "html_to_text",
    "names",
    "parse_time",
    "read_time",
    "split_sentences",
    "words",
]
