//! Who may do what: accounts, sign-ins and API keys.
