"""Names, routes and filters as one party's resources plan them."""
