"""The language server. Knows the protocol and reports; never imports libcst."""
