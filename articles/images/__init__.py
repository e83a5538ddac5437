"""An image file: checked, and re-encoded in several widths and formats. It knows no database."""
