from pipelines.imports import do_without_slow_formats

# Before nbformat, papermill or nbconvert is imported by a module of this room.
do_without_slow_formats()
