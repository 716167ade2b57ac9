"""From the core tables to counts: `config/tables.toml` declares, one query builder counts."""
