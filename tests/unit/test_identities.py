"""What people say they are is read where a centre says why, proposed by nobody, and never told beside a place."""

from pathlib import Path

import pytest

from pipelines.codes import load_vocabularies
from pipelines.config import Workspace, load_centre
from pipelines.disclosure.policy import load_policy
from pipelines.disclosure.protectable import reason_to_keep
from pipelines.entities import SENSITIVE
from pipelines.errors import ConfigurationError
from pipelines.ingest.propose_mapping import propose_mapping
from pipelines.ingest.read_synonyms import read_synonyms
from pipelines.language import Language
from pipelines.tables.table_spec import load_catalogue
from pipelines.units import SENSITIVE_DIMENSIONS

ENGLISH = Language("en")
REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A workspace with a configuration of its own, that of the made-up centre with a gender list."""
    config = REPOSITORY / "config"
    (tmp_path / "config" / "centres").mkdir(parents=True)
    for name in ("tables", "vocabularies"):
        (tmp_path / "config" / name).symlink_to(config / name)
    text = (config / "centres" / "demo_ouest.toml").read_text(encoding="utf-8")
    (tmp_path / "config" / "centres" / "demo_ouest.toml").write_text(text, encoding="utf-8")
    return Workspace(tmp_path)


def test_a_centre_that_does_not_say_why_may_not_read_who_people_say_they_are(workspace):
    path = workspace.config / "centres" / "demo_ouest.toml"
    text = path.read_text(encoding="utf-8")
    start, end = text.index("[identity_purpose]"), text.index("[notes.gender]")
    path.write_text(text[:start] + text[end:], encoding="utf-8")

    with pytest.raises(ConfigurationError) as refused:
        load_centre(workspace, "demo_ouest")
    assert "identity_purpose" in refused.value.one_line(ENGLISH)


@pytest.mark.parametrize("dimension", sorted(SENSITIVE_DIMENSIONS))
@pytest.mark.parametrize("order", [1, -1])
def test_a_catalogue_that_tells_it_by_place_is_refused(tmp_path, dimension, order):
    config = tmp_path / "config"
    (config / "tables" / "centres").mkdir(parents=True)
    for path in (REPOSITORY / "config" / "tables").glob("*.toml"):
        (config / "tables" / path.name).write_bytes(path.read_bytes())
    sides = [dimension, "residence"][::order]
    (config / "tables" / "centres" / "riviere.toml").write_text(
        f"""
[[table]]
id = "who_lives_where"
title = {{ fr = "Titre", en = "Title" }}
unit = "request"
population = {{ fr = "Toutes", en = "All" }}
dimensions = {sides}
""".replace("'", '"'),
        encoding="utf-8",
    )

    with pytest.raises(ConfigurationError) as refused:
        load_catalogue(config, "riviere")
    assert dimension in refused.value.one_line(ENGLISH)
    assert "residence" in refused.value.one_line(ENGLISH)


@pytest.mark.parametrize("dimension", [*sorted(SENSITIVE_DIMENSIONS), "residence"])
def test_a_table_of_it_stays_at_the_centre(dimension):
    table = next(spec for spec in load_catalogue(REPOSITORY / "config").table if spec.id == "residence")
    asked = table.model_copy(update={"dimensions": (dimension,)})
    vocabularies = load_vocabularies(REPOSITORY / "config" / "vocabularies", {})
    centre = load_centre(Workspace(REPOSITORY), "demo")
    profile = load_policy(REPOSITORY / "config").profile_of("demo")

    assert (reason_to_keep(asked, centre, vocabularies, profile) is None) == (dimension == "residence")


def test_a_draft_never_proposes_it(tmp_path):
    (tmp_path / "contacts.csv").write_text(
        "No demande,Date de la demande,Genre,Langue\n"
        + "".join(f"D{number},2023-05-{number:02d},Femme,Anglais\n" for number in range(1, 20)),
        encoding="utf-8",
    )
    vocabularies = load_vocabularies(REPOSITORY / "config" / "vocabularies", {})
    synonyms = read_synonyms(REPOSITORY / "config" / "synonyms", vocabularies)
    proposal = propose_mapping(tmp_path, "riviere", synonyms, vocabularies)

    assert {entity.name for entity in proposal.entities} & SENSITIVE == set()
    assert {name for name, _ in proposal.not_found} & SENSITIVE == set()
