"""The notebooks run, in kernels of both kinds, and a run that fails leaves nothing and tells no value."""

import json
import os
import re
import shutil
import signal
import stat
import sys
import traceback
from pathlib import Path

import nbformat
import pytest

from pipelines.charts.chart import MIME_CHART, MIME_PLOTLY
from pipelines.disclosure.release_files import write_release_tables
from pipelines.errors import MachineBusy, UsageError
from pipelines.language import Language
from pipelines.outputs.dashboard import read_section
from pipelines.outputs.forked_kernel import Kernels, choose_kernels
from pipelines.outputs.notebook import NotebookFailed, notebook_parameters, read_notebook, run_notebooks
from tests.made_up_release import made_up_release

FRENCH = Language("fr")
NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("[0-9]*.ipynb"))
#: Those that show the tables of one centre alone.
OWN = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*/[0-9]*.ipynb"))
#: All of them, that of the analyst included.
ALL = sorted((Path(__file__).resolve().parents[2] / "notebooks").rglob("*.ipynb"))
PARAMETERS = 'release_folder = ""\nlanguage = "fr"'
SECRET = "Planted-Name-4711"
#: Of the cell for the analyst.
PARTS = ("Ce que ce carnet montre", "Pour le voir", "Pour le changer")


@pytest.fixture(scope="module")
def release_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("release")
    write_release_tables(made_up_release(), folder)
    return folder


@pytest.fixture(scope="module")
def executed(release_folder, tmp_path_factory):
    return run_notebooks(NOTEBOOKS, release_folder, FRENCH, tmp_path_factory.mktemp("work") / "notebooks")


def notebook(folder, *cells, parameters=PARAMETERS, tags=("parameters",)):
    first = nbformat.v4.new_code_cell(parameters, metadata={"tags": list(tags)})
    path = folder / "trial.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[first, *map(nbformat.v4.new_code_cell, cells)]), path)
    return path


def run(path, release_folder, folder, **settings):
    return run_notebooks([path], release_folder, FRENCH, folder / "work", **settings)


def shown(path):
    cells = nbformat.read(path, as_version=4).cells
    return [output.data for cell in cells if cell.cell_type == "code" for output in cell.outputs if "data" in output]


def test_the_notebooks_are_in_reading_order():
    assert [path.stem for path in NOTEBOOKS] == [
        "01_overview", "02_age_at_aggression", "03_relationship_to_aggressor", "04_referral_sources", "05_dispositions",
        "06_services", "07_prevention", "08_hours", "09_groups", "10_waiting", "11_evaluations", "12_organisation",
        "13_communications", "14_aid_and_complaints", "15_persons", "16_allocation", "17_unmet_needs",
        "18_several_years",
    ]  # fmt: skip


def test_every_notebook_shows_charts(executed):
    charts = [[data[MIME_CHART]["id"] for data in shown(path) if MIME_CHART in data] for path in executed]

    assert all(charts)
    assert len([identifier for one in charts for identifier in one if identifier != "key_figures"]) >= 13
    assert len({identifier for one in charts for identifier in one}) == sum(map(len, charts))


def test_every_chart_can_be_drawn_in_the_lab(executed):
    drawn = [data for path in executed for data in shown(path) if data.get(MIME_CHART, {}).get("figure")]

    assert all(MIME_PLOTLY in data for data in drawn)


def test_executed_notebooks_are_private(executed):
    assert {stat.S_IMODE(path.stat().st_mode) for path in executed} == {0o600}
    assert stat.S_IMODE(executed[0].parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_the_first_cell_tells_the_analyst_what_a_notebook_shows_and_how_to_change_it(path):
    first = nbformat.read(path, as_version=4).cells[0]

    assert first.metadata.tags == ["analyst"]
    assert all(f"- **{part}**\u00a0: " in first.source for part in PARTS)


@pytest.mark.parametrize("path", NOTEBOOKS + OWN, ids=lambda path: path.stem)
def test_the_first_cell_names_the_section_and_files_that_describe_its_tables(path, repository):
    first, title = nbformat.read(path, as_version=4).cells[:2]
    files = re.findall(r"`(config/[^`]+\.toml)`", first.source)

    assert f"«\u00a0{title.source.splitlines()[0].removeprefix('# ')}\u00a0»" in first.source
    assert [name for name in files if not (repository / name).is_file()] == []


def test_what_is_for_the_analyst_is_not_in_the_page(executed):
    cells = [cell for path in executed for cell in read_section(path, FRENCH)]

    assert cells
    assert [cell.source for cell in cells if PARTS[0] in cell.get("source", "")] == []


def test_every_notebook_opens_with_the_kernel_of_the_project():
    kernels = [nbformat.read(path, as_version=4).metadata.kernelspec for path in ALL]

    assert {(kernel.name, kernel.display_name) for kernel in kernels} == {("bilan", "bilan")}


@pytest.mark.parametrize(
    "code",
    ["from pipelines import ask_cases", "import duckdb", "from pipelines.model import database",
     "open('../data/raw/demo/demandes.csv')"],
)  # fmt: skip
def test_a_notebook_that_reads_cases_cannot_be_a_section(release_folder, tmp_path, code):
    with pytest.raises(UsageError) as refusal:
        run(notebook(tmp_path, code), release_folder, tmp_path)

    assert "données qui ne sont pas protégées" in refusal.value.one_line(FRENCH)
    assert not (tmp_path / "work").exists()


@pytest.mark.parametrize("path", NOTEBOOKS + OWN, ids=lambda path: path.stem)
def test_a_notebook_has_the_two_parameters(path):
    assert notebook_parameters(path.name, read_notebook(path)) == {"release_folder": "", "language": "fr"}


@pytest.mark.parametrize("path", NOTEBOOKS + OWN, ids=lambda path: path.stem)
def test_prose_is_in_both_languages(path):
    tags = [tag for cell in nbformat.read(path, as_version=4).cells for tag in cell.metadata.get("tags", [])]

    assert tags.count("lang-fr") == tags.count("lang-en") > 0


def test_plain_kernels_do_the_same(release_folder, tmp_path, executed):
    [plain] = run(NOTEBOOKS[4], release_folder, tmp_path, kernels=Kernels.PLAIN)

    assert shown(plain) == shown(executed[4])


def test_kernels_leave_nothing_in_the_home_folder(release_folder, tmp_path, monkeypatch):
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))

    run(notebook(tmp_path, "import IPython\nIPython.paths.get_ipython_dir()"), release_folder, tmp_path)

    assert list(home.iterdir()) == []


