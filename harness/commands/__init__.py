"""One command of the command line per module; `harness/cli.py` puts them together."""
