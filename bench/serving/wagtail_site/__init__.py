"""A small site on Wagtail, as its tutorial and its project template make one: what the figures are compared with."""
