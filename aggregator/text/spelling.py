"""Are two words one, spelled in two ways or once mistyped? What is in doubt is two words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from aggregator.text.vocabulary import is_listed

LONGEST = 40  # letters; longer "words" are codes and addresses
SHORTEST_SLIP = 5  # letters: of shorter words, hardly a change of letters is not another word ("form", "from")
SHORTEST_WITH_EVIDENCE = 8  # letters: where a letter is missing or another, "country" and "county" being so near
SHORTEST_UNKNOWN = 6  # letters of a word of another language that is a slip without evidence
SHORTEST_ACCENTED = 4  # letters: of shorter words, an accent parts "a" and "à", "ou" and "où"
UMLAUT = "\u0308"
EDGE = 3  # letters at an end of a word that say case, tense, number or negation in the sources' languages

# Words of the press that become another one when two neighbouring letters change places.
_SWAPS = """
    trial trail|trials trails|angel angle|angels angles|quiet quite|diary dairy|diaries dairies|casual causal
    united untied|unite untie|nuclear unclear|martial marital|sacred scared|being begin|board broad|boards broads
    silver sliver|slivers silvers|tired tried|tires tries|fired fried|retired retried|diver drive|signed singed
    signing singing|signer singer|bugle bulge|spilt split|later alter|prefect perfect|preform perform|preforms performs
    preformed performed|complaint compliant|infarction infraction|burnt brunt|calvary cavalry|coast coats|boast boats
    beast beats|filed field|defied deified|brain brian|barley barely|bared bread|beard bread|heard hared|weird wired
    crudest crusted|scrap scarp|discrete discreet|slave salve|sauce cause|sever serve|rescue recuse|rescues recuses
    rescued recused|clam calm|clams calms|cruse curse|wrap warp|skate stake|thrown throne
"""
# Words that become another one when a letter is doubled.
_DOUBLED = """
    desert dessert|deserts desserts|princes princess|needles needless|assess asses|posses possess|caress cares
    super supper|later latter|mater matter|coma comma|hoping hopping|lose loose|planed planned|planing planning
    biter bitter|staring starring|scared scarred|bared barred|taped tapped|taping tapping|striped stripped
    striping stripping|wining winning|diner dinner|below bellow|holy holly|fuller fuler|tiny tinny|mating matting
    rated ratted|rating ratting|caned canned|pined pinned|pining pinning|cuter cutter|scored scoured|scoring scouring
    sloping slopping|moping mopping|coral corral|filing filling
"""
# Words that become another one with one letter more, fewer or another: those that are long enough to be asked about.
_NEAR = """
    contacts contracts|contacted contracted|contacting contracting|casualty causality|statutes statues|immigrant emigrant
    immigrants emigrants|immigration emigration|complement compliment|complements compliments|prescribe proscribe
    prescribed proscribed|principal principle|principals principles|personal personnel|ingenious ingenuous
    interment internment|lightning lightening|stationary stationery|important impotent|counties countries
    resident president|residents presidents|imminent immanent|eminent imminent|dependent dependant|president precedent
    presidents precedents|perspective prospective|deceased diseased|veracious voracious|ordinance ordnance
    ordinances ordnances|formally formerly|allusion illusion|inflected inflicted|collision collusion
    persecution prosecution|convention convection|destruction distraction|affected effected|affective effective
    affecting effecting|exceptional exceptionable
"""
# Words that only a sign parts which elsewhere is a matter of spelling: "Maße" are measures, "Masse" is mass.
_SIGNS = """
    masse maße|massen maßen|busse buße|bussen bußen|résumé resume|résumés resumes|exposé expose|exposés exposes|pâté pate
    rosé rose|lamé lame|maté mate|attaché attache|attachés attaches|faîte faite|faîtes faites|jeûne jeune|jeûnes jeunes
    mûre mure|mûres mures|mûrs murs|sûre sure|sûres sures|sûrs surs|refilled refiled|refilling refiling|prise prize
    prises prizes|prised prized|prising prizing|timber timbre|timbers timbres|scorer scourer|scorers scourers|sever soever
