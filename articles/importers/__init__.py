"""Blogs of other systems, turned into a folder of the native format: one reader for each, one way in for all.

A reader is a module with `recognises(path) -> bool`, which looks without reading much, and
`read(path, language) -> (posts, notes)`, where `language` is that of a text that names none. It raises ImportProblems
on what is broken; what it cannot carry is a note. `conversion.py` does what all formats need: keys, pairs, links
between the posts, images, redirects.
"""
