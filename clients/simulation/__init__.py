"""Other systems as they are: feeds that come late, twice, out of order and in yesterday's words."""
