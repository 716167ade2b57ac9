"""Notebooks run through papermill: parameters checked first, results private, failures without values."""

from __future__ import annotations

import ast
import asyncio
import logging
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import nbformat

from pipelines.errors import MachineBusy, UsageError
from pipelines.language import Language, msg
from pipelines.outputs.forked_kernel import Kernels, choose_kernels, kernel_manager_class, preload_kernels
from pipelines.people_words import PeopleWords, usual_words
from pipelines.storage import make_folder, write_text

# What goes wrong in a notebook is told on one line, by us; what papermill would say of it may hold a value.
logging.getLogger("papermill").addHandler(logging.NullHandler())

PARAMETERS_TAG = "parameters"
#: How a notebook can reach the records of cases.
_READS_CASES = (
    "ask_cases",
    "duckdb",
    "pipelines.model",
    "pipelines.ingest",
    "data/processed",
    "data/raw",
    "read_parquet",
)
_START_TIMEOUT_S = 120
#: How long a slow machine may take to bring back what a cell shows.
_OUTPUT_TIMEOUT_S = 60
#: What is told of a kernel that was killed, of a cell that did not end in time, and of memory that was not given.
_DIED = "DeadKernelError"
_STOPPED_BY_THE_MACHINE = frozenset((_DIED, "CellTimeoutError", "MemoryError"))
#: What is told of a kernel that died, or did not answer, before any cell.
_NEVER_STARTED = "RuntimeError"
#: How often the kernel of a notebook is started.
_STARTS = 2


class NotebookFailed(Exception):
    """A cell failed: a fault of the program. It never carries the error's text, which may hold a value.

    `cell` counts code cells from 1, and is 0 where no cell had begun.
    """

    def __init__(self, notebook: str, cell: int, error_class: str) -> None:
        super().__init__(f"notebook {notebook}, code cell {cell}: {error_class}")
        self.notebook = notebook
        self.cell = cell
        self.error_class = error_class


def run_notebooks(
    notebooks: Sequence[Path],
    release_folder: Path,
    language: Language,
    work_folder: Path,
    *,
    jobs: int = 3,
    timeout_s: int = 600,
    kernels: Kernels | None = None,
    words: PeopleWords | None = None,
) -> tuple[Path, ...]:
    """Run each notebook on a release and return the executed ones, in the same order, in the work folder.

    Its prose is in the `words` of the centre. `jobs` run at a time: a kernel waits more than it works. `timeout_s`
    is for each cell. Raises `UsageError` if the parameters of a notebook are not exactly `release_folder` and
    `language`, and for the first notebook, in order, that does not reach its end `MachineBusy` where the machine
    stopped it, else `NotebookFailed`; nothing is left of that one. The work folder is private and not to be published.
    """
    parameters = {"release_folder": str(release_folder.resolve()), "language": language.code}
    sources = [_worded(read_notebook(path), words or usual_words()) for path in notebooks]
    for path, source in zip(notebooks, sources, strict=True):
        check_reads_releases_alone(path.name, source)
        check_parameters(path.name, source, parameters)
    folder = make_folder(work_folder.resolve())
    folder.chmod(0o700)
    for name in ("runtime", "ipython"):
        make_folder(folder / name)
    started = prepare_kernels(os.environ) if kernels is None else kernels
    options = _papermill_options(parameters, folder, timeout_s, started)
    execute = partial(_execute, folder=folder, options=options)
    with ThreadPoolExecutor(max_workers=max(1, jobs)) as pool:
        runs = [pool.submit(execute, path.name, source) for path, source in zip(notebooks, sources, strict=True)]
        try:
            return tuple(run.result() for run in runs)
        except BaseException:
            for run in runs:
                run.cancel()
            raise


def prepare_kernels(environ: Mapping[str, str]) -> Kernels:
    """Choose how kernels are started and begin to load what they need, in the background."""
    kernels = choose_kernels(environ)
    if kernels is Kernels.FORKED:
        preload_kernels()
    return kernels


def read_notebook(path: Path) -> nbformat.NotebookNode:
    """A notebook as papermill takes it; a `UsageError` if it is not one."""
    if not path.is_file():
        raise UsageError(
            msg("A notebook was not found"),
            where=msg("in {folder}", folder=path.name),
            to_do=msg("Put it back in the folder notebooks/"),
        )
    notebook: nbformat.NotebookNode = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    return notebook


def check_reads_releases_alone(name: str, notebook: nbformat.NotebookNode) -> None:
    """A section of a report is made from a release: one that asks for the records of cases is refused."""
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    if found := sorted({word for word in _READS_CASES if word in code}):
        raise UsageError(
            msg("This notebook reads data that are not protected: it cannot be a section of a report"),
            where=msg("in {folder}", folder=name),
            why=msg("it uses {words}", words=", ".join(found)),
            to_do=msg("Give it a name that does not begin with a number, as explore.ipynb, or read the release alone"),
        )


