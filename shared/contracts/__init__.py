"""The published language: what one service tells the others, by owner."""
