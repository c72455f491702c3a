"""Whether it survives everything: courses are driven over HTTP while parts are killed, and then all is compared."""
