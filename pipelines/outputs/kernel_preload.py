"""What the template of the forked kernels imports once, so that no notebook has to.

Imports only: a database, a thread or a socket opened here would be shared by all the forks and break.
"""

import gc

from pipelines.imports import collect_rarely, do_without

# Nobody steps through a report's cells, and each kernel would load the debugger anew: half of its start.
do_without("debugpy")

import babel.numbers  # noqa: E402
import ipykernel.debugger  # noqa: E402
import ipykernel.ipkernel  # noqa: E402
import ipykernel.kernelapp  # noqa: E402, F401
import plotly.graph_objects  # noqa: E402
import plotly.io  # noqa: E402, F401

import pipelines.charts.show  # noqa: E402
import pipelines.disclosure.release_files  # noqa: E402, F401
from pipelines.charts.theme import checked_figure  # noqa: E402
from pipelines.language import LANGUAGES, Language  # noqa: E402

# Locale data, catalogues and plotly's validators are read at first use: better here, once.
for _code in LANGUAGES:
    checked_figure([{"type": "bar"}], {}, Language(_code))
    babel.numbers.format_decimal(1, locale=Language(_code).locale)
    Language(_code).gettext("Total")

collect_rarely()
# What is here now is never garbage: the forks share its memory as long as no collection touches it.
gc.freeze()
