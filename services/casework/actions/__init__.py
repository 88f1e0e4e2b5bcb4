"""What people and facts can make casework do: one function, one transaction each."""
