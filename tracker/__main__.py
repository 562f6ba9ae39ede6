"""`python -m tracker`: the command line from a checkout that is not installed."""

import sys

from tracker.commands.main import main

sys.exit(main())
