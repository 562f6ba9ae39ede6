"""Pictures people look at rather than read: the lights of a year, the rate on time by month, days late by duty."""
