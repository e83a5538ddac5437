"""Searching the articles of one language: how words compare, what is indexed, what a query finds and shows."""
