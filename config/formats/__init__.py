"""Dates as languages write them, where Django's own leave out a word."""
