"""Draws pictures of a year: lights by department and duty, the rate on time by month, days late by duty."""
