"""Who each finding is: faces against the enrolled templates, names against the roster.

In come findings, templates and the matcher's candidates; out comes one ``Resolution`` for each
finding. Pure: no input or output, no engine, no roster look-up. It must not choose a threshold that
``thresholds.py`` does not name, nor take "no match" for "not a student", nor decide on a release.
"""
