"""Requests on application (依申请公开), complaints, questions, and the secrecy review of what is to be published."""
