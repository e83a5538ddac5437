"""An article: what it is, how it is written, translated, rendered, filed, found and read."""
