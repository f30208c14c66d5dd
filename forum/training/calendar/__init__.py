"""Sessions in people's calendars: files, invitations by mail, and a feed with a secret address."""