def test_a_notebook_sees_the_parameters_it_is_given(release_folder, tmp_path):
    [path] = run(notebook(tmp_path, "language, release_folder"), release_folder, tmp_path)

    assert shown(path)[0]["text/plain"] == repr(("fr", str(release_folder)))


@pytest.mark.parametrize(
    "parameters",
    ['release_folder = ""', PARAMETERS + '\nyear = "2024"', 'relase_folder = ""\nlanguage = "fr"'],
    ids=["absent", "unknown", "misspelt"],
)
def test_other_parameters_are_refused_before_anything_runs(release_folder, tmp_path, parameters):
    with pytest.raises(UsageError) as refusal:
        run(notebook(tmp_path, parameters=parameters), release_folder, tmp_path)

    assert refusal.value.exit_code == 2
    assert not (tmp_path / "work").exists()


@pytest.mark.parametrize("parameters", ["print(1)", "language = open", "x ="])
def test_a_parameters_cell_with_code_is_refused(release_folder, tmp_path, parameters):
    with pytest.raises(UsageError):
        run(notebook(tmp_path, parameters=parameters), release_folder, tmp_path)


def test_a_notebook_without_a_parameters_cell_is_refused(release_folder, tmp_path):
    with pytest.raises(UsageError):
        run(notebook(tmp_path, tags=()), release_folder, tmp_path)


def test_a_failed_cell_tells_its_place_and_nothing_else(release_folder, tmp_path, capfd, caplog):
    failing = notebook(tmp_path, "1 + 1", f"int('{SECRET}')", "2 + 2")

    with pytest.raises(NotebookFailed) as failure:
        run(failing, release_folder, tmp_path)

    told = "".join(traceback.format_exception(failure.value)) + caplog.text + "".join(capfd.readouterr())
    assert (failure.value.notebook, failure.value.cell, failure.value.error_class) == ("trial.ipynb", 3, "ValueError")
    assert failure.value.__context__ is None
    assert SECRET not in told


def test_a_failed_notebook_leaves_no_file(release_folder, tmp_path):
    with pytest.raises(NotebookFailed):
        run(notebook(tmp_path, f"int('{SECRET}')"), release_folder, tmp_path)

    left = [path for path in (tmp_path / "work").rglob("*") if path.is_file()]
    assert [path for path in left if path.suffix in (".ipynb", ".sqlite")] == []
    assert [path for path in left if SECRET.encode() in path.read_bytes()] == []


@pytest.mark.parametrize("stop", ["import os\nos.kill(os.getpid(), 9)", f"raise MemoryError('{SECRET}')"])
def test_a_kernel_that_the_machine_stops_is_no_fault_of_the_program(release_folder, tmp_path, stop):
    with pytest.raises(MachineBusy) as failure:
        run(notebook(tmp_path, stop), release_folder, tmp_path)

    assert failure.value.exit_code == 8
    assert failure.value.__context__ is None
    assert "trial.ipynb" in failure.value.one_line(FRENCH)
    assert SECRET not in failure.value.one_line(FRENCH)


def test_a_kernel_that_the_machine_stops_once_is_started_again(release_folder, tmp_path):
    dies_once = (
        "import os\nif not os.path.exists('began'):\n    open('began', 'w').close()\n    os.kill(os.getpid(), 9)"
    )

    [executed] = run(notebook(tmp_path, dies_once), release_folder, tmp_path)

    assert executed.is_file()


def test_a_kernel_that_dies_before_it_answers_is_no_fault_of_the_program(release_folder, tmp_path, monkeypatch):
    # A kernel that is stopped as soon as it is started.
    monkeypatch.setattr(sys, "executable", shutil.which("false"))

    with pytest.raises(MachineBusy):
        run(notebook(tmp_path, "1 + 1"), release_folder, tmp_path, kernels=Kernels.PLAIN)


def test_a_cell_that_does_not_end_is_stopped(release_folder, tmp_path):
    endless = notebook(
        tmp_path,
        "import os, time\nprint(os.getpid(), flush=True)\nopen('pid', 'w').write(str(os.getpid()))\ntime.sleep(600)",
    )

    with pytest.raises(MachineBusy):
        run(endless, release_folder, tmp_path, timeout_s=1)

    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "work" / "pid").read_text()), signal.SIG_DFL)


def test_connection_files_do_not_stay(executed):
    assert list((executed[0].parent / "runtime").iterdir()) == []


@pytest.mark.parametrize(("environ", "kernels"), [({}, Kernels.FORKED), ({"BILAN_KERNELS": "plain"}, Kernels.PLAIN)])
def test_plain_kernels_can_be_asked_for(environ, kernels):
    assert choose_kernels(environ) is kernels


def test_the_code_of_notebooks_is_thin():
    for path in NOTEBOOKS + OWN:
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            assert cell["cell_type"] == "markdown" or len(cell["source"]) <= 3
