"""``python -m assistant408``."""

from assistant408.cli import main

main()
