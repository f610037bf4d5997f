"""The life of one post, in order. This package holds no rule of its own.

::

    receive ──▶ look ──▶ judge ──cleared──▶ clear ──▶ package
    bytes to    faces,    who is each, may   proof     files, words,
    a Post      writing   it go out?                   receipt
                 ▲          │ needs review
                 │          ▼
                 └── mend: a person names, covers, rewords; a covered picture is a new picture

``receive`` takes pictures and words in, ``look`` runs the engines over one picture, ``check`` is
the job that does so in the background, ``judge`` asks the register and decides, ``mend`` is what a
person may do to it, ``clear`` gives and honours the proof.
"""
