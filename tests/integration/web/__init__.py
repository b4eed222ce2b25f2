"""What every HTTP face shares, over real sockets."""
