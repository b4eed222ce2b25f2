"""Tests of what every HTTP face shares."""
