"""What is seen in a post: the faces in its pixels and the names in its words.

In comes canonical pixels (``Picture``) or text; out come findings: every face, name and piece of
writing, each with its place. Faces also become templates here, because only this stage may touch
an engine. It must not know students' records, compare templates or decide: it reports what is
seen, never who it is. A finder returns everything or raises ``EngineFault``.
"""
