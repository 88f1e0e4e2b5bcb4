"""What people and facts can make search do: one function, one transaction."""
