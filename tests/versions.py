"""Language versions of statements in the manner of governments, written for these tests."""

from __future__ import annotations

# By statement and language: title and text.
VERSIONS: dict[str, dict[str, tuple[str, str]]] = {
    "call-macron": {
        "en": (
            "President of Ukraine had a phone call with the President of France",
            """President of Ukraine Volodymyr Zelenskyy had a phone call with President of France Emmanuel Macron.
The Head of State thanked France for its steadfast support and informed his counterpart about the situation at the front.
The leaders discussed the delivery of air defence systems and preparations for the meeting in Paris on 14 June.
"Every day counts for the people of Kharkiv," the President stressed.""",
        ),
        "uk": (
            "Президент України провів телефонну розмову з Президентом Франції",
            """Президент України Володимир Зеленський провів телефонну розмову з Президентом Франції Емманюелем Макроном.
Глава держави подякував Франції за незмінну підтримку та поінформував співрозмовника про ситуацію на фронті.
Лідери обговорили постачання систем протиповітряної оборони та підготовку до зустрічі в Парижі 14 червня.
«Кожен день важливий для людей Харкова», – наголосив Президент.""",
        ),
        "fr": (
            "Entretien téléphonique du Président de l’Ukraine avec le Président de la République française",
            """Le Président ukrainien Volodymyr Zelensky s’est entretenu avec le Président français Emmanuel Macron.
Le chef de l’État a remercié la France de son soutien constant et a informé son homologue de la situation sur le front.
Les deux dirigeants ont évoqué la livraison de systèmes de défense aérienne et la préparation de la réunion du 14 juin à Paris.
« Chaque jour compte pour les habitants de Kharkiv », a souligné le Président.""",
        ),
        "ru": (
            "Президент Украины провёл телефонный разговор с Президентом Франции",
            """Президент Украины Владимир Зеленский провёл телефонный разговор с Президентом Франции Эммануэлем Макроном.
Глава государства поблагодарил Францию за неизменную поддержку и проинформировал собеседника о ситуации на фронте.
Лидеры обсудили поставку систем противовоздушной обороны и подготовку к встрече в Париже 14 июня.
«Каждый день важен для людей Харькова», – подчеркнул Президент.""",
        ),
    },
    "call-scholz": {
        "en": (
            "President of Ukraine had a phone call with the Chancellor of Germany",
            """President of Ukraine Volodymyr Zelenskyy had a phone call with Chancellor of Germany Olaf Scholz.
The Head of State thanked Germany for its steadfast support and informed his counterpart about the situation at the front.
The leaders discussed the delivery of air defence systems and preparations for the meeting in Berlin on 14 June.
"Every day counts for the people of Kharkiv," the President stressed.""",
        ),
        "uk": (
            "Президент України провів телефонну розмову з Канцлером Німеччини",
            """Президент України Володимир Зеленський провів телефонну розмову з Канцлером Німеччини Олафом Шольцем.
Глава держави подякував Німеччині за незмінну підтримку та поінформував співрозмовника про ситуацію на фронті.
Лідери обговорили постачання систем протиповітряної оборони та підготовку до зустрічі в Берліні 14 червня.
«Кожен день важливий для людей Харкова», – наголосив Президент.""",
        ),
        "de": (
            "Telefonat des Präsidenten der Ukraine mit dem Bundeskanzler",
            """Der ukrainische Präsident Wolodymyr Selenskyj hat mit Bundeskanzler Olaf Scholz telefoniert.
Das Staatsoberhaupt dankte Deutschland für die beständige Unterstützung und unterrichtete ihn über die Lage an der Front.
Sie erörterten die Lieferung von Luftverteidigungssystemen und die Vorbereitung des Treffens in Berlin am 14. Juni.
„Jeder Tag zählt für die Menschen in Charkiw“, betonte der Präsident.""",
        ),
    },
    "package-12": {
        "en": (
            "EU adopts 12th package of sanctions",
            """The Council of the European Union today adopted the twelfth package of sanctions against Russia.
It lists 61 more individuals and 86 entities and bans the import of diamonds as of 1 January 2024.
The measures cover goods worth EUR 2.2 billion a year, or 5.3% of trade.
Josep Borrell welcomed the decision.""",
        ),
        "fr": (
            "L’UE adopte un 12e train de sanctions",
            """Le Conseil de l’Union européenne a adopté aujourd’hui le douzième train de sanctions contre la Russie.
Il vise 61 personnes et 86 entités supplémentaires et interdit l’importation de diamants à compter du 1er janvier 2024.
Les mesures portent sur des biens d’une valeur de 2,2 milliards d’euros par an, soit 5,3 % des échanges.
Josep Borrell a salué cette décision.""",
        ),
        "de": (
            "EU nimmt 12. Sanktionspaket an",
            """Der Rat der Europäischen Union hat heute das zwölfte Sanktionspaket gegen Russland angenommen.
Es führt 61 weitere Personen und 86 Organisationen auf und verbietet ab dem 1. Januar 2024 die Einfuhr von Diamanten.
Die Maßnahmen betreffen Waren im Wert von 2,2 Mrd. Euro im Jahr oder 5,3 Prozent des Handels.
Josep Borrell begrüßte den Beschluss.""",
        ),
        "pl": (
            "UE przyjmuje 12. pakiet sankcji",
            """Rada Unii Europejskiej przyjęła dziś dwunasty pakiet sankcji wobec Rosji.
Obejmuje on 61 kolejnych osób i 86 podmiotów oraz zakaz przywozu diamentów od 1 stycznia 2024 r.
Środki dotyczą towarów o wartości 2,2 mld euro rocznie, czyli 5,3% wymiany handlowej.
Josep Borrell z zadowoleniem przyjął tę decyzję.""",
        ),
        "es": (
            "La UE adopta el 12.º paquete de sanciones",
            """El Consejo de la Unión Europea ha adoptado hoy el duodécimo paquete de sanciones contra Rusia.
Incluye a otras 61 personas y 86 entidades y prohíbe la importación de diamantes a partir del 1 de enero de 2024.
Las medidas afectan a bienes por valor de 2 200 millones de euros al año, el 5,3 % del comercio.
Josep Borrell ha celebrado la decisión.""",
        ),
    },
    "drones": {
        "en": (
            "Statement on the night attack",
            """During the night of Tuesday the enemy launched 137 drones and 9 missiles; 118 of them were shot down.
In Odesa 14 people were injured and two killed, among them a child. In the Sumy region 3,400 homes are without power.
Minister of Internal Affairs Ihor Klymenko said that the rescue work went on until 4:30 a.m.""",
        ),
        "uk": (
            "Заява щодо нічної атаки",
            """У ніч на вівторок ворог запустив 137 дронів і 9 ракет; 118 із них збито.
В Одесі 14 людей поранено, двоє загинули, серед них дитина. На Сумщині без світла 3400 будинків.
Міністр внутрішніх справ Ігор Клименко повідомив, що рятувальні роботи тривали до 4:30.""",
        ),
        "ru": (
            "Заявление о ночной атаке",
            """В ночь на вторник противник запустил 137 дронов и 9 ракет; 118 из них сбиты.
В Одессе ранены 14 человек, двое погибли, среди них ребёнок. В Сумской области без света 3400 домов.
Министр внутренних дел Игорь Клименко сообщил, что спасательные работы продолжались до 4:30.""",
        ),
    },
    "kremlin-call": {
        "en": (
            "Telephone conversation with President of Turkiye Recep Tayyip Erdogan",
            """Vladimir Putin had a telephone conversation with President of the Republic of Turkiye Recep Tayyip Erdogan.
The leaders discussed the supply of 45 billion cubic metres of gas and the construction of the Akkuyu nuclear power plant.
They agreed that Sergei Lavrov and Hakan Fidan would meet in Antalya on March 12.""",
        ),
        "ru": (
            "Телефонный разговор с Президентом Турции Реджепом Тайипом Эрдоганом",
            """Владимир Путин провёл телефонный разговор с Президентом Турецкой Республики Реджепом Тайипом Эрдоганом.
Лидеры обсудили поставки 45 миллиардов кубометров газа и строительство атомной электростанции «Аккую».
Условились, что Сергей Лавров и Хакан Фидан встретятся в Анталье 12 марта.""",
        ),
        "fr": (
            "Entretien avec le Président turc Recep Tayyip Erdogan",
            """Vladimir Poutine s’est entretenu avec le Président de la République de Turquie Recep Tayyip Erdogan.
Les dirigeants ont évoqué la fourniture de 45 milliards de mètres cubes de gaz et la construction de la centrale d’Akkuyu.
Ils sont convenus que Sergueï Lavrov et Hakan Fidan se rencontreraient à Antalya le 12 mars.""",
        ),
    },
}


