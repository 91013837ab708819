"""What the client can ask for, a module for each method or command."""
