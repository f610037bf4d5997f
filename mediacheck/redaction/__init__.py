"""Covers regions of a picture for good: what is beneath is gone from the pixels.

In: canonical pixels and the boxes to cover. Out: new canonical pixels; the old ones stay as they
are, as evidence. Nothing here decides who is covered, and nothing here is see-through. The caller
encodes the result anew and has it checked like any other picture.
"""
