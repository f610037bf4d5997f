"""The pages: each view reads a form, calls ``flow`` or the register, and shows a page.

Views hold no rule; every one is closed until it declares who may open it (``access``). No status
code is written outside ``errors``, no header outside ``headers``.
"""
