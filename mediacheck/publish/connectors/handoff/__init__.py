"""What has no API: ParentSquare, a newsletter, a yearbook, the press. A person posts it there."""