"""


def _pairs(text: str) -> frozenset[frozenset[str]]:
    return frozenset(frozenset(pair.split()) for line in text.strip().splitlines() for pair in line.split("|"))


TWO_WORDS = _pairs(_SWAPS) | _pairs(_DOUBLED) | _pairs(_NEAR) | _pairs(_SIGNS)

# What British and American spelling part, as (British, American) where the rest of the word is the same: from the standard
# lists (Oxford and Webster). Each is bound to where in a word it stands.
_VARIANTS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(british), american)
    for british, american in (
        (r"(?<=[a-z]{2})our(?=$|s$|ed$|ing$|able|ite|ful|er|less|hood|al|ism|y$|ies$)", "or"),
        (r"(?<=[a-z]{2})is(?=e$|es$|ed$|er$|ers$|ing$|ation|able)", "iz"),
        (r"(?<=[a-z]{2})ys(?=e$|es$|ed$|er$|ers$|ing$)", "yz"),
        (r"(?<=[bcdghtp])re(?=$|s$|d$)", "er"),
        (r"(?<=[ae]n)c(?=e$|es$|eless|ive)", "s"),
        (r"(?<=og)ue(?=$|s$)", ""),
        (r"(?<=[aeiou][^aeiou][aeiou])l(?=l(?:ed|ing|er|ers|or|ors|ous|ist|ists)$)", ""),
        (r"(?<=[aeiou][^aeiou]{2}[aeiou])l(?=l(?:ed|ing|er|ers|or|ors|ous|ist|ists)$)", ""),
        (r"(?<=[aeiou][^aeiou]{3}[aeiou])l(?=l(?:ed|ing|er|ers)$)", ""),
        (r"(?<=ua)l(?=l(?:ed|ing)$)|(?<=[iu]e)l(?=l(?:ed|ing|er|ers)$)|(?<=[^aeiou]ia)l(?=l(?:ed|ing|er|ers)$)", ""),
        (r"(?<=[a-z]gram)me(?=$|s$)", ""),
        # Greek roots alone: Dutch "noemen" is no "nemen", Spanish "saeta" no "seta".
        (r"(?<=an)ae(?=[ms])|(?<=h)ae(?=m)|(?<=p)ae(?=d)|(?<=yn)ae(?=c)|(?<=f)ae(?=c)|(?<=[ckrx])ae(?=mi)|(?<=v)ae(?=v)", "e"),
        (r"(?<=di)ae(?=v)|(?<=pal)ae|(?<=arch)ae|(?<=clop)ae|(?<=d)ae(?=mon)|(?<=c)ae(?=si)|(?<=ch)ae(?=mi|t)", "e"),
        (r"(?<=f)oe(?=t)|(?<=hom)oe(?=o)|(?<=rh)oe(?=a)|(?<=pn)oe(?=a)|(?<=^c)oe(?=n|l)|(?<=ed)oe(?=ma)", "e"),
        (r"(?<=dg)e(?=ment)", ""),
        (r"(?<=[a-z]{2}[^cg])e(?=able$)", ""),
    )
)
_SAME_WORD = """
    grey gray|tyre tire|tyres tires|cheque check|cheques checks|plough plow|ploughs plows|sceptic skeptic
    sceptical skeptical|scepticism skepticism|mould mold|moulds molds|aluminium aluminum|ageing aging|towards toward
    afterwards afterward|backwards backward|forwards forward|upwards upward|whilst while|amongst among|learnt learned
    spelt spelled|burnt burned|dreamt dreamed|adviser advisor|advisers advisors|enrolment enrollment|enrol enroll
    fulfil fulfill|fulfils fulfills|fulfilment fulfillment|skilful skillful|wilful willful|instalment installment
    instalments installments|cosy cozy|jewellery jewelry|pyjamas pajamas|artefact artifact|artefacts artifacts
    sulphur sulfur|practise practice|practised practiced|practising practicing|kerb curb|draught draft|licence license
    kilometre kilometer|acknowledgement acknowledgment|orientated oriented|manoeuvre maneuver|manoeuvres maneuvers
    percent per cent|ok okay|programme program|programmes programs|defence defense|offence offense|pretence pretense
    analogue analog|tonne ton|storey story|labour labor|encyclopaedia encyclopedia|speciality specialty|maths math
    doughnut donut|moustache mustache|whisky whiskey|cypher cipher|gaol jail|carcase carcass|smoulder smolder
    counsellor counselor|counsellors counselors|marvellous marvelous|woollen woolen|tranquillity tranquility
    amidst amid|leapt leaped|leant leaned|spilt spilled|spoilt spoiled|knelt kneeled|axe ax|disc disk|discs disks
    czar tsar|czars tsars|aeroplane airplane|aeroplanes airplanes|furore furor|omelette omelet|connexion connection
    connexions connections|carburettor carburetor|distil distill|distils distills|instil instill
    instils instills|enthral enthrall|enthrals enthralls|appal appall|appals appalls|diarrhoea diarrhea|oestrogen estrogen
    manoeuvring maneuvering|manoeuvred maneuvered|centred centered|centring centering|worshipped worshiped
    worshipping worshiping|kidnapped kidnaped|kidnapping kidnaping|kidnapper kidnaper|kidnappers kidnapers
    biassed biased|focussed focused|focussing focusing|focusses focuses|benefitted benefited|benefitting benefiting
    sulphate sulfate|sulphates sulfates|sulphide sulfide|sulphuric sulfuric|smouldering smoldering|moulded molded
    moulding molding|enquiry inquiry|enquiries inquiries|enquire inquire|enquired inquired|whizz whiz|gramme gram
    d'état d'etat|grammes grams|amoeba ameba|inflexion inflection|reflexion reflection|councillor councilor
    councillors councilors|a an|its it's|whose who's|your you're
