"""A mailbox: outgoing mail comes in by SMTP, is kept, and is read on pages."""
