"""The pages behind the log-in: each module shows one part of the console and does the acts on it."""
