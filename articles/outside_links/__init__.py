"""Addresses of other sites, asked whether they still answer: politely, within bounds, never in a private network."""
