"""Who a member of staff is, by the word of the district's own sign-in provider.

In: an authorization code and what was kept of the attempt. Out: an ``Identity`` of this district,
or a refusal with its reason. Must not: decide what anybody may open; know accounts or the roster.
"""