"""
SAME_WORD = frozenset(
    frozenset(pair.split(" ", 1)) for line in _SAME_WORD.strip().splitlines() for pair in line.strip().split("|")
) - {frozenset(("storey", "story")), frozenset(("tonne", "ton"))}  # a story and a ton are another thing as well
# Spellings within other languages: German without its own letters, Russian ё, the apostrophes of Ukrainian, ligatures; "è" is
# what French has put for "é" before a mute e since 1990.
_LETTERS = str.maketrans(
    {
        "ß": "ss",
        "ä": "ae",
        "ö": "oe",
        "ü": "ue",
        "ø": "oe",
        "œ": "oe",
        "æ": "ae",
        "ё": "е",
        "’": "'",
        "ʼ": "'",
        "`": "'",
        "è": "é",
    }
)
# Old spelling and new: German of 1996, Ukrainian of 2019; and three of the same letter in a row.
_REFORMS = tuple(
    (re.compile(old), new)
    for old, new in (
        (r"([^\W\d_])\1\1", r"\1\1"),
        (r"nti(?=al|ell)", "nzi"),
        (r"graph(?=ie|isch)", "graf"),
        (r"^phot", "fot"),
        (r"^selbstst", "selbst"),
        (r"^aufwend(?=ig)", "aufwaend"),
        (r"^delph(?=in)", "delf"),
        (r"(?<=^про)є(?=к)", "е"),
    )
)
# French has been written without a circumflex on i and u since 1990, but for tenses ("fût") and words that it parts.
_CIRCUMFLEX = str.maketrans("îû", "iu")
_KEPT_CIRCUMFLEX = re.compile("[^a]ît$|[^o]ût$|^.{1,3}$")

Elsewhere = Callable[[str], int]  # how often a word stands where nothing changed


def is_variant(one: str, other: str) -> bool:
    """Whether two words are British and American, or old and new, spellings of one. Both in small letters."""
    if one == other or max(len(one), len(other)) > LONGEST:
        return False
    both = frozenset((one, other))
    if both in SAME_WORD:
        return True
    return both not in TWO_WORDS and (_american(one) == _american(other) or _modern(one) == _modern(other))


def _modern(word: str) -> str:
    """A word in its newest spelling, in the letters of its language's keyboard or of any other."""
    if not _KEPT_CIRCUMFLEX.search(word):
        word = word.translate(_CIRCUMFLEX)
    word = word.translate(_LETTERS)
    for pattern, new in _REFORMS:
        word = pattern.sub(new, word)
    return word


def _american(word: str) -> str:
    if len(word) < SHORTEST_SLIP or not word.isascii():
        return word
    for pattern, american in _VARIANTS:
        word = pattern.sub(american, word)
    return word


def is_slip(one: str, other: str, elsewhere: Elsewhere, *, name: bool = False) -> bool:
    """Whether one of two words is the other, mistyped. Both in small letters.

    `elsewhere` counts words in what both texts have in common; `name`: both begin with a capital letter.
    Neighbouring letters in the wrong order, and a letter that is doubled or should be, are slips; a letter that is missing,
    too many or another one is a slip only where the texts have the right word elsewhere and the wrong one nowhere. Two words
    that both stand elsewhere are two words, and so is whatever may be another tense, number or the opposite: of two
    doubtful errors, to hush up a change is the worse. `one` stood there, `other` does now.
    """
    longest = max(len(one), len(other))
    if one == other or longest > LONGEST or frozenset((one, other)) in TWO_WORDS or not (_is_plain(one) and _is_plain(other)):
        return False
    known = elsewhere(one), elsewhere(other)
    evidence, english = max(known) > 0, elsewhere("the") > 0
    if _bare(one) == _bare(other):
        return _is_accent(one, other, known, english=english, name=name)
    if min(known) > 0:
        return False
    shorter, longer = sorted((one, other), key=len)
    head = next((n for n, (a, b) in enumerate(zip(shorter, longer, strict=False)) if a != b), len(shorter))
    if len(shorter) == len(longer):
        if not english and {one[head], other[head]} == {"e", "i"} and not evidence:
            return False  # German: "bleiben" is now, "blieben" was then
        return _is_swap(one, other, head, evidence=evidence, alone=_says_alone(one, head, english=english, name=name)) or (
            evidence and _is_other_vowel(one, other, head)
        )
    one_more = len(longer) == len(shorter) + 1 and shorter[head:] == longer[head + 1 :]
    if name:  # "Hasan" and "Hassan" are two, unless it is now as the texts have it elsewhere
        evidence, english = known[1] > 0, False
    return one_more and _is_letter_more(shorter, longer, head, evidence=evidence, english=english)


