"""From the core tables to counts: `config/tables/` declares, one query builder counts."""
