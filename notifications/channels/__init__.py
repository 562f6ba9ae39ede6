"""Ways out of the house: one file each, all with the same contract (`base.py`)."""
