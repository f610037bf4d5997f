"""Who may sign in: passwords, sessions, one-time codes and the slowing down of guesses.

In come what a browser sent and the ports; out go staff members or a refusal. It opens no
transaction, shows no page, and answers for an unknown account exactly as for a wrong password.
"""
