"""What people and facts can make notifications do."""
