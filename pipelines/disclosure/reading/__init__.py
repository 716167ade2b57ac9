"""What is published, read back: cells, tables, pages and any other file, as a stranger reads them."""