def _worded(notebook: nbformat.NotebookNode, words: PeopleWords) -> nbformat.NotebookNode:
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            code = "en" if "lang-en" in cell.metadata.get("tags", []) else "fr"
            cell.source = words.fill(cell.source, code)
    return notebook


def check_parameters(name: str, notebook: nbformat.NotebookNode, given: Mapping[str, object]) -> None:
    """papermill only warns of a misspelt parameter and then runs on the default: here it is an error."""
    declared = notebook_parameters(name, notebook)
    unknown = sorted(set(given) - set(declared))
    absent = sorted(set(declared) - set(given))
    if unknown or absent:
        raise UsageError(
            msg("The parameters of a notebook are not those that it is given"),
            where=msg("in {folder}", folder=name),
            why=msg("given but not declared: {unknown}; declared but not given: {absent}",
                    unknown=", ".join(unknown) or "-", absent=", ".join(absent) or "-"),
            to_do=msg("Correct the cell tagged parameters of this notebook"),
        )  # fmt: skip


def notebook_parameters(name: str, notebook: nbformat.NotebookNode) -> dict[str, object]:
    """The names and defaults of the one cell tagged `parameters`, which is the first code cell."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    tagged = [cell for cell in cells if PARAMETERS_TAG in cell.metadata.get("tags", [])]
    if len(tagged) != 1 or cells[0] is not tagged[0]:
        raise UsageError(
            msg("A notebook needs one cell tagged parameters, before all other code"),
            where=msg("in {folder}", folder=name),
            to_do=msg("Correct the cell tagged parameters of this notebook"),
        )
    parameters: dict[str, object] = {}
    try:
        for statement in ast.parse(tagged[0].source).body:
            if not isinstance(statement, ast.Assign) or not isinstance(statement.targets[0], ast.Name):
                raise ValueError("not an assignment of a constant")
            parameters[statement.targets[0].id] = ast.literal_eval(statement.value)
    except (ValueError, SyntaxError):
        why = msg('it must hold lines such as name = "value", and nothing else')
    else:
        return parameters
    raise UsageError(
        msg("The parameters of a notebook cannot be read"),
        where=msg("in {folder}", folder=name),
        why=why,
        to_do=msg("Correct the cell tagged parameters of this notebook"),
    )


def _execute(name: str, source: nbformat.NotebookNode, *, folder: Path, options: Mapping[str, Any]) -> Path:
    """Run one notebook in memory and write it when it is whole: a failed one never reaches the disk.

    A kernel that died is started once more: a notebook changes nothing, and the machine is often free a moment later.
    """
    for _ in range(_STARTS):
        executed, begun, failure = _run(source, options)
        is_unanswered = failure == _NEVER_STARTED and not begun
        if failure != _DIED and not is_unanswered:
            break
    if failure in _STOPPED_BY_THE_MACHINE or is_unanswered:
        raise MachineBusy(msg("in {folder}", folder=name))
    if failure:
        raise NotebookFailed(name, max(begun - 1, 0), failure)
    path = folder / name
    write_text(path, nbformat.writes(executed))  # type: ignore[no-untyped-call]
    return path


def _run(source: nbformat.NotebookNode, options: Mapping[str, Any]) -> tuple[Any, int, str]:
    """The executed notebook, how many code cells began, and the class of what stopped it: its text may hold a value."""
    import papermill

    begun: list[int] = []
    failure = ""
    executed: Any = None
    try:
        executed = papermill.execute_notebook(
            source, None, on_cell_execute=lambda cell, cell_index: begun.append(cell_index), **options
        )
    except papermill.PapermillExecutionError as error:
        failure = error.ename
    except Exception as error:  # noqa: BLE001 (whatever stopped it, its text may hold a value)
        failure = type(error).__name__
    finally:
        _close_event_loop()
    return executed, len(begun), failure


def _papermill_options(
    parameters: Mapping[str, object], folder: Path, timeout_s: int, kernels: Kernels
) -> dict[str, Any]:
    return {
        "parameters": dict(parameters),
        "kernel_name": "python3",
        "language": "python",
        "progress_bar": False,
        "start_timeout": _START_TIMEOUT_S,
        "execution_timeout": timeout_s,
        "iopub_timeout": _OUTPUT_TIMEOUT_S,
        "shutdown_kernel": "immediate",
        "kernel_manager_class": kernel_manager_class(kernels, folder),
    }


def _close_event_loop() -> None:
    """jupyter_client leaves open the event loop that it made for this thread."""
    try:
        loop = asyncio.get_event_loop()
    except RuntimeError:
        return
    pending = asyncio.all_tasks(loop)
    for task in pending:
        task.cancel()
    loop.run_until_complete(asyncio.gather(*pending, return_exceptions=True))
    asyncio.set_event_loop(None)
    loop.close()
