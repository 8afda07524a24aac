"""Near-copies: each kind of copy is found, and each kind of difference in fact keeps two texts apart. All texts are our own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.stories import DuplicateIndex, Likeness
from aggregator.stories.near.reading import read
from aggregator.stories.near.sequence import Line, sequence
from aggregator.stories.near.shelf import FIRST, LAST, MemoryShelf
from aggregator.stories.near.sketch import sketched, unpack
from aggregator.stories.near.verdict import SHARED, WORTH_TELLING, judge, may_be_like

NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)

FIRST_PART = """\
The Council of Lowland Ports adopted its 12th package of measures in Harlow on 3 March 2026. Minister Anna Keller told the
assembly on Tuesday that 45 percent of the grain terminals would reopen within three weeks, and that the harbour at Westmark
will receive a grant of $4.5 million for new cranes."""
MIDDLE_PART = """\
According to the minister, the decision follows talks with President Tomas Brandt of Osteria, who had asked for a joint
inspection of every berth. The inspectors did not find any damage to the quay walls. They are expected to report to the
assembly again before the summer recess, and their report will be published in full by the port authority."""
LAST_PART = """\
The measures are set out in document IP/26/1166, which extends the earlier rules on pilotage, towing and mooring to all vessels
above a certain length, and in the Safe Harbours Act. Captain Joan Lee will lead the office for it at the Westmark Centre. The
owners welcomed the step but asked for more time to train their crews, while the union of dock workers put safety first."""
STATEMENT = f"{FIRST_PART}\n\n{MIDDLE_PART}\n\n{LAST_PART}"

OTHER = """\
Fishing boats may return to the northern bay from next month, the regional office for the sea has said after a year of closed
waters. Stocks of herring had recovered faster than its biologists expected, although cod remains protected. Skippers will have
to carry a transponder and land their catch at one of the two supervised quays, where samples are taken at random."""


def named(first: str, second: str, *, apart: timedelta = HOUR) -> bool:
    """Whether the second text is called a near-copy of the first."""
    index = DuplicateIndex()
    assert index.add("first", first, NOON) == []
    return index.add("second", second, NOON + apart) == ["first"]


def likeness(first: str, second: str, *, apart: timedelta = HOUR) -> Likeness:
    """The verdict over two texts."""
    index = DuplicateIndex()
    index.add("first", first, NOON)
    (found,) = index.look(second, NOON + apart)
    return found


def changed(old: str, new: str, text: str = STATEMENT) -> str:
    assert text.count(old) >= 1
    return text.replace(old, new)


COPIES = {
    "the same text": STATEMENT,
    "one line": " ".join(STATEMENT.split()),
    "capitals": STATEMENT.upper(),
    "typography": changed("The Council", "“The Council”").replace("its 12th", "its 12th").replace("-", "–").replace(" ", "  "),
    "numbers in words": changed("45 percent", "forty-five per cent").replace("within three weeks", "within 3 weeks"),
    "British and American letters": changed("harbour at", "harbor at").replace("Westmark Centre", "Westmark Center"),
    "a number written otherwise": changed("$4.5 million", "$4,500,000").replace("12th package", "twelfth package"),
    "a sentence dropped": changed("The inspectors did not find any damage to the quay walls. ", ""),
    "cut to two parts": f"{FIRST_PART}\n\n{MIDDLE_PART}",
    "the last parts alone": f"{MIDDLE_PART}\n\n{LAST_PART}",
    "paragraphs in another order": f"{LAST_PART}\n\n{FIRST_PART}\n\n{MIDDLE_PART}",
    "a wire's frame": f"HARLOW, March 5 (Newswire) - {STATEMENT}\nReporting by our correspondents; editing by the night desk.",
    "page furniture": f"Home / News / All statements\nFOR IMMEDIATE RELEASE\n{STATEMENT}\nShare this page\nPrint\n###",
    "soft hyphens and zero-width spaces": changed("terminals", "ter\u00admi\u200bnals").replace("Harlow", "Har\u2060low"),
    "marks of direction": changed("Harlow", "\u200fHarlow\u200e").replace("Minister", "\u202aMinister\u202c"),
    "letters that look alike": STATEMENT.replace("e", "\u0435").replace("o", "\u043e"),
    "letters with their accents apart": changed("Brandt", "Bra\u0308ndt"),
}


@pytest.mark.parametrize("copy", COPIES.values(), ids=COPIES)
def test_a_copy_is_found(copy: str) -> None:
    assert named(STATEMENT, copy)
    assert named(copy, STATEMENT)


DIFFERENCES = {
    "ordinal": ("12th package", "13th package", "13th where the other says 12th"),
    "ordinal in words": ("12th package", "thirteenth package", "13th where the other says 12th"),
    "date": ("3 March 2026", "10 March 2026", "2026-03-10 where the other says 2026-03-03"),
    "weekday": ("on Tuesday", "on Thursday", "Thursday where the other says Tuesday"),
    "sum": ("$4.5 million", "$6.5 million", "6500000"),
    "scale of a sum": ("$4.5 million", "$4.5 billion", "4500000000"),
    "percentage": ("45 percent", "54 percent", "54 % where the other says 45 %"),
    "count": ("three weeks", "five weeks", "5 where the other says 3"),
    "place": ("harbour at Westmark", "harbour at Eastmouth", "Eastmouth"),
    "counterpart": ("President Tomas Brandt of Osteria", "President Mira Falk of Norvia", "names"),
    "office holder": ("Minister Anna Keller", "Minister Paul Odom", "Odom"),
    "reference number": ("IP/26/1166", "IP/26/1203", "IP/26/1203"),
    "a negation dropped": ("did not find", "did find", "leaves out a not"),
    "a negation added": ("are expected to", "are not expected to", "says not"),
    "a contraction": ("did not find any", "didn't find any", ""),
}


@pytest.mark.parametrize(("old", "new", "why"), DIFFERENCES.values(), ids=DIFFERENCES)
def test_a_differing_fact_keeps_two_texts_apart_and_is_told(old: str, new: str, why: str) -> None:
    found = likeness(STATEMENT, changed(old, new))
    assert found.same is (not why)
    assert why in found.veto
    assert "wording stands in" in found.evidence[0]


@pytest.mark.parametrize(("old", "new", "why"), DIFFERENCES.values(), ids=DIFFERENCES)
def test_a_differing_fact_keeps_a_framed_and_cut_text_apart(old: str, new: str, why: str) -> None:
    cut = changed("The inspectors did", "They did", changed(old, new)) if "did" not in old else changed(old, new)
    cut = changed(", while the union of dock workers put safety first", "", cut)
    framed = f"Home / News\nFOR IMMEDIATE RELEASE\n{cut}\nShare this page\n###"
    assert named(STATEMENT, framed) is (not why)


def test_a_fact_at_the_edge_of_a_framed_text_is_compared() -> None:
    text = f"12 ships waited off Harlow when the council met. {STATEMENT}"
    assert named(text, f"Home / News\n{text}")
    assert not named(text, f"Home / News\n{changed('12 ships', '14 ships', text)}")


@pytest.mark.parametrize(
    ("full", "less"), [("3 March 2026", "3 March"), ("$4.5 million", "4.5 million"), ("15 June", "15 June 2026")]
)
def test_a_fact_that_is_told_in_part_is_no_difference(full: str, less: str) -> None:
    text = f"{STATEMENT} The next meeting is on 15 June at the same place."
    assert named(text, changed(full, less, text))


def test_of_two_texts_of_one_length_that_counts_which_has_more_of_itself_in_the_other() -> None:
    copy = (
        f"Home / News\n{changed(MIDDLE_PART, '')}\nShare this page with a friend, print it, or have it read to you by our voice"
    )
    padded = f"{FIRST_PART}\n\n{MIDDLE_PART[:150]}\n\n{LAST_PART}"
    assert named(padded, copy)
    assert named(copy, padded)


def test_the_first_and_the_second_are_two() -> None:
    text = f"{STATEMENT} It was the first time that all members of the council agreed."
    assert named(text, text)
    assert likeness(text, changed("the first time", "the second time", text)).veto == "says 2nd where the other says 1st"


def test_the_frame_of_a_short_text_counts_for_nothing() -> None:
    frame = (
        "Press office of the ports / Harlow / Latest news of today / Contact\n",
        "\nSend this page by mail, print it, or read it to me aloud",
    )
    copy = GREETINGS.join(frame)
    assert named(GREETINGS, copy)
    assert named(copy, GREETINGS)
    assert named(changed("brings together singers of all ages, and ", "", GREETINGS).join(frame), GREETINGS)


def test_of_a_text_with_very_many_facts_and_names_the_same_are_kept() -> None:
    many = " ".join(f"Harbour {chr(65 + n % 26)}elm{n} reported {n * 31} crates of kind {n}x." for n in range(150))
    shelf = ListShelf()
    DuplicateIndex(shelf).add("many", many, NOON)
    assert len(shelf.rows[0][2]) <= 2000
    assert DuplicateIndex(shelf).add("copy", f"Home / News\n{many}\nShare", NOON) == ["many"]
    other = " ".join(f"Harbour {chr(65 + n % 26)}elm{n} reported {n * 37} crates of kind {n}x." for n in range(150))
    assert DuplicateIndex(shelf).add("other", other, NOON) == []


def test_a_fact_that_was_cut_is_no_difference() -> None:
    assert likeness(STATEMENT, f"{MIDDLE_PART}\n\n{LAST_PART}").veto == ""


def test_the_day_of_publication_above_a_text_is_no_difference() -> None:
    assert named(f"March 5, 2026\n{STATEMENT}", f"March 6, 2026\n{STATEMENT}", apart=timedelta(days=1))
    assert not named(f"Seen on March 5, 2026 by {STATEMENT}", f"Seen on March 6, 2026 by {STATEMENT}", apart=timedelta(days=1))


CONDOLENCES = """\
The President sent a message of condolence to the President of Osteria, Tomas Brandt, over the loss of life in the flood in
Harlow. The message reads: please accept my deepest sympathy on the tragic consequences of the flood. I ask you to convey words
of support to the families of those who died, and wishes of a speedy recovery to all who were injured."""
GREETINGS = """\
The President sent greetings to the participants and guests of the 14th Festival of Lowland Choirs. The message says that the
festival has become a great event in the life of the country, brings together singers of all ages, and keeps alive a tradition
that is dear to many. I wish you success, joy and all the best."""
CALL = """\
The President had a telephone conversation with the Prime Minister of Osteria, Tomas Brandt, on 4 March. They discussed trade
between the two countries, the work of the joint commission and the security of shipping in the strait. It was agreed to keep in
contact at various levels."""
OFFICE_HOURS = """\
Staff of Representative Odom will hold mobile office hours in Fremont on Wednesday, October 19, from 9:00 to 11:00 am at the
Civic Center. Constituents who need help with a federal agency, or who want to share their views, are invited to come. No
appointment is needed, and everything that is said will be treated in confidence."""
TEMPLATES = {
    "condolences": (CONDOLENCES, [("Osteria, Tomas Brandt,", "Norvia, Mira Falk,"), ("flood in\nHarlow", "flood in\nSkelby")]),
    "condolences to the same": (CONDOLENCES, [("flood in\nHarlow", "flood in\nSkelby")]),
    "greetings": (GREETINGS, [("14th Festival", "15th Festival")]),
    "a call": (CALL, [("Osteria, Tomas Brandt,", "Norvia, Mira Falk,")]),
    "a call on another day": (CALL, [("4 March", "6 March")]),
    "office hours": (
        OFFICE_HOURS,
        [("Fremont", "Bellevue"), ("Wednesday, October 19", "Wednesday, November 2"), ("9:00 to 11:00 am", "1:00 to 4:00 pm")],
    ),
}


@pytest.mark.parametrize(("text", "varies"), TEMPLATES.values(), ids=TEMPLATES)
def test_texts_of_one_template_are_told_apart_by_what_varies(text: str, varies: Sequence[tuple[str, str]]) -> None:
    second = text
    for old, new in varies:
        second = changed(old, new, second)
    assert not named(text, second)
    assert named(text, f"Home / News\n{text}\nShare this page")


ROUND = """\
Ships from Kyiv and Lublin called at Harlow during the week, and those for Westmark and Eastmouth took on coal. On Thursday,
November 12th, the ferry to Lublin was held up by fog, so that the delegation from Kyiv came late. The talks between the mayors
of Eastmouth and Skelby will go on in the spring. Minister Anna Keller thanked Captain Joan Lee for her report, which the
assembly has agreed to print. The crews were paid in full, and the owners of the tugs are content with the new rates."""
LONG = "\n\n".join((STATEMENT, OTHER, CONDOLENCES, ROUND, GREETINGS, CALL))
IN_LONG = {
    "a place that both name elsewhere": ("the ferry to Lublin was", "the ferry to Harlow was", "names"),
    "a place at the head of a sentence": ("Ships from Kyiv and Lublin", "Ships from Kyiv and Skelby", "names"),
    "a counterpart that both name elsewhere": ("mayors\nof Eastmouth and Skelby", "mayors\nof Eastmouth and Westmark", "names"),
    "an office holder that both name elsewhere": (
        "Keller thanked Captain Joan Lee",
        "Keller thanked Captain Mira Falk",
        "names",
    ),
    "a negation": ("will go on in the spring", "will not go on in the spring", " not "),
    "a negation with another form of the verb": ("has agreed to print", "did not agree to print", " not "),
    "a negation with an auxiliary": ("crews were paid in full", "crews were never paid in full", " not "),
    "a weekday beside the same date": ("On Thursday,\nNovember", "On Friday,\nNovember", "where the other says"),
}
OTHERWISE = {
    "another spelling of a name": ("from Kyiv", "from Kiev"),
    "a title cut short": ("Minister Anna Keller thanked Captain", "Minister Keller thanked Capt."),
    "a space that was lost": ("Captain Joan Lee for her", "Captain JoanLee for her"),
    "another word": ("took on coal", "loaded coal"),
    "a short sentence with a negation cut": ("rates.", "rates. This is not all."),
    "one more name": ("thanked Captain Joan Lee", "and Mira Falk thanked Captain Joan Lee"),
    "the same names in another order": ("mayors\nof Eastmouth and Skelby", "mayors\nof Skelby and Eastmouth"),
    "a contraction": ("inspectors did not find", "inspectors didn't find"),
}


def arranged(text: str, how: str) -> str:
    parts = text.split("\n\n")
    match how:
        case "in another order":
            return "\n\n".join((*parts[3:], *parts[:3]))
        case "cut":
            return "\n\n".join((*parts[:2], *parts[3:-1]))
        case "framed":
            return f"Home > News > All statements\nKYIV, (Newswire) - {text}\nNewswire\nShare this page\nPrint"
    return text


@pytest.mark.parametrize("how", ["as it is", "in another order", "cut", "framed"])
@pytest.mark.parametrize(("old", "new", "why"), IN_LONG.values(), ids=IN_LONG)
def test_one_exchanged_word_in_a_long_text_keeps_two_apart(old: str, new: str, why: str, how: str) -> None:
    other = arranged(changed(old, new, LONG), how)
    for one, two in ((LONG, other), (other, LONG)):
        found = likeness(one, two)
        assert not found.same
        assert why in found.veto


@pytest.mark.parametrize("how", ["as it is", "in another order", "cut", "framed"])
@pytest.mark.parametrize(("old", "new"), OTHERWISE.values(), ids=OTHERWISE)
def test_what_is_only_written_otherwise_in_a_long_text_does_not(old: str, new: str, how: str) -> None:
    other = arranged(changed(old, new, LONG), how)
    assert likeness(LONG, other).veto == ""
    assert likeness(other, LONG).veto == ""


IN_RUSSIAN = """\
Президент провёл переговоры с делегацией соседней страны. Встреча прошла в Минске и длилась три часа. Стороны договорились
открыть новый мост, а также продолжить работу комиссии. Министр Иван Громов сообщил, что посол будет принят в Москве на
следующей неделе. Груз из Киева прибыл в порт, откуда его повезут в Варшаву. Решение будет опубликовано полностью."""
IN_GERMAN = """\
Der Rat der Häfen hat das Paket am Dienstag in Hamburg gebilligt. Ministerin Anna Keller sagte, dass die Terminals wieder
geöffnet werden und der Hafen von Kiel neue Kräne erhält. Die Gespräche mit Präsident Tomas Brandt werden in Bremen fortgesetzt.
Die Eigner begrüßten den Schritt, baten aber um mehr Zeit für ihre Mannschaften. Der Bericht wird vollständig veröffentlicht."""
IN_FRENCH = """\
Le conseil des ports a adopté les mesures mardi à Marseille. La ministre Anne Girard a déclaré que les terminaux seront rouverts
et que le port de Nantes recevra de nouvelles grues. Les entretiens avec le président Tomas Brandt se poursuivront à Bordeaux.
Les armateurs ont salué cette étape mais ont demandé plus de temps. Le rapport sera publié en entier."""
LANGUAGES = {
    "Russian place": (IN_RUSSIAN, "прошла в Минске", "прошла в Варшаве", False),
    "Russian minister": (IN_RUSSIAN, "Иван Громов", "Пётр Седов", False),
    "Russian negation": (IN_RUSSIAN, "будет опубликовано", "не будет опубликовано", False),
    "Russian letters": (IN_RUSSIAN, "провёл", "провел", True),
    "Russian word": (IN_RUSSIAN, "новый мост", "новый тоннель", True),
    "German place": (IN_GERMAN, "in Bremen", "in Kiel", False),
    "German minister": (IN_GERMAN, "Anna Keller", "Petra Vogt", False),
    "German negation": (IN_GERMAN, "wird vollständig", "wird nicht vollständig", False),
    "German letters": (IN_GERMAN, "begrüßten", "begruessten", True),
    "French place": (IN_FRENCH, "à Bordeaux", "à Nantes", False),
    "French minister": (IN_FRENCH, "Anne Girard", "Claire Morin", False),
    "French negation": (IN_FRENCH, "sera publié", "ne sera pas publié", False),
    "French word": (IN_FRENCH, "cette étape", "cette mesure", True),
}


@pytest.mark.parametrize(("text", "old", "new", "same"), LANGUAGES.values(), ids=LANGUAGES)
def test_an_exchanged_word_is_seen_in_other_languages(text: str, old: str, new: str, same: bool) -> None:
    other = changed(old, new, text)
    assert named(text, other) is same
    assert named(other, text) is same


def test_a_not_is_told_of_the_text_that_says_it() -> None:
    denied = changed("will go on in", "will not go on in", LONG)
    assert likeness(LONG, denied).veto == "says not where the other does not"
    assert likeness(denied, LONG).veto == "leaves out a not that the other says"
    assert (
        likeness(LONG, changed("ferry to Lublin", "ferry to Harlow", LONG)).veto == "names Harlow where the other names another"
    )


def test_another_dateline_in_a_frame_is_no_other_place() -> None:
    assert named(f"KYIV, (Newswire) - {LONG}", f"HARLOW (Agency) - {LONG}")
    assert named(f"{LONG}\nNewswire", f"{LONG}\nAgency Harlow")


def test_of_a_very_long_text_parts_are_kept_and_compared() -> None:
    words = " ".join(f"berth{n} of part{n % 97} was opened by crew{n * n % 89}" for n in range(1000))
    text = f"{LONG} {words} {LONG.replace('Keller', 'Brandt')}"
    shelf = ListShelf()
    DuplicateIndex(shelf).add("long", text, NOON)
    assert len(shelf.rows[0][2]) <= 2000
    assert named(text, text)
    assert named(text, " ".join(text.split(" ")[:5000]))
    assert not named(text, changed("opened by", "never opened by", text))
    assert not named(changed("opened by", "never opened by", text), text)


@given(
    st.lists(st.sampled_from(["port", "Kyiv", "not", "never", "12", "opens", "harbour", "Lee", "crane", "quay"]), max_size=60)
)
def test_a_line_is_read_back_as_it_was_kept(words: list[str]) -> None:
    line = read(" ".join(words), NOON).line
    level, kept, seconds = line.fitting(1000)
    again = Line(kept, seconds)
    assert level == 0
    assert (again.plain, again.names(), again.denied) == (line.plain, line.names(), line.denied)


@given(st.lists(st.integers(0, 300), min_size=40, max_size=600), st.integers(3, 6))
def test_what_is_kept_of_a_long_line_has_the_runs_that_are_compared(numbers: list[int], level: int) -> None:
    line = Line(*sequence([f"word{number}" for number in numbers], (), (), ()))
    least, coded, _ = line.fitting(len(numbers) // 4)
    kept = Line(coded)
    if least and len(kept.plain) < len(numbers) // 4:
        assert kept.shingles(least + level) == line.shingles(least + level)


def test_it_does_not_matter_how_many_earlier_texts_are_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = (STATEMENT, CALL, OTHER)
    texts = [f"{text}\n\nThat was said for the {number % 3}th time." for number in range(5) for text in asked]

    def found() -> list[list[Likeness]]:
        index = DuplicateIndex()
        likenesses: list[list[Likeness]] = []
        for number, text in enumerate(texts):
            likenesses.append(index.look(text, NOON + number * HOUR))
            index.add(str(number), text, NOON + number * HOUR)
        return likenesses

    many = found()
    monkeypatch.setattr("aggregator.stories.duplicates.MOST_UNPACKED", 1)
    assert found() == many


def test_tables_are_told_apart_by_their_figures() -> None:
    rows = [f"{100 + 7 * number}.{number} {200 + 3 * number}.5 {number}.25" for number in range(1, 60)]
    table = "Rates of the day, in crowns and pence\n" + "\n".join(rows)
    assert named(table, table)
    assert not named(table, changed("233.5", "235.5", table))


def test_two_calls_on_one_day_in_other_words_are_two() -> None:
    second = """\
