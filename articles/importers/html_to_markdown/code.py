"""Code as fences, with the language that whichever plugin or highlighter names it."""

import re

from .context import Block, Context
from .nodes import Element

# Prism, highlight.js, SyntaxHighlighter, Crayon, GitHub, google-code-prettify.
CLASS = re.compile(
    r"(?:^|[\s;])(?:language-|lang-|lang:|highlight-source-|highlight-(?!source|default|text)|brush:\s*|sourceCode\s+)"
    r"([\w+#-]+)"
)
# Old highlight.js: class="hljs php".
BARE = re.compile(r"(?:^|\s)hljs\s+(?!language-|lang-)([a-z+#]+)(?:\s|$)")
ATTRIBUTES = ("data-language", "data-enlighter-language", "data-lang", "data-code-language", "lang")
NAMES = {"jscript": "javascript", "js": "javascript", "markup": "html", "shell": "bash", "sh": "bash"}
NO_NAME = {"plain", "text", "none", "default", "generic", "raw", "plaintext", "txt", "nohighlight", "auto"}


def code(node: Element, context: Context) -> list[Block]:
    inner = [element for element in node.walk() if element.name == "code"]
    for numbers in [element for element in node.walk() if {"linenos", "line-numbers-rows"} & set(element.classes)]:
        numbers.remove()
    text = "\n".join(element.text for element in inner) if inner else node.text
    shown = text.replace("\u00a0", " ").strip("\n").rstrip()
    if not shown.strip():
        return []
    return [fence(shown, language_of([*inner[:1], node, node.parent, node.parent and node.parent.parent]), node.line)]


def fence(shown: str, language: str, line: int) -> Block:
    signs = "`" * max(3, 1 + max((len(signs) for signs in re.findall("`+", shown)), default=0))
    return Block(f"{signs}{language}\n{shown}\n{signs}", line)


def language_of(holders: list[Element | None]) -> str:
    for holder in filter(None, holders):
        written = holder.get("class")
        found = CLASS.search(written) or BARE.search(written)
        attributes = (holder.get(name) for name in ATTRIBUTES) if holder.name in {"pre", "code"} else ()
        name = found[1] if found else next((value for value in attributes if re.fullmatch(r"[\w+#-]+", value)), "")
        if name:
            name = NAMES.get(name.lower(), name.lower())
            return "" if name in NO_NAME else name
    return ""
