"""What the client has open, and how places in it are spelled to the client."""
