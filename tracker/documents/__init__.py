"""Official documents (公文): takes their words and tables as values, gives .docx, HTML and PDF. Knows no duty."""
