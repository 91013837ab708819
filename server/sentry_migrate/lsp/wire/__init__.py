"""The protocol's lowest floor: streams, corrections to pygls, what the client can do."""
