"""What Python spends at the start of a short run and nobody gains by."""

from __future__ import annotations

import gc
import importlib.util
import sys


def defer(name: str) -> None:
    """Load a module at its first use instead of its import (the standard library's `LazyLoader`).

    The parents of the module are imported now; a module that is absent or loaded already is left so.
    """
    if name in sys.modules:
        return
    specification = importlib.util.find_spec(name)
    if specification is None or specification.loader is None:
        return
    loader = importlib.util.LazyLoader(specification.loader)
    specification.loader = loader
    module = importlib.util.module_from_spec(specification)
    sys.modules[name] = module
    loader.exec_module(module)
    parent, _, child = name.rpartition(".")
    if parent:
        setattr(sys.modules[parent], child, module)


def do_without(name: str) -> None:
    """Make the import of a module fail, for a library that works where it is absent."""
    sys.modules.setdefault(name, None)  # type: ignore[arg-type]


def do_without_slow_formats() -> None:
    """Spare jsonschema a grammar (two and a half seconds) of a format that no notebook's schema uses.

    The module comes with JupyterLab alone; without it jsonschema leaves that format unchecked.
    """
    do_without("rfc3987_syntax")


def collect_rarely() -> None:
    """Look for circular garbage a hundred times less often.

    A run lasts seconds, makes hundreds of thousands of objects while it imports, and lets none go.
    """
    gc.set_threshold(100_000, 50, 50)
