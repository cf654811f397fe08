"""One self-contained HTML file: no network, no script, readable on paper, in the dark and by a screen reader."""
