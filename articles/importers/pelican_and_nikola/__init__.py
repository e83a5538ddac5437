"""What Pelican and Nikola share: settings that are Python programs, heads and texts as Python-Markdown reads them."""
