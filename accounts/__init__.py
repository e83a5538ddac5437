"""Who may come in: how they log in, the second factor, the log of what accounts did."""