# Two greetings of one day: the office, its seat and the day stand in both.
VERSIONS["greeting-sailors"] = {
    "en": (
        "Greetings to the sailors of the Northern Fleet",
        """Vladimir Putin congratulated the sailors of the Northern Fleet on their holiday.
The message of 8 March reads, in part: "Your service is a matter of honour for Russia. I wish you and your families health."
The message was sent from the Kremlin, Moscow.""",
    ),
    "ru": (
        "Поздравление морякам Северного флота",
        """Владимир Путин поздравил моряков Северного флота с праздником.
В поздравлении от 8 марта, в частности, говорится: «Ваша служба – дело чести для России. Желаю вам и вашим семьям здоровья».
Поздравление направлено из Кремля, Москва.""",
    ),
}
VERSIONS["greeting-actors"] = {
    "en": (
        "Greetings to the company of the Volkov Theatre",
        """Vladimir Putin congratulated the company of the Volkov Theatre on its anniversary.
The message of 8 March reads, in part: "Your stage is a treasure of Russia. I wish you new parts and grateful spectators."
The message was sent from the Kremlin, Moscow.""",
    ),
    "ru": (
        "Поздравление коллективу Театра имени Волкова",
        """Владимир Путин поздравил коллектив Театра имени Волкова с юбилеем.
В поздравлении от 8 марта, в частности, говорится: «Ваша сцена – достояние России. Желаю вам новых ролей и добрых зрителей».
Поздравление направлено из Кремля, Москва.""",
    ),
}

THIRTEENTH = (
    ("12th", "13th"),
    ("twelfth", "thirteenth"),
    ("12e", "13e"),
    ("douzième", "treizième"),
    ("12.", "13."),
    ("zwölfte", "dreizehnte"),
    ("dwunasty", "trzynasty"),
    ("duodécimo", "decimotercer"),
)


def _thirteenth(text: str) -> str:
    for old, new in THIRTEENTH:
        text = text.replace(old, new)
    return text


VERSIONS["package-13"] = {
    language: (_thirteenth(title), _thirteenth(text)) for language, (title, text) in VERSIONS["package-12"].items()
}
