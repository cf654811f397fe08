"""Which version bump an edit of a contract needs, and why."""
