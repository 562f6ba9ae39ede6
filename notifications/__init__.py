"""Words and sends messages: takes values, gives bytes and the server's answer. Knows only the values of the core."""
