"""What a column lists: pages give entries, and how far back they were read. Knows no article's text."""
