"""The words of dates in English, French, German, Russian and Ukrainian: months, weekdays, zones, and what stands between."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

# Each month in every case and short form that the sources write; "mai" and "mars" are French and German alike.
_MONTHS = (
    "january jan janvier janv januar jän jänner январь января янв январе січень січня січ січні",
    "february feb février févr fév fevrier fevr februar февраль февраля фев февр феврале лютий лютого лют лютому",
    "march mar mars märz mär maerz марта март мар марте березень березня бер березні",
    "april apr avril avr апрель апреля апр апреле квітень квітня квіт кві квітні",
    "may mai мая май мае травень травня трав тра травні",
    "june jun juin juni июнь июня июн июне червень червня черв чер червні",
    "july jul juillet juil juli июль июля июл июле липень липня лип липні",
    "august aug août aout август августа авг августе серпень серпня серп сер серпні",
    "september sep sept septembre сентябрь сентября сен сент сентябре вересень вересня вер верес вересні",
    "october oct octobre oktober okt октябрь октября окт октябре жовтень жовтня жовт жов жовтні",
    "november nov novembre ноябрь ноября ноя нояб ноябре листопад листопада лист лис листопаді",
    "december dec décembre déc decembre dezember dez декабрь декабря дек декабре грудень грудня груд гру грудні",
)
MONTHS: Mapping[str, int] = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}

_WEEKDAYS = """
    monday mon tuesday tue tues wednesday wed thursday thu thur thurs friday fri saturday sat sunday sun
    lundi lun mardi mar mercredi mer jeudi jeu vendredi ven samedi sam dimanche dim
    montag mo dienstag di mittwoch mi donnerstag do freitag fr samstag sonnabend sa sonntag so
    понедельник пн вторник вт среда ср четверг чт пятница пт суббота сб воскресенье вс
    понеділок вівторок середа четвер пʼятниця п'ятниця п’ятниця субота неділя нд
"""
WEEKDAYS = frozenset(_WEEKDAYS.split())

# What may stand around a date without changing it: "on", "um", "года". "Updated" is not among them: it tells of another time.
_FILLERS = """
    on at the of published posted date
    le à a de publié publie h heures heure
    am um den dem vom uhr veröffentlicht
    в от года год г опубликовано
    о об від року рік р опубліковано
"""
FILLERS = frozenset(_FILLERS.split())

# Offsets from UTC in minutes. Where a name has two meanings (BST, EST), the one that these sources mean; IST has too many.
_ZONES = {
    0: "z ut utc gmt wet",
    60: "cet mez bst west",
    120: "cest mesz eet",
    180: "eest msk мск trt",
    -180: "adt",
    -240: "edt ast",
    -300: "est cdt",
    -360: "cst mdt",
    -420: "mst pdt",
    -480: "pst",
}
ZONES: Mapping[str, timedelta] = {
    name: timedelta(minutes=minutes) for minutes, names in _ZONES.items() for name in names.split()
}
