"""Ideas from elsewhere: reading files, understanding lines, loading them (docs/import.md)."""
