"""Rules of submission, pure: a case here, its other streams each in a folder."""
