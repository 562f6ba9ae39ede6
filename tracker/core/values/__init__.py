"""The frozen values that all chapters of the core share: facts, rulings, verdicts, formulas and words."""
