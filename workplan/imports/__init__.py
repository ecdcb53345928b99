"""Files into registers: kept encrypted, checked row by row, taken in as a whole, undone while nothing was built on them."""
