"""Requests on application, complaints, questions, and the secrecy review of what is to be published."""
