"""What stands around figures and may be written in another way: a unit in short or in full, "5-6" and "5 to 6", "US$"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aggregator.stories.figures import Found
from aggregator.stories.hunks import Token
from aggregator.text.facts import FactKind

# Each with its short form first, as it is written: "MW" and "mW" are two units.
_BEHIND = """
    km kilometre kilometres kilometer kilometers kilomètre kilomètres Kilometer
    км километр километра километров кілометр кілометри кілометрів
    m metre metres meter meters mètre mètres метр метра метров м метри метрів
    cm centimetre centimetres centimeter centimeters|mm millimetre millimetres millimeter millimeters
    kg kilogram kilograms kilogramme kilogrammes килограмм килограмма килограммов кг кілограм кілограми кілограмів
    g gram grams gramme grammes|t tonne tonnes тонна тонны тонн т тонни|ha hectare hectares hektar гектар гектара гектаров га
    l litre litres liter liters литр литра литров л|MW megawatt megawatts мегаватт МВт|GW gigawatt gigawatts гигаватт ГВт
    kW kilowatt kilowatts киловатт кВт|mi mile miles|ft foot feet|min mins minute minutes minuten минут минуты мин
    hrs hr hour hours|yrs yr year years|sec secs second seconds|чел человек человека|Std Stunde Stunden
"""
_BEFORE = """
    Art art Arts arts Article Articles article articles Artikel Artikels|No no Nr nr № number Number Nummer
    Nos nos numbers|Sec Section section sec|para Para paragraph Paragraph|p page S Seite|pp pages
    Ch ch chapter Chapter|Vol vol volume Volume|Res res Resolution resolution
    ст статья статьи статье статью статті стаття статтю|п пункт пункта пункте пункту|гл глава главы главе
"""
_YEARS = frozenset(["г", "год", "года", "году", "годах", "р", "рік", "року", "році", "рр", "гг"])
_RANGES = frozenset(["to", "bis", "до", "à", "tot", "al"])
_ARTICLES = frozenset(["a", "an", "one"])
_ROUND = frozenset(["hundred", "thousand", "million", "billion", "trillion", "dozen"])


def _keys(table: str) -> dict[str, str]:
    keys: dict[str, str] = {}
    for row in (row.split() for line in table.strip().splitlines() for row in line.split("|")):
        keys.update(dict.fromkeys(row, keys.get(row[0], row[0])))
    return keys


BEHIND, BEFORE = _keys(_BEHIND), _keys(_BEFORE)


def noted(tokens: Sequence[Token], found: Sequence[Found]) -> list[str]:
    """The words of a stretch around its figures, alike for those that only note the figures otherwise."""
    return list(_noted(tokens, [one for one in found if one[0].kind is not FactKind.REFERENCE]))


def _noted(tokens: Sequence[Token], found: Sequence[Found]) -> Iterator[str]:
    taken = {n for _, first, last in found for n in range(first, last + 1)}
    firsts, lasts = {one[1]: one for one in found}, {one[2]: one for one in found}
    for n, token in enumerate(tokens):
        if n in taken:
            continue
        after = n + 2 if n + 1 < len(tokens) and tokens[n + 1].text == "." else n + 1
        leads, led = firsts.get(after), lasts.get(n - 1)
        if led is not None and leads is not None and (token.text == "-" or token.text.lower() in _RANGES):
            yield "-"
        elif token.is_word and not (_is_part_of_next(token, leads, tokens[n + 1 : n + 2]) or _is_part_of_last(token, led)):
            yield _short(token.text, behind=led is not None, before=leads is not None)


def _short(word: str, *, behind: bool, before: bool) -> str:
    if behind and word in BEHIND:
        return BEHIND[word]
    return BEFORE.get(word, word) if before else word


def _is_part_of_next(token: Token, figure: Found | None, following: Sequence[Token]) -> bool:
    """The state of a dollar; "a" of "a hundred"."""
    if figure is None:
        return False
    fact = figure[0]
    if token.text in ("US", "U.S"):
        return fact.kind is FactKind.MONEY and fact.value.startswith("USD")
    if token.text.lower() not in _ARTICLES or fact.kind is not FactKind.NUMBER:
        return False
    return all(one.text.lower() in _ROUND for one in following)


def _is_part_of_last(token: Token, figure: Found | None) -> bool:
    """What says that a year is one: "3 сентября 2026 г.", "2026 року"."""
    return figure is not None and figure[0].kind is FactKind.DATE and token.text.lower() in _YEARS
