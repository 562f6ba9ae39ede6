"""Simulates the sample county: takes rules and a seed, gives a site, clerks and a mailbox on a simulated clock."""
