"""What stands in one profile where the other has another in its place: the 12th and the 13th package, two leaders, two days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aggregator.stories.profiles import JOINED, LISTED, OFFICE, PLACES, SIGNS, Mark, Profile

HEAD = 0.2 * PLACES  # places of the head of a text: who is spoken with, and what about, is said there
HEAD_LETTERS = 250  # a title and a first sentence, whatever share of the text they are
MOST_ALIGNED = 120  # facts of each that are aligned
WEIGHTY = 4  # see fact_weight: a figure above twelve
SURE = 5.0  # times as much must agree as differs, or the differing figures forbid it: translators make slips, too
KINDS = {
    "o": "ordinal",
    "d": "date",
    "r": "reference",
    "p": "percentage",
    "n": "figure",
    "w": "weekday",
    "t": "time",
}
ALWAYS = frozenset("odr")  # no slip of a translator and no rounding


def core(key: str) -> str:
    """The key of a fact without a currency, which one version may not write: a sum is a number then."""
    return f"n{key.partition(' ')[2]}" if key[0] == "m" else key


def fact_weight(key: str) -> float:
    """How much it says that two texts share this fact: about the bits by which it is rare in prose, 1 to 6."""
    kind, value = key[0], key[1:]
    if kind == "n":
        return 1 if value in ("2", "3") else 2 if len(value) < 2 or value in ("10", "11", "12") else 4 if len(value) < 3 else 6
    if kind == "o":
        return 1 if value in ("1", "2", "3") else 4
    return {"p": 4, "w": 2, "t": 5, "r": 6, "d": 5 if "-" in value else 3}.get(kind, 2)


def contradiction(one: Profile, other: Profile) -> str:
    """What forbids that the two say the same, in words for people; "" for nothing."""
    return _facts_contradict(one.facts, other.facts) or _names_contradict(one, other)


def _facts_contradict(one: Sequence[Mark], other: Sequence[Mark]) -> str:
    mine, theirs = one[:MOST_ALIGNED], other[:MOST_ALIGNED]
    pairs = _aligned([core(mark.key) for mark in mine], [core(mark.key) for mark in theirs])
    agreed = sum(fact_weight(core(mine[here].key)) for here, _ in pairs)
    differs = 0.0
    said = ""
    for here, there in _instead(mine, theirs, pairs):
        kind, weight = core(here.key)[0], max(fact_weight(core(here.key)), fact_weight(core(there.key)))
        differs += weight
        said = said or f"another {KINDS[kind]}: {here.key[1:]} and {there.key[1:]}"
        if kind in ALWAYS or (here.place < HEAD and there.place < HEAD and weight >= WEIGHTY and agreed < SURE * weight):
            return f"another {KINDS[kind]}: {here.key[1:]} and {there.key[1:]}"
    return said if differs * SURE > agreed else ""


def _instead(one: Sequence[Mark], other: Sequence[Mark], pairs: Sequence[tuple[int, int]]) -> Iterator[tuple[Mark, Mark]]:
    """Facts of a kind that stand between the same agreeing facts, each nowhere in the other text."""
    mine, theirs = ({core(mark.key) for mark in marks} for marks in (one, other))
    here = there = 0
    for to_here, to_there in (*pairs, (len(one), len(other))):
        left = [mark for mark in one[here:to_here] if core(mark.key) not in theirs]
        right = [mark for mark in other[there:to_there] if core(mark.key) not in mine]
        for mark in left:
            found = next((that for that in right if _takes_the_place(mark, that)), None)
            if found is not None:
                right.remove(found)
                if not _rounded(mark.key, found.key):
                    yield mark, found
        here, there = to_here + 1, to_there + 1


def _takes_the_place(mark: Mark, that: Mark) -> bool:
    return core(mark.key)[0] == core(that.key)[0] and abs(mark.place - that.place) < HEAD


def _rounded(one: str, other: str) -> bool:
    """9,694 and 9,694.73; or 906.160 read as a decimal in one language and as thousands in the other."""
    mine, theirs = core(one)[1:], core(other)[1:]
    if ("." in mine) == ("." in theirs):
        return False
    exact, plain = (mine, theirs) if "." in mine else (theirs, mine)
    return exact.partition(".")[0] == plain or exact.replace(".", "") == plain.rstrip("0")


def _aligned(one: Sequence[str], other: Sequence[str]) -> list[tuple[int, int]]:
    """The longest common subsequence, as pairs of indices."""
    table = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for here in range(len(one) - 1, -1, -1):
        row, below = table[here], table[here + 1]
        for there in range(len(other) - 1, -1, -1):
            longer = max(row[there + 1], below[there])
            row[there] = below[there + 1] + 1 if one[here] == other[there] else longer
    pairs = []
    here = there = 0
    while here < len(one) and there < len(other):
        if one[here] == other[there]:
            pairs.append((here, there))
            here, there = here + 1, there + 1
        elif table[here + 1][there] >= table[here][there + 1]:
            here += 1
        else:
            there += 1
    return pairs


def _names_contradict(one: Profile, other: Profile) -> str:
    """Another person or another country at the head of each, that the other text has nowhere."""
    for sign, kind in ((OFFICE, "counterpart"), (LISTED, "place")):
        mine, theirs = _only_in(one, other, sign), _only_in(other, one, sign)
        if mine and theirs:
            return f"another {kind}: {mine} and {theirs}"
    return ""


def _only_in(one: Profile, other: Profile, sign: str) -> str:
    """The first name of that sort at the head of one text that is nowhere in the other; "" for none."""
    head = max(HEAD, HEAD_LETTERS * PLACES / max(one.letters, 1))
    for group in _groups([mark for mark in one.names if mark.place < head and mark.form[0] in SIGNS]):
        if group[0].form[0] == sign and not any(_alike(mark.key, that.key) for mark in group for that in other.names):
            return " ".join(mark.form[1:] for mark in group)
    return ""


def _groups(marks: Sequence[Mark]) -> list[list[Mark]]:
    """First and second name of one person together: one of them that agrees is enough."""
    found: list[list[Mark]] = []
    for mark in marks:
        if mark.form[0] == JOINED and found and found[-1][0].form[0] == OFFICE:
            found[-1].append(mark)
        else:
            found.append([mark])
    return found


def _alike(one: str, other: str) -> bool:
    """Whether two keys may be one name: an ending that was not taken off, a letter that one language has not."""
    if one == other:
        return True
    if LISTED in (one[0], other[0]):
        return False
    short, long = sorted((one, other), key=len)
    if len(short) >= 3 and long.startswith(short):
        return True
    return len(short) >= 4 and len(long) - len(short) <= 1 and _one_apart(short, long)


def _one_apart(short: str, long: str) -> bool:
    same = next((at for at, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return short[same + (len(short) == len(long)) :] == long[same + 1 :]
