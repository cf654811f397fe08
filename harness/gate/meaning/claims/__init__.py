"""Which results of a subject two claims let through."""
