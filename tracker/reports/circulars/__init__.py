"""Makes the monthly circular (通报) from draft to erratum. Words and numbers are fixed at the signature."""
