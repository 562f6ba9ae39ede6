"""The manners in which systems list what they publish, a file each: a page gives a listing, or None."""
