"""The pure core: no I/O, no clock, no framework. `now` is a parameter; decisions return reasons."""
