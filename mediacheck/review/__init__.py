"""What a person may do to a finding or a post, and what follows. Pure: nothing is kept here."""
