"""The edge: HTTP in, pages and JSON out. One factory for all services; workers never import this package."""
