"""The services of attest; each is a package with the same files."""
