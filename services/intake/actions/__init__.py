"""What people and facts can make intake do: one function, one transaction."""
