"""One run: what is to be done, and the processes that do it."""
