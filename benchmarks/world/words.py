"""What the world says: texts from a seed, no two alike, in a version each. Pure; nothing is kept."""

from __future__ import annotations

import random
from dataclasses import dataclass


def _words(line: str) -> tuple[str, ...]:
    return tuple(line.split())


ADJECTIVES = _words(
    "amber broad coastal dense eastern frozen gentle hollow inland jagged knotted lower marble narrow olive"
    " purple quiet rural silver tidal upper vivid western young ancient brisk copper dusty early floral grand"
    " humble iron joint keen lunar modest northern open paved rapid southern timber urban velvet wide yearly"
)
NOUNS = _words(
    "harbour orchard railway viaduct library quarry market lagoon archive bakery canal depot estuary foundry"
    " granary hospital inlet jetty kiln lighthouse museum nursery observatory pavilion reservoir stadium terminal"
    " university vineyard warehouse academy bridge cathedral dairy embankment fountain gallery highway institute"
    " junction laboratory monastery opera parliament refinery school theatre tunnel village workshop aqueduct"
    " barracks citadel dockyard exchange ferry garden"
)
PLURALS = _words(
    "barrels carts lanterns saplings ledgers wagons turbines blankets crates engines pumps sensors tractors"
    " volunteers windows bicycles cables drums filters gauges hammers instruments kettles ladders maps nets ovens"
    " pianos rafts seats tents uniforms valves wheels anchors benches chairs desks folders gliders"
)
VERBS = _words(
    "received inspected repaired delivered opened measured counted painted moved restored ordered collected"
    " borrowed checked cleaned designed examined fitted gathered hired insured joined labelled mapped numbered"
    " offered planned quoted replaced sorted tested unloaded verified washed arranged built closed divided"
    " escorted followed"
)
PLACES = _words(
    "Ardenholt Brixmere Calverdon Dunmoor Eskwater Farrowby Glenhaven Hartsea Ivorbridge Jorvale Kestrelby"
    " Larkham Mossford Norhaven Oakstead Penwick Quarrydale Ravensey Selbrook Thornaby Ulverton Vexmoor Wrenfield"
    " Yarrowgate Zelbury Alderfell Birchmoor Cragmouth Doveridge Elmstow"
)
BODIES = _words(
    "council ministry commission agency bureau board chamber committee authority directorate inspectorate office"
    " secretariat institute tribunal treasury"
)
FRENCH = (
    "Le {body} de {place} a compté {n} {plural} près du {noun} avant la fin de la semaine.",
    "Selon la {body}, {n} {plural} sont arrivés au {noun} de {place} pendant la nuit.",
    "Une équipe de {place} a réparé {n} {plural} dans le {noun} du quartier.",
    "Les habitants de {place} attendent {n} {plural} au {noun} pour le printemps.",
)
FRENCH_NOUNS = _words("port verger canal marché musée phare moulin théâtre chantier jardin stade pont tunnel village atelier")
FRENCH_PLURALS = _words(
    "tonneaux lanternes wagons registres moteurs capteurs tracteurs volontaires vélos câbles filtres pianos bancs"
)
FRENCH_BODIES = _words("commission mairie préfecture chambre direction agence")
ENGLISH = (
    "The {adj} {noun} in {place} {verb} {n} {plural} before the {noun2} of {place2}.",
    "Officials from {place} {verb} a {adj} {noun} and {n} {plural} near the {noun2}.",
    "According to the {body}, the {noun} {verb} {n} {adj} {plural} along the {noun2}.",
    "The {body} of {place} expects {n} {plural} at the {adj} {noun} beside the {noun2}.",
    "Workers at the {noun} {verb} {n} {adj} {plural} for the {noun2} of {place}.",
    "In {place} the {body} {verb} {n} {plural} and the {adj} {noun} of {place2}.",
)
OF_A_TOPIC = "The {topic} {noun} {verb} {n} {adj} {plural} at the request of {place}."
CHANGED, SLIPPED = 1, 2  # which sentence carries the figure that is edited, and which the slip


@dataclass(frozen=True, slots=True)
class Version:
    """What is special about one version of a text."""

    figure: int = 0  # how often its figure was changed
    extra: int = 0  # how many sentences were added
    slip: bool = False  # a word stands there twice


@dataclass(frozen=True, slots=True)
class Said:
    """A title and paragraphs."""

    title: str
    paragraphs: tuple[str, ...]

    @property
    def text(self) -> str:
        """The text as it is stored: paragraphs parted by a blank line."""
        return "\n\n".join(self.paragraphs)


def say(seed: str, version: Version, *, topic: str = "", language: str = "en") -> Said:
    """The text of a seed in a version; the same for the same."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    if language == "fr":
        return _in_french(chance, topic)
    title = _title(chance, topic)
    sentences = [_sentence(chance, chance.choice(ENGLISH), more=7 * version.figure * (n == CHANGED)) for n in range(4)]
    if topic:
        sentences.insert(0, _sentence(chance, OF_A_TOPIC, topic=topic))
    if version.slip:
        at = SLIPPED + bool(topic)
        sentences[at] = sentences[at].replace(" the ", " the the ", 1)
    added = [_sentence(random.Random(f"{seed}+{n}"), ENGLISH[n % len(ENGLISH)]) for n in range(version.extra)]  # noqa: S311
    half = len(sentences) // 2
    paragraphs = [" ".join(sentences[:half]), " ".join(sentences[half:]), *added]
    return Said(title, tuple(paragraphs))


def _title(chance: random.Random, topic: str) -> str:
    adjective, noun = chance.choice(ADJECTIVES), chance.choice(NOUNS)
    rest = f"{adjective} {noun} {chance.choice(VERBS)} {chance.choice(PLURALS)} at {chance.choice(PLACES)}"
    return f"{topic}: {rest}" if topic else rest.capitalize()


def _sentence(chance: random.Random, template: str, *, more: int = 0, topic: str = "") -> str:
    noun, noun2 = chance.sample(NOUNS, 2)
    place, place2 = chance.sample(PLACES, 2)
    return template.format(
        adj=chance.choice(ADJECTIVES),
        noun=noun,
        noun2=noun2,
        verb=chance.choice(VERBS),
        place=place,
        place2=place2,
        n=chance.randrange(12, 900) + more,
        plural=chance.choice(PLURALS),
        body=chance.choice(BODIES),
        topic=topic,
    )


def _in_french(chance: random.Random, topic: str) -> Said:
    def sentence(template: str) -> str:
        return template.format(
            body=chance.choice(FRENCH_BODIES),
            place=chance.choice(PLACES),
            n=chance.randrange(12, 900),
            plural=chance.choice(FRENCH_PLURALS),
            noun=chance.choice(FRENCH_NOUNS),
        )

    begin = f"{topic} : " if topic else ""
    title = f"{begin}nouvelles du {chance.choice(FRENCH_NOUNS)} de {chance.choice(PLACES)}, numéro {chance.randrange(10, 9999)}"
    sentences = [sentence(chance.choice(FRENCH)) for _ in range(4)]
    return Said(title, (" ".join(sentences[:2]), " ".join(sentences[2:])))