The President had another telephone conversation with the Prime Minister of Osteria, Tomas Brandt. The exchange of views on the
prisoners was continued, and both leaders gave instructions to their teams to draw up a list by the end of the week."""
    assert not named(CALL, second, apart=5 * HOUR)


def test_what_comes_again_after_a_season_is_said_again() -> None:
    assert named(STATEMENT, STATEMENT, apart=timedelta(days=40))
    assert likeness(STATEMENT, STATEMENT, apart=timedelta(days=365)).veto == "365 days lie between them"


def test_what_comes_weeks_later_in_other_words_is_the_next_of_its_kind() -> None:
    later = changed(
        "According to the minister, the decision follows talks with", "It rests, she added, on an understanding reached with"
    )
    later = changed(
        "owners welcomed the step but asked for more time to train their crews",
        "companies said that they would rather wait",
        later,
    )
    assert named(STATEMENT, later)
    assert not named(STATEMENT, later, apart=timedelta(days=21))


def test_a_short_quotation_is_no_copy() -> None:
    assert not named(STATEMENT, "The inspectors did not find any damage to the quay walls.")
    rest = "\n".join(f"{OTHER} The number of this page is {word}." for word in ("alpha", "beta", "gamma", "delta"))
    assert likeness(FIRST_PART, f"{FIRST_PART}\n{rest}").veto == "one is only a small part of the other"


def test_a_text_like_two_that_differ_is_a_copy_of_the_nearer_one() -> None:
    index = DuplicateIndex()
    index.add("twelfth", STATEMENT, NOON)
    index.add("thirteenth", changed("12th", "13th"), NOON + HOUR)
    without = changed("its 12th package", "a package")
    found = index.look(without, NOON + 2 * HOUR)
    assert [one.key for one in found if one.same] == ["twelfth"]
    assert found[1].veto == "it is nearer to twelfth, and this one says 13th where the other says 12th"


def test_a_changed_figure_on_one_page_is_a_revision() -> None:
    index = DuplicateIndex()
    index.add("page", STATEMENT, NOON, family="ports", url="https://ports.example/12")
    new = changed("$4.5 million", "$5.4 million")
    (same_page,) = index.look(new, NOON + HOUR, family="ports", url="https://ports.example/12")
    (other_page,) = index.look(new, NOON + HOUR, family="ports", url="https://ports.example/13")
    assert (same_page.same, same_page.revision) == (False, True)
    assert same_page.veto.startswith("a revision of the same page: says USD 5400000 where")
    assert (other_page.same, other_page.revision) == (False, False)


def test_a_verdict_explains_itself() -> None:
    found = likeness(STATEMENT, f"{FIRST_PART}\n\n{MIDDLE_PART}", apart=timedelta(hours=5))
    assert found.same
    assert found.evidence[0] == "100 % of its wording stands in the earlier"
    assert found.evidence[1].endswith("facts agree")
    assert found.evidence[2] == "published 5 hours apart"
    assert likeness(STATEMENT, STATEMENT, apart=timedelta(minutes=5)).evidence[2] == "published within the hour"


def test_the_best_copy_is_named_first_and_a_text_is_no_copy_of_itself() -> None:
    index = DuplicateIndex()
    index.add("cut", f"{FIRST_PART}\n\n{MIDDLE_PART} {OTHER}", NOON)
    index.add("whole", STATEMENT, NOON + HOUR)
    assert index.add("again", STATEMENT, NOON + 2 * HOUR)[0] == "whole"
    assert "again" not in index.add("again", STATEMENT, NOON + 2 * HOUR)


def test_looking_adds_nothing() -> None:
    index = DuplicateIndex()
    assert index.look(STATEMENT, NOON) == []
    assert index.look(STATEMENT, NOON) == []


def test_times_out_of_order_and_without_a_zone_are_taken() -> None:
    index = DuplicateIndex()
    index.add("later", STATEMENT, NOON)
    assert index.add("earlier", STATEMENT, NOON - timedelta(days=2)) == ["later"]
    assert set(index.add("plain", STATEMENT, NOON.replace(tzinfo=None))) == {"later", "earlier"}
    for year in (1, 9999):
        index.add(f"in {year}", STATEMENT, datetime(year, 1, 1, tzinfo=UTC))


RUSSIAN = """\
Совет портов принял двенадцатый пакет мер. Министр сообщила, что 45 процентов терминалов откроются через три недели, а гавань
получит новые краны. Решение принято после переговоров с президентом соседней страны."""
CHINESE = (
    "港口理事会于三月三日通过了第十二套措施。部长对议会说,百分之四十五的粮食码头将在三周内重新开放,西马克港将获得新的起重机。"
)
ARABIC = """\
اعتمد مجلس الموانئ حزمته من التدابير يوم الثلاثاء وقالت الوزيرة إن معظم الأرصفة ستفتح من جديد خلال ثلاثة أسابيع بعد تفتيش"""
GEORGIAN = "პორტების საბჭომ მიიღო ზომების ახალი პაკეტი და მინისტრმა თქვა რომ ტერმინალების უმეტესობა სამ კვირაში ისევ გაიხსნება"
THAI = "สภาท่าเรือได้รับรองมาตรการชุดใหม่ และรัฐมนตรีกล่าวว่าท่าเทียบเรือส่วนใหญ่จะเปิดอีกครั้งภายในสามสัปดาห์"
MIXED = (
    "Der Rat der Häfen billigte das Paket. Совет портов принял новый пакет мер. Le conseil des ports a adopté les mesures hier."
)
SCRIPTS = {"Russian": RUSSIAN, "Chinese": CHINESE, "Arabic": ARABIC, "Georgian": GEORGIAN, "Thai": THAI, "mixed": MIXED}


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS)
def test_a_copy_is_found_in_any_script(text: str) -> None:
    assert named(text, text)
    assert named(text, f"\u200f{text}\u200e")
    assert not named(text, OTHER)


@pytest.mark.parametrize("text", ["", " \n ", "Ports", "###", "\u200b\u200f", "…", "\ud800", "Ports open"])
def test_a_text_that_says_nothing_is_like_no_other(text: str) -> None:
    assert not named(text, text)


HUGE = {
    "one word": "a" * 10_000_000,
    "numbers": "12 " * 3_000_000,
    "capitals": "Ports Open " * 900_000,
    "stops": "." * 10_000_000,
    "negations": "not " * 2_500_000,
    "invisible": "\u200b" * 5_000_000,
    "lines": "\n" * 10_000_000,
}


@pytest.mark.parametrize("text", HUGE.values(), ids=HUGE)
def test_ten_megabytes_are_read_in_part(text: str) -> None:
    shelf = MemoryShelf()
    index = DuplicateIndex(shelf)
    index.add("long", text, NOON)
    index.add("longer", f"{text}.", NOON)
    assert shelf.size() < 4_000


def test_long_texts_that_end_differently_are_two() -> None:
    long = " ".join(f"word{n} of part{n % 97}" for n in range(40_000))
    assert named(long, long)
    assert not named(long, f"{long} and more")


def test_the_same_text_many_times_takes_the_room_of_a_few_and_the_first_is_still_named() -> None:
    shelf = MemoryShelf()
    index = DuplicateIndex(shelf)
    sizes = set()
    for number in range(400):
        index.add(f"{number:06}", GREETINGS, NOON + number * timedelta(seconds=1))
        if number >= FIRST + LAST:
            sizes.add((len(shelf), shelf.size()))
    assert len(sizes) == 1
    assert len(shelf) == FIRST + LAST
    assert index.add("new", GREETINGS, NOON)[0] == "000000"


def test_a_hundred_thousand_entries_under_the_same_bands_take_the_room_of_a_few() -> None:
    shelf = MemoryShelf()
    for number in range(100_000):
        shelf.put(f"{number:06}", (1, -2), b"sketch")
    assert len(shelf) == FIRST + LAST
    assert shelf.size() < 10_000
    keys = [key for key, _ in shelf.like([-2])]
    assert keys[:FIRST] == [f"{number:06}" for number in range(FIRST)]
    assert keys[FIRST:] == [f"{number:06}" for number in range(100_000 - LAST, 100_000)]


def test_what_is_common_to_all_pages_does_not_hide_what_is_their_own() -> None:
    index = DuplicateIndex()
    stock = " ".join(f"{OTHER} {LAST_PART}".split())
    for number in range(60):
        own = " ".join(f"berth{number}x{n} opened" for n in range(150))
        assert index.add(f"{number}", f"{own}\n{stock}", NOON) == []
    again = " ".join(f"berth30x{n} opened" for n in range(150))
    assert index.add("again", f"{again}\n{stock}", NOON) == ["30"]


BANDS = st.lists(st.integers(-3, 3) | st.integers(-(2**63), 2**63 - 1), max_size=4)


@given(st.lists(BANDS, max_size=FIRST + LAST))
def test_a_shelf_hands_out_what_shares_a_band(entries: list[list[int]]) -> None:
    shelf = MemoryShelf()
    for number, bands in enumerate(entries):
        sharing = [str(earlier) for earlier in range(number) if not set(entries[earlier]).isdisjoint(bands)]
        assert sorted(key for key, _ in shelf.like(bands)) == sorted(sharing)
        shelf.put(str(number), bands, b"")


class ListShelf:
    """A shelf of another kind: what a store would do."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, tuple[int, ...], bytes]] = []

    def like(self, bands: Sequence[int]) -> Iterable[tuple[str, bytes]]:
        return [(key, sketch) for key, own, sketch in self.rows if not set(own).isdisjoint(bands)]

    def put(self, key: str, bands: Sequence[int], sketch: bytes) -> None:
        self.rows.append((key, tuple(bands), sketch))


