"""What the template of the forked kernels imports once, so that no notebook has to.

Imports only: a database, a thread or a socket opened here would be shared by all the forks and break.
"""

import babel.numbers
import ipykernel.ipkernel
import ipykernel.kernelapp  # noqa: F401
import plotly.graph_objects
import plotly.io  # noqa: F401

import pipelines.charts.show
import pipelines.outputs.release_files  # noqa: F401
from pipelines.charts.theme import checked_figure
from pipelines.language import LANGUAGES, Language

# Locale data, catalogues and plotly's validators are read at first use: better here, once.
for _code in LANGUAGES:
    checked_figure([{"type": "bar"}], {}, Language(_code))
    babel.numbers.format_decimal(1, locale=Language(_code).locale)
    Language(_code).gettext("Total")
