"""An image file: checked, re-encoded in several widths and formats, and stored."""
