"""Sets official documents (公文): takes words and tables as values, gives .docx, HTML and PDF. Knows no duty."""
