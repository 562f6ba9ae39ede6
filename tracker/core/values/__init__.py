"""What all chapters of the core share, as frozen values: facts, rulings, verdicts, formulas and words."""
