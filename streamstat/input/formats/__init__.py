"""How records are cut from bytes and decoded into columns. One file a format."""
