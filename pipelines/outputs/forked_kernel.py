"""Jupyter kernels that start in a tenth of the time: forks of a process that has imported everything.

The template is the standard library's `forkserver`. Each fork is a real, separate ipykernel with a
clean namespace, in a session of its own, so that stopping it stops what it started. Where forking is
not available the same manager starts an ordinary kernel. Nothing is read from, or written to, the
user's home folder.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import uuid
from collections.abc import Mapping
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerProcess

_PRELOADED = "pipelines.outputs.kernel_preload"
_TEMPLATE_LOCK = threading.Lock()
#: The environment variable that asks for ordinary kernels: `BILAN_KERNELS=plain`.
KERNELS_VARIABLE = "BILAN_KERNELS"


class Kernels(StrEnum):
    """How the kernels of a run are started."""

    FORKED = "forked"
    PLAIN = "plain"


def choose_kernels(environ: Mapping[str, str]) -> Kernels:
    """Forked kernels where the system can fork and nobody asked for plain ones."""
    can_fork = "forkserver" in multiprocessing.get_all_start_methods()
    is_asked = environ.get(KERNELS_VARIABLE, Kernels.FORKED) != Kernels.PLAIN
    return Kernels.FORKED if can_fork and is_asked else Kernels.PLAIN


def preload_kernels() -> None:
    """Start the template in the background; it imports while the caller does something else."""
    from multiprocessing import forkserver

    # The forkserver's own lock does not cover the choice of what it imports.
    with _TEMPLATE_LOCK:
        multiprocessing.get_context("forkserver").set_forkserver_preload([_PRELOADED])
        forkserver.ensure_running()


def kernel_manager_class(kernels: Kernels, work_folder: Path) -> type[AsyncKernelManager]:
    """A manager for papermill whose kernels keep all their files in the private work folder."""
    provisioner = ForkedProvisioner if kernels is Kernels.FORKED else PlainProvisioner

    class PrivateKernelManager(AsyncKernelManager):
        """Starts kernels of this very Python, whatever kernels the user has installed."""

        def __init__(self, **settings: Any) -> None:
            super().__init__(**settings)
            self.kernel_id = str(uuid.uuid4())
            self.connection_file = str(work_folder / "runtime" / f"kernel-{self.kernel_id}.json")
            self.provisioner = provisioner(
                kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self, work_folder=work_folder
            )

        @property
        def kernel_spec(self) -> KernelSpec:
            # No history: it would keep the code of the cells in a file.
            options = ["--log-level=ERROR", "--HistoryManager.enabled=False"]
            argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}", *options]
            return KernelSpec(argv=argv, display_name="Python 3", language="python")

    return PrivateKernelManager


class PlainProvisioner(LocalProvisioner):
    """An ordinary kernel, silent, whose folders are the work folder's."""

    def __init__(self, *, work_folder: Path, **settings: Any) -> None:
        super().__init__(**settings)
        self.work_folder = work_folder

    def _finalize_env(self, env: dict[str, str]) -> None:
        super()._finalize_env(env)
        for variable, folder in (
            ("IPYTHONDIR", "ipython"),
            ("JUPYTER_CONFIG_DIR", "config"),
            ("JUPYTER_DATA_DIR", "data"),
            ("JUPYTER_RUNTIME_DIR", "runtime"),
        ):
            env[variable] = str(self.work_folder / folder)
        # Its warning about frozen modules would be the first thing a user sees.
        env["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"

    async def launch_kernel(self, cmd: list[str], **options: Any) -> Any:
        options.update(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=str(self.work_folder))
        return await super().launch_kernel(cmd, **options)


class ForkedProvisioner(PlainProvisioner):
    """A kernel forked from the template."""

    async def launch_kernel(self, cmd: list[str], **options: Any) -> Any:
        arguments = cmd[cmd.index("-f") :]
        context = multiprocessing.get_context("forkserver")
        process = context.Process(
            target=_run_kernel, args=(arguments, dict(options["env"]), str(self.work_folder)), daemon=True
        )
        try:
            preload_kernels()
            process.start()
        except (OSError, EOFError):
            # The template is gone or cannot fork (memory, limits): an ordinary kernel does the same work.
            return await super().launch_kernel(cmd, **options)
        self.process = _KernelProcess(process)  # type: ignore[assignment]
        self.pid = process.pid
        # The kernel leads its own session, so its group has its number.
        self.pgid = process.pid
        self.cwd = str(self.work_folder)
        return self.connection_info


class _KernelProcess:
    """A forked process as jupyter_client expects one: `subprocess.Popen`'s few methods."""

    stdin = stdout = stderr = None

    def __init__(self, process: ForkServerProcess) -> None:
        self._process = process

    @property
    def pid(self) -> int | None:
        return self._process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self) -> int | None:
        self._process.join()
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        if self._process.pid is not None and self._process.is_alive():
            # The machine may have stopped it since.
            with suppress(ProcessLookupError):
                os.kill(self._process.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)


def _run_kernel(arguments: list[str], environ: dict[str, str], folder: str) -> None:
    """The life of a forked kernel, from the fork to its end."""
    os.setsid()
    os.environ.clear()
    os.environ.update(environ)
    # The parent to outlive is the template, which goes when the program does.
    os.environ["JPY_PARENT_PID"] = str(os.getppid())
    os.chdir(folder)
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silence, stream)
    from ipykernel.kernelapp import IPKernelApp

    IPKernelApp.launch_instance(argv=arguments)
