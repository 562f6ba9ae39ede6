"""The pass that decides: takes a county's facts and gives changes of status, notices and journal lines. Reads no site,
sends nothing."""
