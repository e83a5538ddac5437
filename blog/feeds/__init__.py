"""Feeds: the newest articles whole, for feed readers, of one language, tag or series or of all languages."""
