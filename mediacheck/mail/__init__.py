"""Mails to families: their words, their form and the way to a mail server.

In come an account and what a mail is about; out goes a whole mail, or an error that says whether to
try again. It opens no transaction and decides nothing.
"""
