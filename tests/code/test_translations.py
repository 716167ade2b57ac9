"""French first: every sentence of the code has its French, and the catalogue has no other."""

import argparse
import ast
import re
import string
from pathlib import Path

import pytest
from babel.messages.catalog import Message as Entry
from babel.messages.pofile import read_po

#: `function` -> how many of its first arguments are sentences.
SENTENCES = {"msg": 1, "msg_count": 2, "say": 1, "gettext": 1, "ngettext": 2}
_IN_TEMPLATE = re.compile(r"""\b(?:say|_)\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')""")


def called(node: ast.Call) -> str:
    function = node.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def sentences_of(tree: ast.Module, functions: dict[str, int]) -> set[str]:
    return {
        argument.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for argument in node.args[: functions.get(called(node), 0)]
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }


@pytest.fixture(scope="session")
def said(modules, repository) -> set[str]:
    """Every English sentence that the package can say."""
    in_code = {sentence for tree in modules.values() for sentence in sentences_of(tree, SENTENCES)}
    in_templates = {
        double or single
        for path in (repository / "pipelines").rglob("*")
        if {".j2", ".html", ".txt"} & set(path.suffixes)
        for double, single in _IN_TEMPLATE.findall(path.read_text(encoding="utf-8"))
    }
    return in_code | in_templates


@pytest.fixture(scope="session")
def french(repository) -> dict[str, Entry]:
    with (repository / "pipelines" / "locale" / "fr" / "bilan.po").open("rb") as text:
        catalogue = read_po(text, locale="fr", abort_invalid=True)
    return {ids(entry)[0]: entry for entry in catalogue if entry.id}


def ids(entry: Entry) -> tuple[str, ...]:
    return (entry.id,) if isinstance(entry.id, str) else tuple(entry.id)


def translations(entry: Entry) -> tuple[str, ...]:
    return (entry.string,) if isinstance(entry.string, str) else tuple(entry.string)


def argparse_sentences() -> set[str]:
    """The words of Python's own command-line library, which it looks up under these very names."""
    return sentences_of(ast.parse(Path(argparse.__file__).read_text(encoding="utf-8")), {"_": 1, "ngettext": 2})


def test_every_sentence_has_its_french(said, french):
    translated = {identifier for entry in french.values() if all(translations(entry)) for identifier in ids(entry)}

    assert sorted(said - translated) == []


def test_the_catalogue_holds_no_sentence_that_nobody_says(said, french):
    known = said | argparse_sentences()
    unused = [
        name for name, entry in french.items() if name not in known and "argparse" not in " ".join(entry.user_comments)
    ]

    assert unused == []


def test_no_translation_is_left_to_be_checked(french):
    assert [name for name, entry in french.items() if entry.fuzzy] == []


def placeholders(sentence: str) -> set[str]:
    braces = {name for _, name, _, _ in string.Formatter().parse(sentence) if name} if "%(" not in sentence else set()
    return braces | set(re.findall(r"%\(\w+\)[sdr]|%[sdr]", sentence))


def test_translations_fill_the_same_blanks(french):
    different = [
        name
        for name, entry in french.items()
        if any(placeholders(text) != placeholders(ids(entry)[-1]) for text in translations(entry)[-1:])
    ]

    assert different == []


def put_together(node: ast.Call) -> bool:
    """Whether a sentence is built at run time, so that the catalogue cannot hold it."""
    name = called(node)
    arguments = node.args[: SENTENCES.get(name, 0)]
    if name in {"msg", "msg_count"}:
        return not all(isinstance(argument, ast.Constant) for argument in arguments)
    # `say` also takes a message that was made elsewhere.
    return name == "say" and any(isinstance(argument, ast.JoinedStr | ast.BinOp) for argument in arguments)


def test_a_sentence_is_written_where_it_is_said(modules):
    hidden = [
        f"{path}:{node.lineno}"
        for path, tree in modules.items()
        if path != "pipelines/language.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and put_together(node)
    ]

    assert hidden == []


@pytest.mark.parametrize(
    "code", ["msg(sentence)", "msg(f'{a} b')", "language.say('a' + b)", "msg_count('{count} a', plural, 2)"]
)
def test_a_sentence_put_together_is_found(code):
    assert put_together(ast.parse(code).body[0].value)
