"""What Facebook Pages and Instagram have in common: Meta's Graph API, and the way in."""
