"""What names a person in words: addresses of mail, web and home, birth dates, sentences."""

from __future__ import annotations

import polars as pl

from pipelines.ingest.screen_cells import INTRUDER_SHARE, ColumnCells, Found, IdentifierKind

_EMAIL = r"(?i)[\w.+-]+ ?(?:@|\(at\)|\[at\]|\barobase\b) ?[\w-]+\.[\w.]{2,}"
_WEB = (
    r"(?i)\bhttps?://|\bwww\.[\w-]+\.|\b(?:facebook|instagram|tiktok|snapchat|twitter|linkedin)\.com\b"
    r"|\bfb\.(?:me|com)/"
    r"|(?:^|[\s:(])@[A-Z_][\w.]{2,}|\b(?:\d{1,3}\.){3}\d{1,3}\b"
)
_WAY = (
    r"(?:rue|avenue|ave?\b\.?|boul(?:evard|\b)\.?|bld\b|blvd\b\.?|chemin|ch\.|rang|route|mont[ée]e|c[ôo]te|all[ée]e"
    r"|croissant|impasse|ruelle|terrasse|promenade|place|carr[ée]|autoroute|calle|avenida)"
)
_ADDRESS = (
    rf"(?i)\b\d{{1,5}} ?[A-D]?(?:-\d{{1,4}})?,? (?:\d{{1,3}}(?:e|i[eè]me|re) )?{_WAY} +(?:(?:des?|du|la|le|les|l'"
    rf"|d'|st|ste|saint|sainte)\b|\p{{L}}|\d)"
    r"|(?i)\b\d{1,5},? (?:[NSEW]\.? )?[A-Z][\w'.-]+(?: [A-Z][\w'.-]+)? (?:street|st\.?|road|rd\.?|drive|dr\.?"
    r"|lane|crescent|court|avenue|ave\.?|boulevard|blvd\.?)(?:$|[ ,.])"
    r"|(?i)\b(?:app(?:artement|t)?|apt|suite|bureau|unit[ée]?)\b\.? ?#? ?\d{1,5}[A-Z]?\b.*\b(?:rue|avenue|av|boul"
    r"|chemin|street|st)\b"
    rf"|(?i)\b{_WAY} [\p{{L}} '.-]+,? (?:n[o°] ?)?\d{{1,5}}\b"
    r"|(?i)\b\d{1,5}[A-D]?,? \d{1,3}(?:e|i[eè]me|re|st|nd|rd|th) (?:avenue|rue|rang|street|av)\b"
    r"|(?i)\b(?:c\.? ?p\.?|case postale|p\.? ?o\.? ?box) ?:? ?\d{1,6}\b"
)
_BIRTH_SAID = (
    r"(?i)\bn[ée](?:\(?e\)?)? (?:le|en) .{0,12}\d{2}|\b(?:ddn|dob|date de naissance|date of birth|born on)\b.{0,5}\d"
    r"|\bnacid[oa] (?:el|en) \d"
)
_DAY = (
    r"^(?:(?:19|20)\d{2}[-/. ](?:0?[1-9]|1[0-2])[-/. ](?:0?[1-9]|[12]\d|3[01])|(?:0?[1-9]|[12]\d|3[01])[-/. ]"
    r"(?:0?[1-9]|[12]\d|3[01])[-/. ](?:19|20)\d{2})(?:[ T]\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?Z?)?$"
)
_DAY_IN_WORDS = (
    r"(?i)^(?:le )?(?:[12]?\d|3[01]|1er) (?:janv|f[ée]vr?|mars|avr|mai|juin|juil|ao[uû]t|sept|oct|nov|d[ée]c|jan"
    r"|feb|mar|apr"
    r"|may|jun|jul|aug|sep)\w*\.?,? (?:19|20)\d{2}$"
)
_DATE_LIKE = r"^\d{1,4}[-/.: ]\d{1,2}(?:[-/.: ]|$)|^\d{5,8}$"
#: Words that sentences about a person have and the words of a list do not.
_SENTENCE = (
    r"(?i)(?:^|[\s(])(?:elle|il|ils|elles|je|j'ai|j'|nous|she|he|they|we|ella|ellos|yo)(?:[\s,]|')"
    r"|(?i)(?:^|\s)on (?:a|lui|nous|la|le|l'|m'|se|doit)\b"
    r"|\b(?:a [ée]t[ée]|ont [ée]t[ée]|[ée]tait|[ée]taient|s'est|avait|dit que|raconte|rapporte|mentionne|souhaite"
    r"|veut|demande"
    r"|has been|fue|dijo|hab[ií]a|refiere)\b"
)
_ENDS = r"\p{Ll}{2}[.!?]$|\p{Ll}[.!?] +\p{Lu}"
_WORDS_OF_SENTENCE = 5
_WORDS_OF_TEXT = 10
_CHARACTERS_OF_TEXT = 100
#: In a table where nothing repeats, such as a list of codes with their meanings, only a long sentence tells.
_WORDS_AMONG_LABELS = 8
#: A list of codes rarely has so many labels of several words.
_LABELS = 200

