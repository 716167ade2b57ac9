"""The one file of others' code that pages carry: its version is the one plotly draws for."""

import re

from plotly.offline import get_plotlyjs_version


def test_vendored_plotly_is_the_version_of_the_plotly_library(repository):
    [bundle] = (repository / "pipelines" / "outputs" / "templates" / "vendor").glob("plotly*.min.js")
    version = re.search(r"plotly\.js \(basic - minified\) v([\d.]+)", bundle.read_text(encoding="utf-8")[:500])

    assert version is not None
    assert version.group(1) == get_plotlyjs_version()


def test_vendored_code_comes_with_its_licence(repository):
    vendor = repository / "pipelines" / "outputs" / "templates" / "vendor"
    notice = (vendor / "NOTICE").read_text(encoding="utf-8") if (vendor / "NOTICE").is_file() else ""
    unnamed = [path.name for path in vendor.glob("*.js") if path.name not in notice]

    assert notice
    assert unnamed == []
    assert any("LICENSE" in path.name for path in vendor.iterdir())
