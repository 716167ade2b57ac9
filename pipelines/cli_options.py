"""The verbs of the command line and their options."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipelines.language import LANGUAGES, Language

#: What a person may say that a text file is written in; `pipelines.config` lists the same.
ENCODINGS = ("auto", "utf-8", "utf-8-twice", "utf-16", "cp1252", "latin-1", "cp850", "mac_roman")


def make_parser(language: Language) -> argparse.ArgumentParser:
    """The parser, whose own words are in this language too."""
    # argparse looks its own words up through these two names; they are in our catalogue with the rest.
    argparse._ = language.gettext  # type: ignore[attr-defined]
    argparse.ngettext = language.ngettext  # type: ignore[attr-defined]
    say = language.say
    common = argparse.ArgumentParser(add_help=False)
    # Already acted upon by _chosen_language, before and after the verb alike.
    common.add_argument("--lang", choices=LANGUAGES, default=argparse.SUPPRESS, help=say("language of the messages"))
    parser = argparse.ArgumentParser(
        prog="bilan",
        parents=[common],
        description=say("From case-platform exports to the annual statistics report of a centre."),
        epilog=say(
            "Exit codes: 0 done, 1 fault of the program, 2 wrong use or configuration, 3 input refused, "
            "4 quality gate, 5 disclosure gate, 6 busy, 7 disk or permission, 130 interrupted."
        ),
    )
    common.add_argument(
        "--home",
        type=Path,
        default=Path(),
        metavar="FOLDER",
        help=say("folder that holds data/ and reports/ (by default, this one)"),
    )
    common.add_argument("--json", action="store_true", help=say("print one JSON object and nothing else"))
    commands = parser.add_subparsers(dest="verb", required=True, metavar="VERB", title=say("verbs"))
    verbs = _Verbs(commands, common, say)
    _add_reading_verbs(verbs, say)
    _add_publishing_verbs(verbs, say)
    _add_table_verbs(verbs, say)
    _add_auditing_verbs(verbs, say)
    return parser


class _Verbs:
    """Adds each verb with what it shares with others."""

    def __init__(self, commands: Any, common: argparse.ArgumentParser, say: Callable[[str], str]) -> None:
        self._commands = commands
        self._common = common
        self._say = say

    def add(self, name: str, text: str, *, centre: bool = False, year: bool = False) -> argparse.ArgumentParser:
        verb: argparse.ArgumentParser = self._commands.add_parser(
            name, parents=[self._common], help=text, description=text
        )
        if centre:
            text = self._say("the centre, as in config/centres/ID.toml")
            verb.add_argument("--centre", required=True, metavar="ID", help=text)
        if year:
            text = self._say("2023-2024 (fiscal) or 2023 (calendar); by default the last year at hand")
            verb.add_argument("--year", metavar="Y", help=text)
        return verb


def _one_sign(text: str) -> str:
    """One character; a tab may be spelt as a backslash and a t."""
    sign = "\t" if text == "\\t" else text
    if len(sign) != 1:
        raise ValueError
    return sign


def _add_reading_verbs(verbs: _Verbs, say: Callable[[str], str]) -> None:
    """From an export to true counts."""
    verb = verbs.add("inspect", say("say what a file or a folder of exports holds"))
    verb.add_argument("path", type=Path, metavar="PATH", help=say("a CSV or XLSX file, or a folder"))
    text = say("also say what changed since the last export of this centre that was read")
    verb.add_argument("--centre", metavar="ID", help=text)
    verb = verbs.add("convert", say("write an export as plain CSV, with the list of the rows that are not in it"))
    verb.add_argument("path", type=Path, metavar="PATH", help=say("a CSV, TSV, TXT or XLSX file"))
    verb.add_argument("--out", type=Path, required=True, metavar="FILE.csv", help=say("where to write the table"))
    verb.add_argument("--encoding", choices=ENCODINGS, default="auto", help=say("the encoding, where it is known"))
    verb.add_argument("--delimiter", type=_one_sign, metavar="C", help=say("the delimiter, where it is known"))
    verb = verbs.add("map", say("propose a centre's configuration from an unknown export"))
    verb.add_argument("path", type=Path, metavar="PATH", help=say("a CSV or XLSX file, or a folder"))
    verb.add_argument("--centre", required=True, metavar="ID", help=say("the id to give to the centre"))
    verb = verbs.add("demo", say("write the made-up export of a fictional centre"), year=True)
    text = say("the fictional centre: the name of a folder of config/demonstration/ (by default demo)")
    verb.add_argument("--centre", default="demo", metavar="ID", help=text)
    verb.add_argument("--out", type=Path, required=True, metavar="FOLDER", help=say("where to write the export"))
    verb.add_argument("--rows", type=int, metavar="N", help=say("number of requests, spread over the years"))
    verb.add_argument("--seed", type=int, metavar="S", help=say("another seed gives another export"))
    text = say("write an empty workbook to fill by hand instead, with its configuration")
    verb.add_argument("--template", action="store_true", help=text)
    verb = verbs.add("ingest", say("read an export into the centre's database"), centre=True)
    verb.add_argument(
        "raw", nargs="?", type=Path, metavar="PATH", help=say("folder of the export (by default data/raw/ID)")
    )
    verbs.add("validate", say("check the quality rules and write the quality page"), centre=True)
    verbs.add("tabulate", say("count the tables, not protected, for the analyst"), centre=True, year=True)


def _add_publishing_verbs(verbs: _Verbs, say: Callable[[str], str]) -> None:
    """From true counts to what may leave, and what is remembered of it."""
    audience = say("who the report is for: the name of a file of config/audiences/")
    verb = verbs.add("protect", say("protect the tables of a release, with all that is out"), centre=True, year=True)
    verb.add_argument("--audience", default="public", metavar="A", help=audience)
    verb = verbs.add(
        "report", say("make the annual report: all of the above, then the dashboard"), centre=True, year=True
    )
    verb.add_argument("--raw", type=Path, metavar="FOLDER", help=say("folder of the export (by default data/raw/ID)"))
    both = say("by default two reports: internal, then public")
    verb.add_argument("--audience", metavar="A", help=f"{audience} ({both})")
    verb.add_argument("--report-language", choices=LANGUAGES, default="fr", help=say("language of the report"))
    when = verb.add_mutually_exclusive_group()
    text = say("say what would be read, checked and made; write nothing")
    when.add_argument("--dry-run", action="store_true", help=text)
    when.add_argument("--open", action="store_true", help=say("open the page in the browser once it is made"))
    verb = verbs.add("approve", say("mark a release as final, on the word of a second person"), centre=True, year=True)
    verb.add_argument("--audience", default="public", metavar="A", help=audience)
    verb.add_argument("--prepared-by", required=True, metavar="NAME", help=say("who made the report"))
    verb.add_argument("--approved-by", required=True, metavar="NAME", help=say("who read it and lets it out"))
    verb = verbs.add("ledger", say("the register of what is out: list, verify, why, withdraw"), centre=True)
    verb.add_argument("action", choices=("list", "verify", "why", "withdraw"), help=say("what to do with it"))
    verb.add_argument("cell", nargs="?", metavar="CELL", help=say("for why: table_id:code1,code2"))
    verb.add_argument("--release", metavar="R", help=say("for withdraw: the id of the release, as in the list"))
    verb.add_argument("--reason", metavar="TEXT", help=say("for withdraw: why, without a word about a person"))
    verb.add_argument("--prepared-by", metavar="NAME", help=say("for withdraw: who asks for it"))
    verb.add_argument("--approved-by", metavar="NAME", help=say("for withdraw: the second person"))


def _add_table_verbs(verbs: _Verbs, say: Callable[[str], str]) -> None:
    """Tables that come from elsewhere, and the attack on any."""
    verb = verbs.add("protect-table", say("protect linked tables of counts that come from elsewhere"))
    verb.add_argument("cells", type=Path, metavar="CELLS.csv", help=say("the inner counts, one combination a line"))
    verb.add_argument("--spec", type=Path, required=True, metavar="SPEC.json", help=say("what the tables are"))
    text = say("where to write the protected cells")
    verb.add_argument("--out", type=Path, required=True, metavar="FOLDER", help=text)
    verb = verbs.add("attack", say("attack what was published with its files alone, all folders together"))
    text = say("a released folder, or what protect-table wrote")
    verb.add_argument("folder", type=Path, nargs="+", metavar="FOLDER", help=text)
    text = say("seconds after which nothing is proved")
    verb.add_argument("--time-limit", type=float, default=600, metavar="S", help=text)


def _add_auditing_verbs(verbs: _Verbs, say: Callable[[str], str]) -> None:
    """Reports that were printed before, by whatever means."""
    strict = say("exit 4 where something does not agree, for a script")
    verb = verbs.add("audit-figures", say("recompute the printed figures of a report, and say what does not agree"))
    text = say("one printed figure a line: report, section, table, row, measure, unit, value, role")
    verb.add_argument("path", type=Path, metavar="FIGURES.csv", help=text)
    verb.add_argument("--strict", action="store_true", help=strict)
    verb = verbs.add("audit-report", say("the same from the tables of a report: DOCX, XLSX, ODS or CSV"))
    verb.add_argument("path", type=Path, metavar="FILE", help=say("a report with its tables"))
    verb.add_argument("--strict", action="store_true", help=strict)
