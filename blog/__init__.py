"""The publication around the articles: the home page, the frame's languages, the structure page, the set-up."""
