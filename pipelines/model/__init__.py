"""From a load package to the DuckDB file of a centre: staging renames and casts, core gives meaning."""
