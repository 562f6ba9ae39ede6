"""Who runs the tasks. An engine keeps time and carries names; what is done lives in the passes."""
