"""What an edit was: judged on its text, kept with its version, and what it makes of what was published."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from aggregator.model import StoryKey, Update, UpdateKind
from aggregator.pipeline.rebuilding import Asked, rebuild
from aggregator.store import open_store
from aggregator.store.pages import story_page
from aggregator.store.schema import candidates, edit_lines
from aggregator.stories.edits import EditKind, edit, edit_kind, edit_of_page
from aggregator.text.plain import plain
from tests.conftest import STORY, Desk, Web, item, rss, source_block

PATHS = Path(__file__).parent / "data/edits/paths.json"
BEFORE = (
    "The committee met on Monday in Kyiv. It agreed that the sanctions remain in force until 24 February 2022.\n\n"
    "The government will receive $5 million for housing. The president thanked everybody who took part.\n\n"
)


# --- the kind


@pytest.mark.parametrize("context", ["", BEFORE])
@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        # A figure, whatever else.
        ("It starts at 11:00 today.", "It starts at 11:30 today.", "figure"),
        ("Three men came.", "Four men came.", "figure"),
        ("They sent 5 million men.", "They sent 5 billion men.", "figure"),
        ("It costs millions of euros.", "It costs billions of euros.", "figure"),
        ("They met on Monday.", "They met on Friday.", "figure"),
        ("It begins in June.", "It begins in July.", "figure"),
        ("We paid $5 for it.", "We paid €5 for it.", "figure"),
        ("It rose by 5.", "It rose by 5%.", "figure"),
        ("It was -5 degrees.", "It was 5 degrees.", "figure"),
        ("The 12th package.", "The 13th package.", "figure"),
        ("It holds.\nSec.\n4.\nNo more.", "It holds.\nSec.\n5.\nNo more.", "figure"),
        ("10² metres", "102 metres", "figure"),
        ("Some 5+ men came.", "Some 5 men came.", "figure"),
        ("5-6 people", "56 people", "figure"),
        ("from 5 000 people", "from 50,000 people", "figure"),
        ("the attack killed 5 and wounded 7", "the attack killed 7 and wounded 5", "figure"),
        ("The cmomittee heard 12 reports.", "The committee heard 13 reports.", "figure"),
        ("It rose from 5 to 7 percent.", "It rose from 7 to 5 percent.", "figure"),
        ("where p < 0.05", "where p > 0.05", "figure"),
        ("共有十二人。", "共有十三人。", "figure"),
        ("Es stieg um 1,5 Mio. Euro.", "Es stieg um 1,5 Mrd. Euro.", "figure"),
        ("Это было в понедельник.", "Это было во вторник.", "figure"),
        ("Two-thirds of the men came.", "Three-thirds of the men came.", "figure"),
        ("Half of the men came.", "A third of the men came.", "figure"),
        ("Two-thirds of the men came.", "Half of the men came.", "figure"),
        ("The twenty-seven men came.", "The twenty-eight men came.", "figure"),
        ("It rose by 5%.", "It rose by 6 percent.", "figure"),
        ("They paid $5 million.", "They paid A$5 million.", "figure"),
        ("It gives 10 MW of power.", "It gives 10 mW of power.", "rewording"),
        ("It is 10 km long.", "It is 10 m long.", "rewording"),
        ("They told us of it.", "They told US of it.", "rewording"),
        ("It begins at 11.30 in Kyiv.", "It begins at 11:31 in Kyiv.", "figure"),
        ("Es sind Millionen von Euro.", "Es sind Milliarden von Euro.", "figure"),
        ("Речь о десятках, это сотни людей.", "Речь о десятках, это тысячи людей.", "figure"),
        ("Une moitié est venue.", "Un tiers est venu.", "figure"),
        ("The fourt man of the army came.", "The fourth man of the army came.", "figure"),  # or the four
        ("More than a killion men came to it.", "More than a million men came to it.", "figure"),  # or a billion
        # The same, written otherwise.
        ("The twenty-seven men came.", "The 27 men came.", "format"),
        ("Two-thirds of the men came.", "2/3 of the men came.", "format"),
        ("It paid $1.2bn", "It paid $1.2 billion", "format"),
        ("Three men came.", "3 men came.", "format"),
        ("The 12th package.", "The twelfth package.", "format"),
        ("On 24 February 2022 it began.", "On February 24, 2022 it began.", "format"),
        ("5 000 people", "5,000 people", "format"),
        ("1,500,000 people", "1.5 million people", "format"),
        ("“Yes”, he said – twice.", '"Yes", he said - twice.', "format"),
        ("It rose by 5%.", "It rose by five percent.", "format"),
        ("Es stieg um 5 Prozent.", "Es stieg um 5 %.", "format"),
        ("Рост на 5 процентов.", "Рост на 5%.", "format"),
        ("They paid $5 million.", "They paid 5 million dollars.", "format"),
        ("They paid $5 million.", "They paid US$5 million.", "format"),
        ("They paid €5 million.", "They paid EUR 5 million.", "format"),
        ("It is 10 km long.", "It is 10 kilometres long.", "format"),
        ("Some 5-6 men came.", "Some 5 to 6 men came.", "format"),
        ("Under Art. 5 of it", "Under Article 5 of it", "format"),
        ("A hundred men came to it.", "100 men came to it.", "format"),
        ("It said that one hundred and fifty men were there.", "It said that 150 men were there.", "format"),
        ("A five-year plan came.", "Five-year plan came.", "rewording"),
        ("More than one million came.", "More than 1,000,000 came.", "format"),
        ("Это было 3 сентября 2026 года.", "Это было 3 сентября 2026 г.", "format"),
        ("It begins at 11.30 in Kyiv.", "It begins at 11:30 in Kyiv.", "format"),
        ("- 5 people died", "5 people died", "format"),
        ("It began on 1 March 2022.", "It began on **1** March 2022.", "format"),
        ("It began on [1 March] 2022.", "It began on 1 March 2022.", "format"),
        ("The CO₂ of 5 m² of it", "The CO2 of 5 m2 of it", "format"),
        ("It is 1⁄2 of it.", "It is 1/2 of it.", "format"),
        ("He came on\u00a0the same\u200b day.", "He came on the same day.", "format"),
        ("He came onthe same day.", "He came on the same day.", "format"),
        ("Это было 8 марта.", "Это было 8 мaрта.", "format"),  # a Latin "a"
        ("ООО Ромашка", "OOO Ромашка", "format"),
        ("STATEMENT OF THE MINISTRY", "Statement of the Ministry", "format"),
        ("See [the treaty](https://example.org/1) for it.", "See [the treaty](https://example.org/2) for it.", "format"),
        ('See [the treaty](/1 "Treaty") for it.', "See the treaty for it.", "format"),
        ('See <a href="/1">the treaty</a>.<br>It holds.', 'See <a href="/2">the treaty</a>.\nIt holds.', "format"),
        ("Smith &amp; Sons said &quot;no&quot;.", 'Smith & Sons said "no".', "format"),
        # A word put right.
        ("The cmomittee met.", "The committee met.", "typo"),
        ("The comission met.", "The commission met.", "typo"),
        ("The organisation met.", "The organization met.", "typo"),
        ("It rose by five per cent.", "It rose by five percent.", "typo"),
        ("The programme's end", "The program's end", "typo"),
        ("Minister Sánchez said so.", "Minister Sanchez said so.", "typo"),
        ("Он придет завтра.", "Он придёт завтра.", "typo"),
        ("He went to the the house.", "He went to the house.", "typo"),
        ("our goverment and the government", "our government and the government", "typo"),
        ("The goarantees for all of the sholls came.", "The guarantees for all of the shells came.", "typo"),
        ("It is a pakage of several measures.", "It is a package of several measures.", "typo"),
        ("Peace begins during the talks.", "Peace begins duriing the talks.", "typo"),
        ("More than a hendred men came to it.", "More than a hundred men came to it.", "typo"),
        ("The men came on Wendesday to the house.", "The men came on Wednesday to the house.", "typo"),
        ("Disinfornation is what they spread there.", "Disinformation is what they spread there.", "typo"),
        ("The cooperation goes on.", "The co-operation goes on.", "typo"),
        ("It is an European state.", "It is a European state.", "typo"),
        ("The coast of Morocco. It is in Morrocco.", "The coast of Morocco. It is in Morocco.", "typo"),
        ("Of America's men. Amreica won.", "Of America's men. America won.", "typo"),
        ("All leadders of the parties touchd it.", "All leaders of the parties touched it.", "typo"),
        ("They spoke of COVID-19 there.", "They spoke of Covid-19 there.", "typo"),
        ("A non-nuclear state of the region", "A nonnuclear state of the region", "typo"),
        ("It fuelled the war in the centred area.", "It fueled the war in the centered area.", "typo"),
        ("They dialled and marshalled the men.", "They dialed and marshaled the men.", "typo"),
        ("Likeable men are in the café.", "Likable men are in the cafe.", "typo"),
        ("Der Minister sagte, dass für Österreich", "Der Minister sagte, dass fuer Oesterreich", "typo"),
        ("Die Schiffahrt und das Potential", "Die Schifffahrt und das Potenzial", "typo"),
        ("Ce qui paraît coûter un œuf", "Ce qui parait couter un oeuf", "typo"),
        ("Він подав проєкт закону.", "Він подав проект закону.", "typo"),
        # Another word: what looks like a slip is none.
        ("He comes now to the house.", "He comes not to the house.", "rewording"),
        ("He comes form the house.", "He comes from the house.", "rewording"),
        ("They are untied by the treaty.", "They are united by the treaty.", "rewording"),
        ("The hypersonic missile is gone.", "The supersonic missile is gone.", "rewording"),
        ("All are unvaccinated in this town.", "All are vaccinated in this town.", "rewording"),
        ("Gardner said that all of it is true.", "Gardener said that all of it is true.", "rewording"),  # names
        ("What he told Bakker was not true.", "What he told Baker was not true.", "rewording"),
        ("It is an ilegal measure of the state.", "It is a legal measure of the state.", "rewording"),
        ("They paid denars for all of it.", "They paid dinars for all of it.", "rewording"),
        ("He moved to the wihte house.", "He moved to the house.", "rewording"),
        ("He will not resign.", "He will now resign.", "rewording"),
        ("They will resign.", "They will not resign.", "rewording"),
        ("Он не придёт.", "Он придёт.", "rewording"),
        ("He can go.", "He can't go.", "rewording"),
        ("He is responsible for it.", "He is irresponsible for it.", "rewording"),
        ("The link was casual.", "The link was causal.", "rewording"),
        ("It was the prosecution.", "It was the persecution.", "rewording"),
        ("It is the county. A country is large.", "It is the country. A country is large.", "rewording"),
        ("It is their trial.", "It is their trail.", "rewording"),
        ("Die Mutter kamen.", "Die Mütter kamen.", "rewording"),
        ("Das sind Maße.", "Das sind Masse.", "rewording"),
        ("He filled the form and refilled it.", "He filled the form and refiled it.", "rewording"),
        ("Minister Ahmed came to it.", "Minister Hamed came to it.", "rewording"),
        ("Emanuel came to the house.", "Emmanuel came to the house.", "rewording"),
        ("The town of Hassan. It is Hassan.", "The town of Hassan. It is Hasan.", "rewording"),
        ("They spoke to Brian of it.", "They spoke to Brain of it.", "rewording"),
        ("Many poets came to it.", "Many pets came to it.", "rewording"),
        ("It is a prise of the war.", "It is a prize of the war.", "rewording"),
        ("They had to resume the work.", "They had to résumé the work.", "rewording"),
        ("Le juge signe. Il signe la loi.", "Le juge signe. Il signé la loi.", "rewording"),
        ("Il faut un accord sur lui.", "Il faut un accord sûr lui.", "rewording"),
        ("They scored the field.", "They scoured the field.", "rewording"),
        ("see https://example.org/1 for it", "see https://example.org/2 for it", "rewording"),
        ("see https://example.org/ for it", "see http://example.org for it", "typo"),
        ("see <https://example.org/1> for it", "see <https://example.org/2> for it", "rewording"),
        ("See [the treaty](/1) for it.", "See [the order](/1) for it.", "rewording"),
        ("It is 10<sup>2</sup> metres long.", "It is 102 metres long.", "figure"),
        ("Under Article 5 of it", "Under Section 5 of it", "rewording"),
        ("Read the press release.", "Read the press releases.", "rewording"),
        ("He resigned today.", "He re-signed today.", "rewording"),
        ("He was not able to come.", "He was notable to come.", "rewording"),
        ("Iran attacked Israel today.", "Israel attacked Iran today.", "rewording"),
        ("Will he go.", "Will he go?", "rewording"),
        ("习近平主席访问俄罗斯。", "习近平主席访问法国。", "rewording"),
        # A passage.
        ("It was good.", "It was good. Nobody else took part in it.", "addition"),
        ("It was good. Nobody else took part in it.", "It was good.", "removal"),
        ("It was 5. Now 12 others wait for 3 more.", "It was 5.", "removal"),
        # Pages.
        ("It was good.", "It was good.\nShare this page\nFacebook\nTwitter\nPrint", "format"),
        ("It was god.", "It was god!\nShare this page\nPrint", "format"),
        ("The cmomittee met.", "The committee met.\nRelated news\nMore news", "typo"),
        ("It was good.<!-- 1 -->", "It was good.<!-- 2 -->", "format"),
        ("It was good.\nСсылка на материал\nПечать", "It was good.", "format"),
        ("It was good.\n(c) 2024 Ministry of Trade", "It was good.\n(c) 2025 Ministry of Trade", "format"),
        ("(a) It holds.\n(c) The order stays.", "(a) It holds.", "removal"),  # the third of a list, no notice
        ("(c) Funds withheld", "(c) Funds released", "rewording"),
        ("It was good.\nFacebook", "It was good.", "removal"),  # an entry of a list, perhaps
        ("# Banned\nA Bank\nB Bank\n# Allowed\nC Bank", "# Banned\nA Bank\n# Allowed\nB Bank\nC Bank", "rewording"),
        ("Banned:\nA Bank\nB Bank\nAllowed:\nC Bank", "Banned:\nA Bank\nAllowed:\nB Bank\nC Bank", "rewording"),
    ],
)
def test_the_kind_of_an_edit(context: str, old: str, new: str, kind: str) -> None:
    judged = edit(context + old, context + new)
    assert judged.kind.value == kind, judged


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Sie bleiben in Genf.", "Sie blieben in Genf."),
        ("Das fordern alle.", "Das fördern alle."),
        ("Fue enterrado en Madrid.", "Fue enterado en Madrid."),
        ("Ha perso il cappello.", "Ha perso il capello."),
        ("Ha perso la città.", "Ha preso la città."),
        ("Zij noemen het.", "Zij nemen het."),
        ("Es el registro. Es el registro de ayer.", "Es el registro. Es el registró de ayer."),
        ("Er hat das Wort und die articel gelesen.", "Er hat das Wort und die article gelesen."),
    ],
)
def test_what_is_a_slip_in_english_is_another_word_elsewhere(old: str, new: str) -> None:
    assert edit_kind(old, new) == "rewording"


def test_paragraphs_that_change_places_say_nothing_new() -> None:
    first, second, third = "The first one met in Kyiv.", "The second one stayed away from it.", "The third spoke to us."
    assert edit_kind(f"{first}\n\n{second}\n\n{third}", f"{third}\n\n{first}\n\n{second}") == "format"
    assert edit_kind(f"{first} {second} {third}", f"{third} {first} {second}") == "format"
    here, there = "Our state is here for all.", "Our cities are there for some."
    assert edit_kind(f"{here} {there} No.", f"{there} {here} No.") == "format"


def test_an_answer_to_another_question_is_another_answer() -> None:
    assert edit_kind("Will he go? Yes. Will she go? No.", "Will he go? No. Will she go? Yes.") == "rewording"
    assert edit_kind("Will he go? Yes. Will she go there?", "Will he go? Will she go there? Yes.") == "rewording"
    asked = "Will he go?\n\n{}\n\nWill she go?\n\n{}"
    assert edit_kind(asked.format("Yes.", "No."), asked.format("No.", "Yes.")) == "rewording"
    said = "Will the minister go there? {} Will she go? {}"
    yes, no = "She will go there on her own.", "He stays here as it is."
    assert edit_kind(said.format(yes, no), said.format(no, yes)) == "rewording"


def test_the_language_of_a_figure_is_told_by_the_words_around_it() -> None:
    said = (
        "The Head of State stressed that all of it had begun on that day and that nobody in the world was ready. It began {}."
    )
    assert edit_kind(said.format("February 24"), said.format("Feb. 24")) == "format"
    assert edit_kind(said.format("February 24"), said.format("Feb. 25")) == "figure"
    long = f"{said} " * 40  # a line that is taken apart at its sentences
    assert edit_kind(long.format(*["February 24"] * 40), long.format(*["Feb. 24"] * 40)) == "format"


def test_a_paragraph_that_moved_and_changed_is_told_by_its_change() -> None:
    paragraphs = [
        f"Paragraph {word} speaks at some length of the {word} question." for word in ("grain", "gas", "peace", "coal")
    ]
    late = [*paragraphs[1:], paragraphs[0].replace("some", "no")]
    assert edit_kind("\n\n".join(paragraphs), "\n\n".join(late)) == "rewording"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("It starts at 11:00.", "It starts at 11:30.", "Says “11:30” where it said “11:00”."),
        ("They will go.", "They will not go.", "Says “will not go” where it said “will go”."),
        ("The cmomittee met.", "The committee met.", "Spells “committee” what was “cmomittee”."),
        ("It was good. Nobody came to it.", "It was good.", "No longer says “Nobody came to it.”."),
        ("Same.", "Same.", "Nothing changed."),
        ("A  b.", "A b.", "Only spacing or typography changed."),
        ("Yes, he said.", "Yes he said.", "Only punctuation or markup changed."),
    ],
)
def test_an_edit_is_told_in_a_sentence(old: str, new: str, says: str) -> None:
    assert edit(old, new).says == says


def test_the_evidence_names_each_stretch() -> None:
    judged = edit("The cmomittee heard the 12 reports of last year.", "The committee heard the 13 reports of last year.")
    assert [(one.kind, one.old, one.new) for one in judged.evidence] == [
        (EditKind.TYPO, "cmomittee", "committee"),
        (EditKind.FIGURE, "12", "13"),
    ]


# --- whatever the texts are


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_two_texts_are_judged_the_same_way_twice(old: str, new: str) -> None:
    assert edit_kind(old, new) in set(EditKind)
    assert edit(old, new) == edit(old, new)


@given(st.lists(st.sampled_from(["not", "12", "three", "$", "-", "the", "Kyiv", ".", "\n", "?", "%", "\u200b"]), max_size=30))
def test_another_digit_is_never_hushed_up(words: list[str]) -> None:
    said = " ".join(words)
    assert edit_kind(f"{said} 41 men", f"{said} 47 men") == "figure"
    assert edit(f"{said} he goes", f"{said} he never goes").quiet is False


def test_large_and_hostile_texts_are_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aggregator.stories.hunks.MOST_SIGNS", 5_000)  # so that what is too much is reached soon
    line = "The same line, said again.\n"
    assert edit_kind(line * 100_000, line * 100_001) == "addition"
    assert edit_kind(line * 3_000 + "On 5 May.", line * 3_000 + "On 6 May.") == "figure"
    many = "".join(f"Line {n} of a very long list, which changed.\n" for n in range(3_000))
    assert edit_kind(many, many.replace(" 7", " 8")) == "figure"
    assert edit_kind(many, many.replace("changed", "stayed")) == "rewording"
    assert edit_kind("a" * 200_000, "a" * 199_999 + "b") == "rewording"
    assert edit_kind("\u200b" * 100_000 + "a", "a") == "format"
    assert edit_kind("." * 100_000, "") == "format"
    slips = "the pakage and the sactions of the contry\n"
    assert edit_kind(slips * 20, slips.replace("pak", "pack").replace("sact", "sanct") * 20) == "typo"
    many = "thosand " * 20_000
    assert edit_kind(many, many.replace("thos", "thous")) == "rewording"
    assert edit_kind("\ud800 5", "\udfff 6") == "figure"


def test_plain_is_what_can_be_seen() -> None:
    assert plain("“ﬁne” – ５０\u202e %…") == '"fine" - 50 %...'
    assert plain("10²") == "10²"


# --- the template of a page


def test_the_path_to_a_page_is_furniture() -> None:
    for page in json.loads(PATHS.read_text(encoding="utf-8")):
        judged = edit_of_page((page["title"], page["before"]), (page["title"], page["after"]))
        assert judged.kind is EditKind.FORMAT, judged.says
        shorter = page["after"].rsplit(".", 2)[0] + "."
        assert not edit_of_page((page["title"], page["before"]), (page["title"], shorter)).quiet


BODY = "The ministers met in Geneva on Friday. They agreed on new rules for the trade in grain."


@pytest.mark.parametrize(
    ("old", "new", "only_template"),
    [
        (f"{BODY}", f"Press office\n\n{BODY}", True),
        (f"Press office\n\n{BODY}", f"Press and speeches\n\n{BODY}", True),
        (f"{BODY}\n\nThe ministry", f"{BODY}", True),
        (f"{BODY}", f"{BODY}\n\nAll pages of the ministry are kept in the archive.", False),  # a sentence
        (f"{BODY}", f"{BODY}\n\n12 banks", False),  # a figure
        (f"Press office\n\n{BODY}", f"No press office\n\n{BODY}", False),  # a negation
        (f"{BODY}\n\nA Bank\n\n{BODY}", f"{BODY}\n\n{BODY}", False),  # within the body
        (f"{BODY}", f"Press office\n\n{BODY.replace('new', 'no')}", False),
        ("A Bank\nB Bank", "A Bank", False),  # nobody knows where its body is
    ],
)
def test_what_may_be_a_template(old: str, new: str, only_template: bool) -> None:
    assert edit_of_page(("The title", old), ("The title", new)).only_template is only_template


def test_a_title_is_never_a_template() -> None:
    judged = edit_of_page(("Statement by the President", BODY), ("Statement by the former President", BODY))
    assert (judged.kind, judged.template) == (EditKind.REWORDING, ())


# --- the whole road

TEXTS = {
    "grain": ["Talks on grain were held in Geneva.", "The delegations agreed on 12 measures.", "A further meeting follows."],
    "gas": ["Talks on gas went on for hours.", "Nobody wanted to speak of 30 pipelines.", "The ministers left late."],
    "peace": ["Talks on peace begin next week.", "The president will not take part in them.", "Observers are invited."],
    "coal": ["Talks on coal ended without result.", "Five mines will be closed for good.", "The unions spoke against it."],
}


def pages(change: Callable[[str, list[str]], list[str]] = lambda _, lines: lines, only: str = "") -> str:
    listed = []
    for key, lines in TEXTS.items():
        said = change(key, list(lines)) if only in ("", key) else lines
        listed.append(item(key, f"Talks on {key}", "".join(f"<p>{line}</p>" for line in said)))
    return rss(*listed)


@pytest.fixture
def told(web: Web, desk: Callable[[str], Desk]) -> Desk:
    """A story that told four statements of one source."""
    web.serve(pages())
    at_work = desk(STORY + source_block("a", web.url(), name="Alpha"))
    at_work.poll()
    assert len(at_work.settle()) == len(TEXTS)
    return at_work


def updates(desk: Desk) -> list[Update]:
    with desk.store.read() as tx:
        page = story_page(tx, StoryKey("talks"))
    assert page is not None
    return list(page.updates)[len(TEXTS) :]


def kept(desk: Desk) -> list[tuple[str, str]]:
    with desk.store.read() as tx:
        return [(row.kind, row.says) for row in tx.exec_driver_sql("SELECT kind, says FROM v1_edits ORDER BY revision_id")]


@pytest.mark.both_databases
def test_a_typo_makes_no_update(web: Web, told: Desk) -> None:
    web.serve(pages(lambda _, lines: [lines[0], lines[1].replace("measures", "measuers"), lines[2]], only="grain"))
    told.poll()
    assert told.settle() == []
    assert kept(told) == [("typo", "Spells “measuers” what was “measures”.")]
    with told.store.read() as tx:
        note = tx.execute(select(candidates.c.note).order_by(candidates.c.id.desc())).scalars().first()
    assert note == "changes nothing that is said. Spells “measuers” what was “measures”."


@pytest.mark.both_databases
def test_another_figure_is_a_correction(web: Web, told: Desk) -> None:
    web.serve(pages(lambda _, lines: [line.replace("12", "13") for line in lines], only="grain"))
    told.poll()
    told.settle()
    (update,) = updates(told)
    assert (update.kind, update.paragraphs[0].text) == (UpdateKind.CORRECTED, "The delegations agreed on 13 measures.")
    assert kept(told) == [("figure", "Says “13” where it said “12”.")]


@pytest.mark.both_databases
def test_a_sign_that_changes_a_figure_is_a_correction(web: Web, told: Desk) -> None:
    for sign in ("$", "€"):
        web.serve(pages(lambda _, lines: [line.replace("12", f"{sign}12") for line in lines], only="grain"))  # noqa: B023 - read at once
        told.poll()
        told.settle()
    assert [update.kind for update in updates(told)] == [UpdateKind.CORRECTED, UpdateKind.CORRECTED]


@pytest.mark.both_databases
def test_a_template_that_changes_makes_no_storm(web: Web, told: Desk) -> None:
    web.serve(pages(lambda _, lines: ["Press office", *lines, "Ministry of trade"]))
    told.poll()
    assert told.settle() == []
    assert [kind for kind, _ in kept(told)] == ["format"] * 4
    assert all("The same change on 4 pages of this source" in says for _, says in kept(told))


@pytest.mark.both_databases
def test_lines_of_a_template_that_go_are_not_taken_back(web: Web, desk: Callable[[str], Desk]) -> None:
    web.serve(pages(lambda _, lines: ["Press office", *lines]))
    at_work = desk(STORY + source_block("a", web.url()))
    at_work.poll()
    at_work.settle()
    web.serve(pages())
    at_work.poll()
    assert at_work.settle() == []


@pytest.mark.both_databases
def test_a_storm_is_known_before_its_first_page_has_settled(web: Web, told: Desk) -> None:
    changed: list[str] = []
    for key in TEXTS:
        changed.append(key)
        web.serve(pages(lambda at, lines: ["Press office", *lines] if at in changed else lines))
        told.poll()
        told.clock.forward(minutes=2)
    assert told.settle() == []
    assert [kind for kind, _ in kept(told)] == ["addition", "addition", "format", "format"]


@pytest.mark.both_databases
def test_two_pages_are_no_storm(web: Web, told: Desk) -> None:
    web.serve(pages(lambda at, lines: [*lines, "Ministry of trade"] if at in ("grain", "gas") else lines))
    told.poll()
    told.settle()
    assert [kind for kind, _ in kept(told)] == ["addition", "addition"]


@pytest.mark.both_databases
def test_the_same_change_days_apart_is_no_storm(web: Web, told: Desk) -> None:
    changed: list[str] = []
    for key in TEXTS:
        changed.append(key)
        web.serve(pages(lambda at, lines: [*lines, "Ministry of trade"] if at in changed else lines))
        told.poll()
        told.clock.forward(days=2)
    assert [kind for kind, _ in kept(told)] == ["addition"] * 4


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("place", "before", "after"),
    [
        (0, "Office of 12 ministers", "Office of 13 ministers"),
        (0, "Sanctions in force", "No sanctions in force"),
        (3, "The embargo remains in force until further notice.", "The embargo ended."),
    ],
)
def test_a_change_of_substance_on_many_pages_is_not_hushed_up(
    place: int, before: str, after: str, web: Web, desk: Callable[[str], Desk]
) -> None:
    web.serve(pages(lambda _, lines: [*lines[:place], before, *lines[place:]]))
    at_work = desk(STORY + source_block("a", web.url()))
    at_work.poll()
    at_work.settle()
    web.serve(pages(lambda _, lines: [*lines[:place], after, *lines[place:]]))
    at_work.poll()
    published = at_work.settle()
    assert published
    told = {s.text for update in updates(at_work) for p in update.paragraphs for s in p.sentences}
    assert after in told  # as a correction of what was told, or, of a heading that was not, as something new
    assert "format" not in {kind for kind, _ in kept(at_work)}


@pytest.mark.both_databases
def test_a_template_and_a_correction_at_once_are_a_correction(web: Web, told: Desk) -> None:
    def change(key: str, lines: list[str]) -> list[str]:
        return ["Press office", *(line.replace("12", "13") if key == "grain" else line for line in lines)]

    web.serve(pages(change))
    told.poll()
    told.settle()
    (update,) = updates(told)
    assert update.kind is UpdateKind.CORRECTED
    assert [s.text for p in update.paragraphs for s in p.sentences] == ["The delegations agreed on 13 measures."]


@pytest.mark.both_databases
def test_few_lines_of_an_edit_are_remembered(web: Web, told: Desk) -> None:
    web.serve(pages(lambda _, lines: [*lines, *(f"Office {chr(65 + n % 26) * (1 + n // 26)}" for n in range(500))], only="gas"))
    told.poll()
    with told.store.read() as tx:
        assert len(tx.execute(select(edit_lines.c.line)).all()) <= 40


def test_a_line_that_comes_and_goes_for_years_is_looked_up_within_its_day_alone(told: Desk) -> None:
    asked = (
        "SELECT line, count(DISTINCT statement_id) FROM edit_lines"
        " WHERE source = 'a' AND line IN (1, 2) AND at BETWEEN '2025-08-13' AND '2025-08-14' GROUP BY line"
    )
    with told.store.read() as tx:
        plan = [str(row[3]) for row in tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}")]
    assert "(source=? AND line=? AND at>? AND at<?)" in plan[0]


def test_what_was_judged_is_judged_again_by_a_replay(web: Web, told: Desk, tmp_path: Path) -> None:
    web.serve(pages(lambda _, lines: ["Press office", *lines]))
    told.poll()
    told.settle()
    web.serve(pages(lambda _, lines: [line.replace("12", "13") for line in lines]))
    told.clock.forward(days=1)
    told.poll()
    told.settle()
    rebuilt = tmp_path / "again.sqlite"
    found = asyncio.run(rebuild(told.store, Asked(config=told.config), file=rebuilt, sandbox=told.sandbox))
    assert found.same
    again = open_store(f"sqlite:///{rebuilt}", snapshots=told.store.snapshots.folder, create=False)
    with again.read() as tx:
        rows = [(row.kind, row.says) for row in tx.exec_driver_sql("SELECT kind, says FROM v1_edits ORDER BY revision_id")]
    again.close()
    assert rows == kept(told)
    assert [kind for kind, _ in rows] == ["format"] * 4 + ["figure"]
