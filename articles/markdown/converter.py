"""The converter: python-markdown with the extensions that make up what authors may write, one for each language."""

import re
import string
from collections.abc import Callable, Iterator
from functools import partial

import markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor, SubstituteTagInlineProcessor
from markdown.util import ETX, STX, AtomicString

from articles.slugs import slugify

from .commonmark import BlockIndentation
from .elements import ElementsExtension
from .html_blocks import MarkdownInside
from .keys import NAMES
from .words import Words

# `[words][name]`, where the library allows a space between.
REFERENCE = re.compile(r"\[([^\]]*)\]")

EXTENSIONS = [
    *("abbr", "admonition", "attr_list", "def_list", "footnotes", "md_in_html", "sane_lists", "tables", "toc"),
    *("pymdownx.betterem", "pymdownx.bracketspan", "pymdownx.caret", "pymdownx.details", "pymdownx.highlight"),
    *("pymdownx.keys", "pymdownx.magiclink", "pymdownx.mark", "pymdownx.quotes", "pymdownx.saneheaders"),
    *("pymdownx.superfences", "pymdownx.tilde"),
]

# What a text must hold for each of the inline patterns to find anything in it; the others are always looked for.
SIGNS = {
    **dict.fromkeys(("footnote", "reference", "link", "short_reference", "bracket_span"), "["),
    **dict.fromkeys(("image_link", "image_reference", "short_image_ref"), "!["),
    **dict.fromkeys(("backslash_break", "escape"), "\\"),
    **dict.fromkeys(("autolink", "automail", "html"), "<"),
    **dict.fromkeys(("keys", "keys-custom"), "+"),
    "backtick": "`",
    "linebreak": "  \n",
    "magic-mail": "@",
    "entity": "&",
}


def make_converter(language: str, words: Words, at: Callable[[str], None]) -> markdown.Markdown:
    """Return a converter for texts in one language. It calls `at` with each piece of text that it begins to work on."""
    converter = markdown.Markdown(
        output_format="html",
        extensions=[*EXTENSIONS, PairedSigns(), BareAddresses(), SourceExtension(at), ElementsExtension(words)],
        extension_configs={
            "footnotes": {"BACKLINK_TITLE": words["backlink"], "USE_DEFINITION_ORDER": False},
            "tables": {"use_align_attribute": True},
            "toc": {
                "marker": "",
                "permalink": "#",
                "permalink_class": "heading-link",
                "permalink_title": words["heading_link"],
                "slugify": lambda text, separator: slugify(text, language) or "section",
            },
            "pymdownx.highlight": {"guess_lang": False, "linenums_style": "pymdownx-inline"},
            # "Ctrl" is as good as "ctrl".
            "pymdownx.keys": {"key_map": NAMES.get(language, {}), "camel_case": True},
            "pymdownx.quotes": {"callouts": True},
            # What other systems write after a language, like {1,3}, is passed over.
            "pymdownx.superfences": {"relaxed_headers": True},
        },
    )
    for name, sign in SIGNS.items():
        pattern = converter.inlinePatterns[name]
        pattern.compiled_re = WithSign(sign, pattern.compiled_re)
    # Each run of text asks for each of them by its place, which the library's own registry takes its time for.
    converter.treeprocessors["inline"].inlinePatterns = list(converter.inlinePatterns)
    return converter


class PairedSigns(Extension):
    """Guard the library's search for pairs of `*`, `_`, `~`, `^` and `=`.

    Some tangles of them make it fail (`_~^~^`) or cut a placeholder of python-markdown in two (`_==a==="<b>*c*`).
    """

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802, the library's name
        processor = md.inlinePatterns["delimiter"]
        processor.handleMatch = partial(self.pair, processor, processor.handleMatch)

    @staticmethod
    def pair(processor: InlineProcessor, handle: Callable, match: re.Match, data: str) -> tuple:
        try:
            element, start, end = handle(match, data)
        except IndexError:
            element, start, end = None, 0, 0
        else:
            if element is None or data.count(STX, start, end) == data.count(ETX, start, end):
                return element, start, end
        processor.reset()
        return None, match.start(0), match.end(0)


class BareAddresses(Extension):
    """Let a bare address end with the parenthesis that closes one of its own, as GitHub does.

    https://github.github.com/gfm/#extended-autolink-path-validation
    """

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802, the library's name
        processor = md.inlinePatterns["magic-link"]
        processor.handleMatch = partial(self.link, processor.handleMatch)

    @staticmethod
    def link(handle: Callable, match: re.Match, data: str) -> tuple:
        element, start, end = handle(match, data)
        address = data[start:end]
        if data.startswith(")", end) and address.count("(") > address.count(")"):
            element.set("href", element.get("href") + ")")
            element.text = AtomicString(element.text + ")")
            end += 1
        return element, start, end


class SourceExtension(Extension):
    """How the source is read: blocks, escapes and references as CommonMark has them; and where the work is."""

    def __init__(self, at: Callable[[str], None]) -> None:
        super().__init__()
        self.at = at

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802, the library's name
        # Between the expansion of tabs (30) and the fences (25).
        md.preprocessors.register(BlockIndentation(md), "block_indentation", 29)
        # Between the fences and the reading of HTML (20).
        md.preprocessors.register(MarkdownInside(md), "markdown_inside", 22)
        md.parser.blockprocessors.register(BlockWatch(md.parser, self.at), "block_watch", 1000)
        md.inlinePatterns.register(InlineWatch(self.at), "inline_watch", 1000)
        # CommonMark, section 2.4: every sign of punctuation; 6.3: no space before a reference; 6.7: hard line breaks.
        md.ESCAPED_CHARS.extend(set(string.punctuation) - set(md.ESCAPED_CHARS))
        for name in ("reference", "image_reference"):
            md.inlinePatterns[name].RE_LINK = REFERENCE
        md.inlinePatterns.register(SubstituteTagInlineProcessor(r"\\\n", "br"), "backslash_break", 181)


class BlockWatch(BlockProcessor):
    """Sees every block first and takes none."""

    def __init__(self, parser: markdown.blockparser.BlockParser, at: Callable[[str], None]) -> None:
        super().__init__(parser)
        self.at = at

    def test(self, parent: object, block: str) -> bool:
        self.at(block)
        return False


class InlineWatch(InlineProcessor):
    """Sees every piece of running text first and matches nothing in it: it stands in for its own expression."""

    def __init__(self, at: Callable[[str], None]) -> None:
        self.at = at

    def getCompiledRegExp(self) -> "InlineWatch":  # noqa: N802, the library's name
        return self

    def finditer(self, text: str, start: int = 0) -> Iterator:
        self.at(text)
        return iter(())


class WithSign:
    """Stands in for an expression that matches nothing in a text without a certain sign."""

    def __init__(self, sign: str, expression: re.Pattern) -> None:
        self.sign, self.expression = sign, expression

    def finditer(self, text: str, start: int = 0) -> Iterator[re.Match]:
        return self.expression.finditer(text, start) if self.sign in text else iter(())
