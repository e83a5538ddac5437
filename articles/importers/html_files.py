"""Texts that stand in their files as HTML: what the head of a page says of them, and the body as Markdown."""

import re
from html import unescape
from pathlib import Path

from articles.files.problems import ImportProblems, Problem

from .front_matter import Document, Entry
from .html_to_markdown import HtmlRefused, html_to_markdown
from .post import Note, Post
from .raw_html import attributes_of

HEAD = re.compile(r"<head\b[^>]*>(.*?)</head\s*>", re.IGNORECASE | re.DOTALL)
BODY = re.compile(r"<body\b[^>]*>(.*?)(?:</body\s*>|\Z)", re.IGNORECASE | re.DOTALL)
TITLE = re.compile(r"<title\b[^>]*>([^<]*)</title", re.IGNORECASE)
META = re.compile(r"<meta\b([^>]*)>", re.IGNORECASE)


def parse_page(path: Path, text: str) -> Document:
    """Return a page of HTML taken apart, by the keys that its head names, in small letters; its body is HTML still."""
    document = Document(path)
    head, body = HEAD.search(text), BODY.search(text)

    def add(key: str, value: str, at: int) -> None:
        line = text.count("\n", 0, head.start(1) + at) + 1
        document.entries.setdefault(key, Entry(path, line, key, unescape(value).strip()))

    if head:
        if title := TITLE.search(head[1]):
            add("title", title[1], title.start())
        for meta in META.finditer(head[1]):
            attributes = attributes_of(meta[1])
            name = attributes.get("name", "").lower()
            if name and name not in ("viewport", "generator"):
                add("tags" if name == "keywords" else name, attributes.get("content") or "", meta.start())
    start, end = body.span(1) if body else (head.end() if head else 0, len(text))
    document.body, document.first_line = text[start:end], text.count("\n", 0, start) + 1
    document.has_front_matter = bool(document.entries)
    return document


def convert(post: Post) -> list[Note]:
    """Make Markdown of a post's body, which is HTML from its line on; return notes on what could not be carried."""
    try:
        written = html_to_markdown(post.body)
    except HtmlRefused as refused:
        raise ImportProblems([Problem(post.source, post.line + refused.line - 1, refused.reason)]) from None
    post.body, post.lines = written.markdown, [post.line + line - 1 for line in written.lines]
    return [Note(post.source, post.line + loss.line - 1, loss.text, loss.about) for loss in written.losses]
