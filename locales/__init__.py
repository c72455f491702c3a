"""The texts of the API, one file for each language; they hold data only."""
