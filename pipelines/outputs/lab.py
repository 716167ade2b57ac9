"""What JupyterLab does for `make lab`: a notebook is saved without its outputs, which show cases.

JupyterLab calls the function itself: the Makefile names it in `FileContentsManager.pre_save_hook`.
"""

from __future__ import annotations

from typing import Any


def save_without_outputs(model: dict[str, Any], **_settings: Any) -> None:
    """Empty the outputs of the notebook that is about to be written; they stay on the screen until it is closed."""
    if model["type"] != "notebook":
        return
    for cell in model["content"]["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = []
            cell["execution_count"] = None
