"""Sites as the systems of counties write them, each with what is true of it, and what the readers see of them."""
