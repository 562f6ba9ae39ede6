"""The monthly circular (通报) from draft to erratum: takes report lines and what people decide, gives documents.
Words and numbers are fixed at the signature."""
