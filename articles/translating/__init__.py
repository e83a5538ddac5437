"""A translation beside its original: what it still answers, what moved on."""