def test_another_shelf_serves_as_well_and_outlives_the_index() -> None:
    shelf = ListShelf()
    DuplicateIndex(shelf).add("first", STATEMENT, NOON)
    assert DuplicateIndex(shelf).add("second", STATEMENT, NOON + HOUR) == ["first"]
    for _, bands, sketch in shelf.rows:
        assert all(-(2**63) <= band < 2**63 for band in bands)
        assert len(bands) <= 14
        assert isinstance(sketch, bytes)
        assert len(sketch) <= 1100


def test_sketches_of_another_version_are_passed_over() -> None:
    shelf = ListShelf()
    DuplicateIndex(shelf).add("first", STATEMENT, NOON)
    key, bands, sketch = shelf.rows[0]
    for bad in (b"", b"\xff" + sketch[1:], sketch[: len(sketch) // 2], sketch[:40], b"\x01"):
        shelf.rows[0] = (key, bands, bad)
        assert DuplicateIndex(shelf).look(STATEMENT, NOON) == []


PARTS = [
    "port",
    "opens",
    "12",
    "13th",
    "Kyiv",
    "not",
    "on",
    "Monday",
    "3 May",
    "the",
    "$5 million",
    "IP/26/1",
    ".",
    "\n",
    "Lee",
]
WORDS = st.lists(st.sampled_from(PARTS), max_size=80)


@settings(max_examples=60)
@given(st.lists(WORDS.map(" ".join), min_size=2, max_size=6))
def test_the_same_input_gives_the_same_output(texts: list[str]) -> None:
    def run() -> list[list[str]]:
        index = DuplicateIndex()
        return [index.add(str(number), text, NOON + number * HOUR) for number, text in enumerate(texts)]

    assert run() == run()


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_is_taken(one: str, other: str) -> None:
    index = DuplicateIndex()
    index.add("one", one, NOON)
    index.add("other", other, NOON)
    index.look(one, NOON)


def test_a_text_takes_less_than_a_kilobyte() -> None:
    shelf = MemoryShelf()
    index = DuplicateIndex(shelf)
    for number in range(200):
        index.add(f"{number:06}", " ".join(f"w{(number * 7919 + n * n) % 60_000:x}" for n in range(300)), NOON)
    assert len(shelf) == 200
    assert shelf.size() / 200 < 1000


SOME = ["the", "talks", "on", "grain", "of", "in", "and", "ships", "Kyiv", "12", "Monday", "not", "agreed", "end"]
FEW_WORDS = st.lists(st.sampled_from(SOME), max_size=120).map(" ".join)
LEAST = st.sampled_from([0.0, 0.2, WORTH_TELLING, 0.7, SHARED, 2.0])


@given(FEW_WORDS, FEW_WORDS, LEAST, st.booleans())
@settings(max_examples=300)
def test_what_is_set_aside_at_a_glance_would_have_been_no_likeness(one: str, other: str, least: float, goes_on: bool) -> None:
    later = f"{one} {other}" if goes_on else other
    new, old = (sketched(read(text, NOON), NOON) for text in (later, one))
    if not may_be_like(new, old.pack(), least=least):
        verdict = judge(new, unpack(old.pack()), least=least)
        assert not verdict.same
        assert verdict.shared < least


def test_what_shares_only_a_phrase_is_set_aside_at_a_glance() -> None:
    new = sketched(read(f"At the end of the week {STATEMENT}", NOON), NOON)
    there = sketched(read(f"At the end of the week {' '.join(f'word{n} comes' for n in range(60))}", NOON), NOON)
    assert not may_be_like(new, there.pack())
    assert may_be_like(new, sketched(read(STATEMENT, NOON), NOON).pack())
    assert may_be_like(new, b"no sketch")  # who takes it apart says what it is
