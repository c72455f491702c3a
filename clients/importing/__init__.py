"""Going live with the courses a municipality already has: a file is read, tried dry, and taken over line by line."""
