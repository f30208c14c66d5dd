"""The register of standards: what there is, in which version, whose, approved and due when."""
