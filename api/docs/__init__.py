"""The API's description and the page of problems."""
