"""Release tables to charts: a drawing, its reading in words, its table. Nothing is counted here."""
