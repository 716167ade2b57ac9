"""Numbers that name a person: health insurance (RAMQ), social insurance, telephone, postal code, files.

A form alone proves nothing where a whole column has it: a random number of nine digits passes the
check of a social insurance number one time in ten, and a case number may look like a telephone. So
each form is judged over its column: against what chance would give, or as an intruder among others.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable

import polars as pl

from pipelines.ingest.screen_cells import INTRUDER_SHARE, ColumnCells, Found, IdentifierKind

#: Random digits pass the Luhn check one time in ten.
_LUHN_CHANCE = 0.1
#: How unlikely chance must be before a column of numbers is refused.
_SURE = 1e-6
_UNLIKELY = 2e-3
#: So few cells of a grouped form (046 454 286) are judged one by one.
_FEW = 3
_JUDGED = 20_000

# Four letters of the name, year, month (plus 50 for women), day, two digits; O is often typed for 0.
_HEALTH = re.compile(
    r"(?:^|[^A-Z0-9])([A-Z]{4})[ .-]?[0-9O]{2}(?:[0O][1-9]|1[0O12]|5[1-9]|6[0O12])[ .-]?"
    r"(?:[0O][1-9]|[12][0-9O]|3[0O1])[0-9O]{2}(?:$|[^A-Z0-9])",
    re.IGNORECASE,
)
_HEALTH_FORM = r"(?i)(?:^|[^A-Z0-9])[A-Z]{4}[ .-]?[0-9O]{4}[ .-]?[0-9O]{4}(?:$|[^A-Z0-9])"
_SERIES = 10
_HEXADECIMAL = r"(?i)^[0-9A-F-]{8,40}$"

_SOCIAL_GROUPED = r"(?:^|[^\d-])(\d{3}[ .-]\d{3}[ .-]\d{3})(?:$|[^\d-])"
_SOCIAL_BARE = r"(?:^|[^\w.,-])(\d{9})(?:$|[^\w.,-])"
_LONG_NUMBER = r"^\d{7,}$"

_PHONE = (
    r"(?:^|[^\d])(?:\+?1[ ./-]?)?(?:\([2-9]\d{2}\) ?-?[2-9]\d{2}[ .-]?\d{4}|[2-9]\d{2}[ ./-]{1,2}[2-9]\d{2}[ ./-]\d{4})"
    r"(?:$|[^\d])"
)
_PHONE_HALF_GROUPED = r"^(?:1[ .-]?)?[2-9]\d{2}[ ./-][2-9]\d{6}$|^[2-9]\d{2}[2-9]\d{2}[ .-]\d{4}$"
_NUMBER = r"^-?\d+(?:[.,]\d+)?$"
_PHONE_ABROAD = r"(?:^|[^\d])\+\d{1,3}[ .-]?(?:\(?\d{1,4}\)?[ .-]?){2,5}\d{2,4}(?:$|[^\d])"
_PHONE_SAID = r"(?i)\b(?:t[ée]l[ée]?(?:phone)?|cell(?:ulaire)?|phone|fax|portable)s?\b\.? ?:? ?\(?\d{3}\)?[ .-]?\d{3,4}"
_PHONE_BARE = r"(?:^|[^\w.,-])(1?[2-9]\d{2}[2-9]\d{6})(?:$|[^\w.,-])"
#: Area codes of Canada; a random number of ten digits begins with one of them one time in fourteen.
_CANADA = (
    "(?:204|226|236|249|250|257|263|289|306|343|354|365|367|368|382|387|403|416|418|428|431|437|438|450|460|468|474"
    "|506|514|519|537|548|568|579|581|584|587|604|613|639|647|672|683|705|709|742|753|778|780|782|807|819|825|867"
    "|873|879|902|905|942)"
)
_CANADA_CHANCE = 0.08

_POSTAL = r"(?i)(?:^|[^A-Z0-9])([ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z] ?-?\d[ABCEGHJ-NPRSTV-Z]\d)(?:$|[^A-Z0-9])"
_POSTAL_FORM = r"(?i)^[A-Z]\d[A-Z] ?-?\d[A-Z]\d$"
_POSTAL_AREA = r"(?i)^[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z]$"
_MOSTLY = 0.8

_COURT_OR_POLICE = r"(?:^|[^\d-])(?:\d{3}-\d{2}-\d{6}-\d{2,3}|\d{2,3}-\d{6}-\d{3})(?:$|[^\d-])"
_FILE_SAID = (
    r"(?i)\b(?:dossier|cause|plainte|rapport|matricule|plaque|passeport|permis|police|file|case)\b ?(?:de police"
    r"|de cour)?"
    r" ?(?:n[o°]s?\b\.?|num[ée]ro|number|#)? ?:? ?[A-Z]{0,4}[ -]?\d[\dA-Z-]{4,}"
)
_DRIVER = re.compile(
    r"(?:^|[^A-Z0-9])[A-Z]\d{4}[ -]?(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d{2}[ -]?\d{2}(?:$|[^\d])"
)
_DRIVER_FORM = r"(?:^|[^A-Z0-9])[A-Z]\d{4}[ -]?\d{6}[ -]?\d{2}(?:$|[^\d])"
_CARD = r"(?:^|[^\d-])((?:\d{4}[ -]){3}\d{4})(?:$|[^\d-])"
_IBAN = re.compile(r"\b([A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?)\b")
_IBAN_FORM = r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}"


PATTERNS = (
    r"\d", _HEALTH_FORM, _HEXADECIMAL, _LONG_NUMBER, _PHONE, _PHONE_ABROAD, _PHONE_SAID, _PHONE_HALF_GROUPED,
    _POSTAL, _POSTAL_FORM, _POSTAL_AREA, _COURT_OR_POLICE, _FILE_SAID, _DRIVER_FORM, _CARD, _IBAN_FORM,
    _SOCIAL_GROUPED, _SOCIAL_BARE, _PHONE_BARE,
)  # fmt: skip


def find_numbers(column: ColumnCells) -> Found:
    """The distinct cells of a column that hold each kind of number."""
    if not column.matching(r"\d").any():
        return {}
    return {
        IdentifierKind.HEALTH_INSURANCE_NUMBER: _health(column),
        IdentifierKind.SOCIAL_INSURANCE_NUMBER: _social(column),
        IdentifierKind.PHONE: _phones(column),
        IdentifierKind.POSTAL_CODE: _postal_codes(column),
        IdentifierKind.FILE_NUMBER: _file_numbers(column),
    }


def _health(column: ColumnCells) -> frozenset[str]:
    """Numbers with a possible date; a series of case numbers shares its letters, and most of its dates are none."""
    mask = column.matching(_HEALTH_FORM)
    if not mask.any():
        return frozenset()
    candidates = list(zip(column.plain.filter(mask), column.distinct.filter(mask), strict=True))
    dated = [(match.group(1).upper(), cell) for plain, cell in candidates if (match := _HEALTH.search(plain))]
    alike = Counter(re.sub(r"[^A-Za-z]", "", plain)[:4].upper() for plain, _ in candidates)
    possible = Counter(letters for letters, _ in dated)
    is_series = {letters for letters, count in alike.items() if count >= _SERIES and possible[letters] < count / 2}
    found = frozenset(cell for letters, cell in dated if letters not in is_series)
    if column.share(column.matching(_HEXADECIMAL)) < _MOSTLY:
        return found
    # Among numbers in base sixteen, four letters and eight digits turn up by chance.
    return found - column.cells(column.matching(_HEXADECIMAL))


def _social(column: ColumnCells) -> frozenset[str]:
    grouped = _passing_luhn(column, _SOCIAL_GROUPED)
    bare = _passing_luhn(column, _SOCIAL_BARE)
    numbers = column.share(column.matching(_LONG_NUMBER))
    return _judge_luhn(column, *grouped, few=_FEW, can_intrude=True) | _judge_luhn(
        column, *bare, few=0, can_intrude=numbers < 0.5
    )


def _passing_luhn(column: ColumnCells, pattern: str) -> tuple[pl.Series, pl.Series]:
    """Which distinct cells have the form, and which of those pass the check."""
    has_form = column.matching(pattern)
    if not has_form.any():
        return has_form, has_form
    passes = pl.repeat(False, column.plain.len(), dtype=pl.Boolean, eager=True)
    digits = column.plain.filter(has_form).str.extract(pattern).str.replace_all(r"\D", "")
    passes = passes.scatter(has_form.arg_true(), _luhn(digits))
    return has_form, passes


def _luhn(digits: pl.Series) -> pl.Series:
    """The Luhn check of numbers of one length, all at once."""
    # Imported here: most exports hold no number of this form.
    import numpy as np

    length = len(digits[0])
    figures = np.frombuffer("".join(digits).encode(), dtype=np.uint8).reshape(-1, length) - ord("0")
    doubled = figures.astype(np.int64).copy()
    doubled[:, length - 2 :: -2] *= 2
    doubled[doubled > 9] -= 9
    return pl.Series(doubled.sum(axis=1) % 10 == 0)


def _judge_luhn(
    column: ColumnCells, has_form: pl.Series, passes: pl.Series, *, few: int, can_intrude: bool
) -> frozenset[str]:
    alike, passing = int(has_form.sum()), int(passes.sum())
    if not passing:
        return frozenset()
    is_intruder = can_intrude and column.filled >= 20 and column.share(has_form) <= INTRUDER_SHARE
    beyond_chance = _chance_of(passing, alike, _LUHN_CHANCE) < (_SURE if alike > 10 else _UNLIKELY)
    return column.cells(passes) if is_intruder or beyond_chance or alike <= few else frozenset()


def _chance_of(passing: int, alike: int, chance: float) -> float:
    """At most how likely it is that so many pass by chance (Chernoff); 1 where that many are expected anyhow."""
    share = passing / alike
    if share <= chance:
        return 1.0
    rest = (1 - share) * math.log((1 - share) / (1 - chance)) if share < 1 else 0.0
    return math.exp(-alike * (share * math.log(share / chance) + rest))


def _phones(column: ColumnCells) -> frozenset[str]:
    mask = column.matching(_PHONE) | column.matching(_PHONE_ABROAD) | column.matching(_PHONE_SAID)
    found = column.cells(mask)
    half = column.matching(_PHONE_HALF_GROUPED)
    # An average of many decimals (257.6530709) has that form too, where the column is one of numbers.
    if half.any() and column.share(column.matching(_NUMBER)) >= 0.5:
        half &= ~column.matching(_NUMBER)
    if half.any() and (column.share(half) <= INTRUDER_SHARE or column.distinct.len() <= _FEW):
        found |= column.cells(half)
    bare = column.matching(_PHONE_BARE)
    if not bare.any():
        return found
    numbers = column.plain.filter(bare).str.extract(_PHONE_BARE)
    long_numbers = column.share(column.matching(_LONG_NUMBER))
    if column.filled >= 20 and column.share(bare) <= INTRUDER_SHARE and long_numbers < 0.5:
        return found | column.cells(bare)
    return found | (column.cells(bare) if _are_phones(column, numbers) else frozenset())


def _are_phones(column: ColumnCells, numbers: pl.Series) -> bool:
    """Whether a column of ten-digit numbers has Canadian area codes beyond chance, and is no series."""
    ten = column.matching(r"^1?\d{10}$")
    alike = int(ten.sum())
    canadian = int(numbers.str.contains(f"^1?{_CANADA}").sum())
    exchanges = numbers.head(_JUDGED).str.slice(0, 6).n_unique()
    is_series = exchanges < 0.2 * min(numbers.len(), _JUDGED)
    if alike < 5 or is_series or canadian <= alike / 2:
        return False
    return _chance_of(canadian, alike, _CANADA_CHANCE) < _UNLIKELY


def _postal_codes(column: ColumnCells) -> frozenset[str]:
    form = column.matching(_POSTAL_FORM)
    mask = column.matching(_POSTAL)
    whole = mask & form
    # Codes of the form A1B2C3 drawn at random avoid the letters D, F, I, O, Q and U four times in ten only.
    are_other_codes = int(form.sum()) >= 10 and int(whole.sum()) < _MOSTLY * int(form.sum())
    found = column.cells(mask & ~form) if are_other_codes else column.cells(mask)
    areas = column.matching(_POSTAL_AREA)
    if int(areas.sum()) >= 5 and column.share(areas) >= _MOSTLY:
        found |= column.cells(areas)
    return found


def _file_numbers(column: ColumnCells) -> frozenset[str]:
    found = column.cells(column.matching(_COURT_OR_POLICE))
    said = column.matching(_FILE_SAID)
    if said.any() and column.share(said) < 0.5:
        found |= column.cells(said)
    cards = _passing_luhn(column, _CARD)
    found |= _judge_luhn(column, *cards, few=_FEW, can_intrude=True)
    found |= _dated(column, _DRIVER_FORM, _DRIVER)
    for plain, cell in _under(column, column.matching(_IBAN_FORM)):
        if any(_is_iban(match.group(1)) for match in _IBAN.finditer(plain)):
            found |= {cell}
    return found


def _dated(column: ColumnCells, form: str, dated: re.Pattern[str]) -> frozenset[str]:
    candidates = list(_under(column, column.matching(form)))
    found = frozenset(cell for plain, cell in candidates if dated.search(plain))
    return found if 2 * len(found) > len(candidates) else frozenset()


def _under(column: ColumnCells, mask: pl.Series) -> Iterable[tuple[str, str]]:
    return zip(column.plain.filter(mask), column.distinct.filter(mask), strict=True)


def _is_iban(text: str) -> bool:
    compact = text.replace(" ", "")
    turned = compact[4:] + compact[:4]
    return int("".join(str(int(letter, 36)) for letter in turned)) % 97 == 1
