"""The deciding pass: makes changes of status, notices and journal lines of a county's facts. Reads no site and sends
nothing."""
