"""A day with other rules: replayed or made up, by the bridge's own routing."""
