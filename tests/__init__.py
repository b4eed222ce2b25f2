"""The tests of attest."""
