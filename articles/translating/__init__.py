"""A translation beside its original: what it still answers, what moved on.

Each translation keeps the blocks of the original that it answered last, in its row of models/translation.py. All else
comes of comparing these with today's:

- compared: source.py is a text as blocks, alignment.py tells which block was which, staleness.py what became of each;
- kept: kept.py reads and writes the rows, following.py says what saves do to them (swapping.py where the original
  becomes the translation), answering.py what translators say (brought_back.py what a file of theirs says);
- shown: side_by_side.py has both texts row by row, where pairing.py guesses which passage stands for which; marks.py
  has what a passage must carry over, desk.py what there is to do, parity/ what a text lacks, lag.py what readers see;
- written: passages.py puts one passage into a text, passage_edit.py saves that with its answer; units.py has what
  translation programs read and write.
"""
