"""Deferring an import changes when a module is loaded, and nothing else."""

import subprocess
import sys

import pytest


def run(code: str) -> str:
    """What a fresh interpreter prints."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_a_deferred_module_is_loaded_at_its_first_use() -> None:
    told = run(
        "import sys\nfrom pipelines.imports import defer\ndefer('html.parser')\n"
        "from html import parser\nbefore = '_markupbase' in sys.modules\n"
        "parser.HTMLParser\nprint(before, '_markupbase' in sys.modules)"
    )

    assert told == "False True"


def test_deferring_what_does_not_exist_changes_nothing() -> None:
    told = run(
        "import sys\nfrom pipelines.imports import defer\n"
        "defer('nowhere_at_all')\nprint('nowhere_at_all' in sys.modules)"
    )

    assert told == "False"


@pytest.mark.parametrize("given", ["jsonschema", "nbformat"])
def test_libraries_work_without_the_slow_format(given: str) -> None:
    told = run(
        "from pipelines.imports import do_without_slow_formats\ndo_without_slow_formats()\n"
        f"import {given}, sys\nprint(sys.modules.get('rfc3987_syntax'))"
    )

    assert told == "None"
