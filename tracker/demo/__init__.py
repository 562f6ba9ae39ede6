"""The sample county: takes rules and a seed, gives a site, clerks, a mailbox and a year lived on a simulated clock."""
