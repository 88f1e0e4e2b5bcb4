"""Tables and queries of casework; the only room that speaks SQL."""
