"""The languages compared: what must hold between them before anything is built."""
