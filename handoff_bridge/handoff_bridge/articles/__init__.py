"""Help articles: read from their folder, rendered, searched. Knows no database."""