PATTERNS = (_EMAIL, _WEB, _ADDRESS, _BIRTH_SAID, _DAY, _DAY_IN_WORDS, _DATE_LIKE, _SENTENCE, _ENDS)


def find_texts(column: ColumnCells) -> Found:
    """The distinct cells of a column that hold each kind of text."""
    return {
        IdentifierKind.EMAIL: column.cells(column.matching(_EMAIL)),
        IdentifierKind.WEB_ADDRESS: column.cells(column.matching(_WEB) & ~column.matching(_EMAIL)),
        IdentifierKind.ADDRESS: column.cells(column.matching(_ADDRESS)),
        IdentifierKind.BIRTH_DATE: _birth_dates(column),
        IdentifierKind.FREE_TEXT: _free_texts(column),
    }


def is_day(column: ColumnCells) -> pl.Series:
    """Which distinct cells are a whole date, with its day."""
    return column.matching(_DAY) | column.matching(_DAY_IN_WORDS)


def _birth_dates(column: ColumnCells) -> frozenset[str]:
    """A birth that is said, or a whole date where no date is expected."""
    found = column.cells(column.matching(_BIRTH_SAID))
    days = is_day(column)
    others = column.share(column.matching(_DATE_LIKE) & ~days)
    if column.filled >= 20 and column.share(days) <= INTRUDER_SHARE and others < 0.2:
        found |= column.cells(days)
    return found


def _free_texts(column: ColumnCells) -> frozenset[str]:
    """Sentences: a column of them, or one among the words of a list."""
    words = column.words
    if not bool((words >= 4).any()):
        return frozenset()
    letters = column.plain.str.count_matches(r"\p{L}")
    prose = (words >= 4) & (letters > 0.6 * column.plain.str.len_chars())
    speaks = column.matching(_SENTENCE)
    if _is_prose(column, prose, speaks | column.matching(_ENDS)):
        return column.cells(prose)
    if not column.has_short_or_repeated_cells:
        return column.cells(column.rare & prose & speaks & (words >= _WORDS_AMONG_LABELS))
    is_sentence = (words >= _WORDS_OF_SENTENCE) & (speaks | column.matching(_ENDS))
    is_long = (words >= _WORDS_OF_TEXT) & (column.plain.str.len_chars() >= _CHARACTERS_OF_TEXT)
    return column.cells(column.rare & prose & (is_sentence | is_long))


def _is_prose(column: ColumnCells, prose: pl.Series, speaks: pl.Series) -> bool:
    """Many different cells of several words that nobody chose in a list: they speak, or they are too many."""
    distinct = int(prose.sum())
    cells = int(column.counts.filter(prose).sum())
    if distinct < 10 or distinct < 0.5 * cells or column.share(prose) < 0.05:
        return False
    return distinct >= _LABELS or int((prose & speaks).sum()) >= 0.1 * distinct
