"""Is a text told of a telephone call? By its title: an interview that was given by telephone says so further down.

A call is an event of its own. The same two speak again a week later, or meet, in words that are nearly the same.
"""

from __future__ import annotations

import re

# In the languages of `text.placenames`. "Call on" and "call for" are no calls.
_CALL = re.compile(
    r"""
    \b(?:tele)?phone[ -](?:call|conversation|discussion|talk)s?\b
    | \b(?:by|over\ the)\ (?:tele)?phone\b | \bcalls?\ (?:with|between)\b
    | \btelefon(?:at|ate|iert|ierte|gespräch|gespräche)\b
    | \b(?:appel|conversation|échange|entretien)s?\ téléphonique
    | \b(?:conversaci[óo]n|conversaciones|llamadas?)\ telef[óo]nica
    | \btelefonat[ae]\b | \b(?:colloquio|conversazione)\ telefonic[oa]\b
    | \btelefoongesprek | \brozmow\w+\ telefoniczn
    | \bтелефонн\w+\ (?:бесед|разговор|розмов) | \bпо\ телефону\b | \bтелефоном\b
    """,
    re.VERBOSE,
)

_HINTS = ("phon", "call", "telef", "телефон")  # one of these is in whatever the pattern finds, and in few titles


def is_call(title: str) -> bool:
    """Does a title speak of a telephone call?"""
    title = title.casefold()
    return any(hint in title for hint in _HINTS) and bool(_CALL.search(title))
