"""The chain of the audit: each entry seals itself and, through the one before, all that went.

In come an event and the newest entry; out comes the next one, or a report on a whole chain. Pure:
where entries are kept, and that they are never changed there, is ``storage``'s part.
"""
