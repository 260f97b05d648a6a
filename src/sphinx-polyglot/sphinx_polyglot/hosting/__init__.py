"""What a built site needs to be served by any static host: addresses, a policy, copies, a page for what is missing."""
