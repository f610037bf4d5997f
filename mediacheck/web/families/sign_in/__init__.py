"""How a family is let in: invitation and set-up, sign-in, passkeys, and the link that restricts.

A link's secret leaves the address at once: it is kept in the browser's signed form cookie, and the
page that acts has an address which tells nothing.
"""
