"""The web pages. So far one room of them: where whoever got a mail answers it."""
