"""What services go by: a standard of their own, else the one that says how everybody serves.

Shown only where services are, with the map.
"""
