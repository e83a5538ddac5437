"""Blogs of other systems, turned into a folder of the native format: one reader for each, one way in for all.

How a blog travels: `formats.py` finds out which system it comes from and calls that system's package, `hugo`, `jekyll`,
`wordpress`, `ghost`, `pelican` or `nikola`. Its reader makes a `Post` (`post.py`) of each text in each language, with
the Markdown of this site as body, and a `Note` of all that cannot be carried. `conversion` makes one folder of the
native format of the posts: keys, pairs, links between the texts, images, redirects. `articles.files` imports that
folder like any other, and what it finds wrong is told by the file and line of the author's own blog.

Such a package has `recognises(path) -> bool`, which looks without reading much, and `read(path, language) -> (posts,
notes)`, where `language` is that of a text that names none. It raises ImportProblems on what is broken. Readers share
`front_matter.py`, `dates.py`, `lines.py` (a body that keeps the lines of its source), `html_to_markdown`, and Pelican
and Nikola `pelican_and_nikola`.
"""
