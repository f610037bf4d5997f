"""The release register: who may appear where. Knows nothing of posts, pixels or the web."""
