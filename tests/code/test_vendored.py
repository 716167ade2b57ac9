"""Files of others' code, in the pages and in the tests: each is named with its licence, and is the version it says."""

import re

import pytest
from plotly.offline import get_plotlyjs_version

FOLDERS = ("pipelines/outputs/templates/vendor", "tests/browser/vendor")


def test_vendored_plotly_is_the_version_of_the_plotly_library(repository):
    [bundle] = (repository / FOLDERS[0]).glob("plotly*.min.js")
    version = re.search(r"plotly\.js \(basic - minified\) v([\d.]+)", bundle.read_text(encoding="utf-8")[:500])

    assert version is not None
    assert version.group(1) == get_plotlyjs_version()


def test_vendored_axe_is_the_version_that_it_is_named_after(repository):
    [bundle] = (repository / FOLDERS[1]).glob("axe*.min.js")
    version = re.match(r"/\*! axe v([\d.]+)\n", bundle.read_text(encoding="utf-8"))

    assert version is not None
    assert bundle.name == f"axe-{version.group(1)}.min.js"


@pytest.mark.parametrize("folder", FOLDERS)
def test_vendored_code_comes_with_its_licence(repository, folder):
    vendor = repository / folder
    notice = (vendor / "NOTICE").read_text(encoding="utf-8") if (vendor / "NOTICE").is_file() else ""
    unnamed = [path.name for path in vendor.glob("*.js") if path.name not in notice]
    licences = [path.name for path in vendor.iterdir() if path.name.startswith("LICENSE")]

    assert unnamed == []
    assert licences
    assert all(name in notice for name in licences)