def _is_plain(word: str) -> bool:
    return word.replace("'", "").isalpha()


def _is_letter_more(shorter: str, longer: str, head: int, *, evidence: bool, english: bool) -> bool:
    """A letter that is doubled, or one within a long word that the texts write right elsewhere.

    In other languages a doubled letter often makes another word: "enterrado", "capello", "Masse".
    """
    if longer[head - 1 : head] == longer[head]:
        return _is_doubling(shorter, longer, head, evidence=evidence or (english and len(shorter) > SHORTEST_SLIP))
    inside = EDGE <= head <= len(shorter) - EDGE
    return evidence and inside and len(shorter) >= SHORTEST_WITH_EVIDENCE


def _is_accent(one: str, other: str, known: tuple[int, int], *, english: bool, name: bool) -> bool:
    """Whether signs above or below letters, which are all that differs, part no words."""
    longest = max(len(one), len(other))
    if english and not name and longest >= SHORTEST_ACCENTED and is_listed(_bare(one)):
        return True  # written or not: "café", "cafe"
    if min(known) > 0 or _without_accents(one) != _without_accents(other):
        return False
    return name or (max(known) > 0 and longest >= SHORTEST_ACCENTED and not _is_ending(one, other))


def _is_ending(one: str, other: str) -> bool:
    """Whether an accent near the end is all that differs, which parts tenses: "signe" and "signé", "anuncio" and "anunció"."""
    pairs = zip(reversed(one), reversed(other), strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), EDGE) < EDGE


def _bare(word: str) -> str:
    """A Latin word without any sign above or below its letters."""
    bare = "".join(sign for sign in unicodedata.normalize("NFD", word) if not unicodedata.combining(sign))
    return bare if bare.isascii() else word


def _without_accents(word: str) -> str:
    """A Latin word without its accents. й and и are two letters, and an umlaut makes a plural: "Mutter", "Mütter"."""
    if word.isascii():
        return word
    taken_apart = unicodedata.normalize("NFD", word)
    bare = "".join(sign for sign in taken_apart if not unicodedata.combining(sign) or sign == UMLAUT)
    return bare if bare.replace(UMLAUT, "").isascii() else word


def _says_alone(word: str, head: int, *, english: bool, name: bool) -> bool:
    """Whether letters in each other's place are a slip even where neither word stands elsewhere.

    Not in a name ("Ahmed", "Hamed"), of which there is no list; not of the first letter, which almost always is right; not at
    the end; and not in a short word of a language whose words are not known here: "perso", "preso".
    """
    return not name and 0 < head < len(word) - 2 and (english or len(word) >= SHORTEST_UNKNOWN)


def _is_swap(one: str, other: str, head: int, *, evidence: bool, alone: bool) -> bool:
    """Two neighbouring letters in each other's place."""
    swapped = other[head : head + 2] == one[head + 1 : head + 2] + one[head : head + 1] and one[head + 2 :] == other[head + 2 :]
    if not swapped or len(one) < SHORTEST_SLIP:
        return False
    return evidence or alone


def _is_other_vowel(one: str, other: str, head: int) -> bool:
    """Another vowel within a long word: "seperate". Not i for u, which part words."""
    inside = EDGE <= head < len(one) - EDGE and len(one) >= SHORTEST_WITH_EVIDENCE
    return inside and one[head + 1 :] == other[head + 1 :] and {one[head], other[head]} in ({"a", "e"}, {"e", "i"})


def _is_doubling(shorter: str, longer: str, head: int, *, evidence: bool) -> bool:
    """A letter that is doubled; before an ending of one syllable that makes another word: "planed", "planned"."""
    if len(shorter) < SHORTEST_SLIP or head >= len(longer) - 1:  # "princes", "princess"
        return False
    ending = longer[head + 1 :]
    syllables = len(re.findall("[aeiouy]+", shorter[: head - 1]))
    if ending in {"ed", "ing", "er", "ers", "y", "ies", "est", "e", "es", "s", "le", "les"} and syllables < 2:
        return False
    return evidence
