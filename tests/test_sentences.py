"""Where sentences end: hard cases in nine languages, each line a text with " | " between its sentences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.text import split_sentences

ENGLISH = """
Mr. Hale met Gen. Ortiz and U.S. Sen. J. R. Smith on Feb. 24 in St. Petersburg. | They talked.
The talks were held in the U.S. | The next round is in Oslo.
She moved to Washington, D.C. | In May she returned.
Washington, D.C. residents voted on Nov. 5. | Turnout was high.
The office opens at 9 a.m. | It closes at 5 p.m. | On Sundays it is shut.
The meeting is at 5 p.m. Monday in Room 12. | Bring a badge.
Prices rose 3.5 per cent to $1.2 billion. | No. 5 fell.
See No. 12, pp. 3-9, and Fig. 2. | Nothing else is needed.
He said: “We will hold.” | Then he left.
“Why?” she asked. | Nobody knew.
"We go now." | "Where to?" | "Home."
He wrote 'not yet.' | Nothing followed.
(It was late.) | It rained. | [The lights went out.]
Yahoo! said at noon that e.g. this goes on… and on. | Then it stopped.
Wait... | What was that? | A door!
He paused... then went on. | The crowd waited.
Is it true?! | It is.
John F. Hale spoke first. | J. R. R. Moss followed.
Dr. Ames, Prof. Bell and Lt. Col. Cole signed it. | Mrs. Dunn did not.
Acme Inc. and Bolt Ltd. merged. | Acme Corp. | The deal is off.
Acme Inc. | They sold it.
The firm is Acme Co. | It is small.
Bring pens, paper, etc. | We will start at once.
Apples, pears, etc. are sold here. | Come early.
Go to www.example.org. | It has the text.
Write to press@example.org. | We answer.
Version 2.0.1 is out. | Version 3.0 follows.
The size is 3.5 x 4.2 m. | The price is $4.50.
1. The parties agree. | 2. The parties sign. | 3. They leave.
II. Context. | The war goes on.
A. Background. | B. Law.
Art. 5 applies. | Sec. 4 does not.
It was Smith v. Jones. | The court ruled in 1999. | No one appealed.
The vote was 10 vs. 4 in favour. | It passed.
You and I. | We know.
He is from the U.K. | She is not.
The U.N. Security Council met. | It adjourned.
The E.U. and the U.S. agreed. | They signed at 10:30.
The street is long. | It has 12 lamps.
Angus S. Reed, Jr. (I-Maine), joined 209 members. | He spoke.
Martin Luther King Jr. spoke here. | His words remain.
It cost 5.4 bn. | That is a lot.
The road has 4 lanes.[3] | It is new.
Sens. Ames (D-Ohio) and Bell (R-Utah) wrote it. | Rep. Cole helped.
He said “no.” | “Why?” they asked. | He left.
Capt. Jones saw Mt. Elm from Ft. Hill. | It was far.
"""

FRENCH = """
M. Martin a rencontré Mme Petit à 14 h. | Ils ont parlé.
M. et Mme Durand sont venus. | MM. Roux et Blanc aussi.
Il a dit : « Oui. » | Puis il est parti.
« Pourquoi ? » a-t-elle demandé. | Personne ne savait.
« Non ! » | Elle a refusé.
« Nous irons. » | « Où ? » | « À Lyon. »
Le prix est de 3,5 millions d'euros. | Il monte.
L'art. 5 s'applique. | L'art. 6 non.
Voir p. 12 et suiv. | Rien de plus.
J.-P. Morel a signé. | Il est maire.
Le Dr Morel est là. | Le Pr Blanc aussi.
Mgr Roux a béni la foule. | Me Blanc a plaidé.
La loi n° 12 du 3 janv. 2020 est en vigueur. | Elle change tout.
Le 1er mai est férié. | Le 2 mai non.
Il vit à St. Denis. | Elle vit à Ste. Foy.
Des fruits, des fleurs, etc. | Nous partons.
Des fruits, des fleurs, etc. sont là. | Venez.
Les États-Unis ont dit non. | L'ONU a dit oui.
Attendez... | Qui est là ?
Il hésita… puis parla. | La salle écouta.
Le chiffre est 1 234,5. | Il baisse.
Voir www.exemple.fr. | C'est gratuit.
Écrire à presse@exemple.fr. | Merci.
C'est fini ! | Vraiment ? | Oui.
« C'est fini », a-t-il dit. | Elle a ri.
Le président (élu en 2017.) parle. | Il part.
(Il pleuvait.) | La fête continua.
1. Les parties signent. | 2. Les parties partent.
I. Contexte. | La guerre dure.
Il est né en 50 av. J.-C. à Rome. | Il y mourut.
A. Dupont et B. Durand sont élus. | C. Petit ne l'est pas.
La réunion est à 20 h 30. | Venez à l'heure.
Le vol. 3 est paru. | Le vol. 4 suivra.
Il habite bd. Voltaire. | Elle habite rue Hugo.
Qui l'a dit ? | M. Blanc.
« Il a dit “non”. » | Elle partit.
Le taux est de 2,5 %. | Il était de 3 %.
La séance est levée. | – Merci. | – De rien.
L'accord, signé le 3 mars, vaut loi. | Nul ne le conteste.
Elle a dit « non », puis « oui ». | On l'a crue.
Mme. Roux est là. | Elle attend.
"""

GERMAN = """
Dr. Maier sprach am 3. Oktober z.B. über Nr. 5. | Er ging.
Der 2. Weltkrieg endete am 8. Mai 1945. | Das Land lag in Trümmern.
Sie kam am 1. Januar an. | Am 2. Februar ging sie.
Das gilt z. B. in Berlin. | Es gilt u. a. in Bonn.
Das gilt u. a. Deutschland betreffend. | Mehr nicht.
Er sagte: „Wir bleiben.“ | Dann ging er.
„Warum?“, fragte sie. | Niemand wusste es.
„Gehen wir.“ | „Wohin?“ | „Nach Hause.“
Es sind 15. | Die Zahl steigt.
Es waren 300. | Jetzt sind es mehr.
Prof. Dr. Klein und Hr. Groß kamen. | Fr. Lang fehlte.
Die Kosten betragen 3,5 Mio. Euro. | Das ist viel.
Die Kosten liegen bei 3.500 Euro. | Sie steigen.
Siehe Art. 5 Abs. 2 Nr. 3. | Mehr steht dort nicht.
Siehe S. 12 ff. | Es lohnt sich.
Die Sitzung beginnt um 10.30 Uhr. | Sie dauert lange.
Bahn, Bus usw. fahren nicht. | Es schneit.
Brot, Milch usw. | Wir gehen einkaufen.
Das kostet ca. 5 Euro. | Das geht.
Er wohnt in der Goethestr. 5. | Sie wohnt dort auch.
Er kommt aus St. Pölten. | Sie kommt aus Wien.
J. W. von Goethe schrieb das. | F. Schiller nicht.
Das ist, d. h. war, so. | Nun nicht mehr.
Ludwig XIV. war König. | Er regierte lange.
Im 19. Jahrhundert war das anders. | Im 20. Jahrhundert auch.
In seiner 3. Wahlperiode beriet der Rat. | Er beschloss nichts.
Es ist der 5. Versuch. | Er gelang.
Zum 1. Mal gewann sie. | Sie weinte.
Wirklich? | Ja! | Gut.
Warte... | Wer ist da?
Er zögerte … und ging. | Sie blieb.
1. Die Parteien einigen sich. | 2. Sie unterschreiben.
II. Lage. | Der Krieg dauert an.
(Es regnete.) | Das Fest ging weiter.
Siehe www.beispiel.de. | Dort steht es.
Das Gesetz v. 3. März 2020 gilt. | Es gilt überall.
Die Fa. Klein GmbH zahlt. | Sie hat Geld.
Die Klein GmbH. | Sie zahlt.
Am 5. und 6. Mai tagt der Rat. | Er tagt in Wien.
Die Quote stieg auf 3,5 %. | Sie war bei 3 %.
Bis zum 31. Dezember gilt das. | Danach nicht.
»Nein.« | Er ging.
"""

RUSSIAN = """
В. В. Иванов прибыл в г. Москву в 2022 г. | Он сказал: «Да.» | Переговоры шли 5 ч.
Это было в 2022 г. | Россия ответила не сразу.
В 2022 г. Россия ввела закон. | Он действует.
С 2014 по 2022 гг. шла война. | Она не кончилась.
Он живёт на ул. Ленина. | Она живёт в пос. Лесной.
Рынок вырос на 3,5 млн руб. | Это много.
Рынок вырос на 3,5 млн. руб. | Он растёт.
Бюджет составил 5 млрд. | Это рекорд.
Были хлеб, молоко и т. д. | Он купил всё.
Были хлеб, молоко и т.д. | Он купил всё.
Это, т. е. Россия и Китай, важно. | Мы согласны.
Это, т.е. договор, важно. | Мы согласны.
См. стр. 12 и рис. 3. | Там всё есть.
Ст. 5 действует. | Ст. 6 нет.
«Почему?» – спросила она. | Никто не знал.
«Мы идём.» | «Куда?» | «Домой».
«Мы идём», – сказал он. | Она осталась.
А. С. Пушкин родился в 1799 г. | Он умер в 1837 г.
А.С.Пушкин писал стихи. | Он писал и прозу.
Акад. Петров и проф. Сидоров пришли. | Остальных не было.
Он родился 5 янв. 1950 года. | Она моложе.
Встреча в 10.30. | Потом обед.
Цена 3.5 доллара. | Она растёт.
Площадь 5 тыс. кв. метров. | Это парк.
Погибли 5 чел. | Ранены 10.
Подождите... | Кто там?
Он замолчал… и ушёл. | Зал ждал.
Правда?! | Да.
1. Стороны договорились. | 2. Стороны подписали.
II. Положение. | Война идёт.
(Шёл дождь.) | Праздник продолжался.
Это сайт www.primer.ru. | Там текст.
Пишите на press@primer.ru. | Мы ответим.
Об этом сообщил им. Горького завод. | Он стоит.
Университет им. Ломоносова открыт. | Он старый.
Депутаты и др. участники ушли. | Зал пуст.
Пришли депутаты, министры и др. | Они ждали.
В г. Киеве тихо. | В с. Ивановка тоже.
Гр. Петров задержан. | Он молчит.
Это р. Волга. | Она длинная.
Договор от 3 марта 2020 г. действует. | Он важен.
В III в. до н. э. там был Рим. | Теперь нет.
Минск-2 не работает. | Почему?
"""

UKRAINIAN = """
Зеленський В. О. зустрівся з п. Макроном. | Це було 24 лют. 2022 року!
Це було у 2022 р. | Україна відповіла не одразу.
У 2022 р. Україна ухвалила закон. | Він діє.
Він живе у м. Київ. | Вона живе у с. Лісове.
Він живе на вул. Шевченка. | Вона живе на просп. Перемоги.
Ринок зріс на 3,5 млн грн. | Це багато.
Ринок зріс на 3,5 млн. грн. | Він росте.
Бюджет становив 5 млрд. | Це рекорд.
Були хліб, молоко і т. д. | Він купив усе.
Були хліб, молоко тощо. | Він купив усе.
Це, тобто договір, важливо. | Ми згодні.
Див. стор. 12 і рис. 3. | Там усе є.
Ст. 5 діє. | Ст. 6 ні.
«Чому?» – запитала вона. | Ніхто не знав.
«Ми йдемо.» | «Куди?» | «Додому».
«Ми йдемо», – сказав він. | Вона залишилася.
Т. Г. Шевченко народився у 1814 р. | Він помер у 1861 р.
Т.Г.Шевченко писав вірші. | Він писав і прозу.
Акад. Петренко і проф. Бондар прийшли. | Інших не було.
Він народився 5 січ. 1950 року. | Вона молодша.
Зустріч о 10.30. | Потім обід.
Ціна 3.5 долара. | Вона росте.
Площа 5 тис. кв. метрів. | Це парк.
Загинули 5 осіб. | Поранені 10.
Зачекайте... | Хто там?
Він замовк… і пішов. | Зала чекала.
Правда?! | Так.
1. Сторони домовилися. | 2. Сторони підписали.
II. Становище. | Війна триває.
(Ішов дощ.) | Свято тривало.
Це сайт www.pryklad.ua. | Там текст.
Пишіть на press@pryklad.ua. | Ми відповімо.
Завод ім. Малишева стоїть. | Він старий.
Депутати та ін. учасники пішли. | Зала порожня.
Прийшли депутати, міністри та ін. | Вони чекали.
У м. Києві тихо. | У смт. Лісове теж.
Гр. Петренко затриманий. | Він мовчить.
Це р. Дніпро. | Вона довга.
Договір від 3 березня 2020 р. діє. | Він важливий.
Слава Україні! | Героям слава!
Харківська обл. | Це схід.
Президент України В. Зеленський прибув. | Його чекали.
"""

OTHERS = """
El Sr. Gómez habló con la Sra. Ruiz. | Se fueron.
¿Quién es? | ¡Nadie! | Vámonos.
Vive en EE. UU. desde 2010. | Le gusta.
El art. 5 y el núm. 3 valen. | Nada más.
Il sig. Rossi e il dott. Bianchi sono qui. | La sig.ra Verdi no.
Costa 3,5 milioni di euro. | È molto.
Dhr. De Vries en mevr. Jansen kwamen. | Ze bleven.
Het kost ca. 5 euro. | Dat is weinig.
Spotkanie z prof. Kowalskim jest o godz. 10. | Potem obiad.
To było w 2022 r. | Polska odpowiedziała.
Rynek wzrósł o 3,5 mln zł. | To dużo.
Mieszka przy ul. Długiej. | Lubi to.
"""

TABLES = {"en": ENGLISH, "fr": FRENCH, "de": GERMAN, "ru": RUSSIAN, "uk": UKRAINIAN, "others": OTHERS}
CASES = [(language, line) for language, table in TABLES.items() for line in table.strip().splitlines()]


@pytest.mark.parametrize(("language", "line"), CASES)
def test_a_sentence_ends_where_it_ends(language: str, line: str) -> None:
    expected = line.split(" | ")
    text = " ".join(expected)
    assert [text[a:b] for a, b in split_sentences(text)] == expected, language


def test_each_language_has_forty_cases() -> None:
    assert all(len(TABLES[language].strip().splitlines()) >= 40 for language in ("en", "fr", "de", "ru", "uk"))


GLUED = [
    ["Growth was strong.”", "The committee met again.", "“We go,” he said."],
    ['"We stay."', "The others left."],
    ["It closed in May.", "In June it opened.", "Nobody came."],
    ["Wait for the next phase.", "3. What is next?"],
    ["Он ушёл.", "Она осталась."],
]


@pytest.mark.parametrize("expected", GLUED)
def test_sentences_between_which_the_space_was_lost_are_parted(expected: list[str]) -> None:
    text = "".join(expected)
    assert [text[a:b] for a, b in split_sentences(text)] == expected


@pytest.mark.parametrize(
    "expected",
    [
        ["WASHINGTON, D.C. – Today, Ada Holm said so.", "She left."],
        ["KNOXVILLE, Tenn. (Oct. 28, 2022) – Today, Rep. Berg spoke.", "It rained."],
        ["Washington D.C. -- The Senate voted."],
        ["PIKEVILLE, Ky. — A record number came.", "All was well."],
        ["– Да.", "– Нет, не надо.", "– Хорошо."],
        ["He said yes, sir.", "– We stay here."],
        ["Mr. Berg agreed.", "– And you?"],
    ],
)
def test_a_line_goes_on_behind_the_place_that_it_is_from(expected: list[str]) -> None:
    text = " ".join(expected)
    assert [text[a:b] for a, b in split_sentences(text)] == expected
    below = f"A title\n\n{text}"
    assert [below[a:b] for a, b in split_sentences(below)] == ["A title", *expected]
    wrapped = f"What was said\n{text}"
    assert [wrapped[a:b].removeprefix("What was said\n") for a, b in split_sentences(wrapped)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "See Node.js and Booking.Com or kremlin.ru",
        "www.Example.Org",
        "mail Press.Office@Example.org now",
        "the U.S.A.",
        "3.Bld",
    ],
)
def test_what_only_looks_glued_is_one(text: str) -> None:
    assert split_sentences(text) == [(0, len(text))]


WORDS = [
    "Dr.",
    "a.m.",
    "г.",
    "т.",
    "е.",
    "U.S.",
    "12",
    "3.",
    "Mai",
    "The",
    "он",
    "«",
    "»",
    "“",
    "”",
    '"',
    "...",
    "?!",
    "\n",
    "\n\n",
    "J.",
]


@given(st.lists(st.sampled_from(WORDS) | st.text(max_size=4), max_size=40).map(" ".join) | st.text(max_size=80))
def test_spans_are_in_order_cover_all_and_cross_no_blank_line(text: str) -> None:
    end = 0
    for a, b in split_sentences(text):
        assert end <= a < b <= len(text)
        assert not text[end:a].strip()
        assert text[a:b] == text[a:b].strip()
        assert "\n\n" not in text[a:b]
        end = b
    assert not text[end:].strip()


@pytest.mark.parametrize("unit", [".", "г. ", "A. ", "т. е. ", "1. ", '." ', "».", "U.S. (", "a.B", "\u200b. ", "\n"])
def test_a_megabyte_of_stops_takes_no_long_time(unit: str) -> None:
    assert split_sentences(unit * (1_000_000 // len(unit))) is not None
