"""Signing in and out, the first password, and a new one.

Accounts are local so far. A district's identity provider takes its place here: another view that
proves who somebody is and then calls ``credentials.let_in``.
"""
