"""A made-up district, so that a visitor can see the tool recognise, block and clear.

``roster.csv`` is a roster in the plain form that any district can import; ``pictures/`` holds the
two public-domain faces that stand for two of its students (see ``pictures/SOURCES.md``).
"""
