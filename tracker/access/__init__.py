"""Who may see and do what: sign-in, roles, tokens, sealing, audit."""
