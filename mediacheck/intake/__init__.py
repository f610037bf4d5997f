"""Turns what a teacher drops into canonical pixels and the words it carried.

In: the bytes of one upload and its file name. Out: an ``Intake``, or one named refusal. The bytes
are read in a cage only; this stage decides nothing about who is in the picture, and keeps nothing.
"""
