"""The tree of categories that standards are filed under, with a template for new ones of each."""
