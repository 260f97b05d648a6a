"""One language's pages: its prose where the placeholders are, and what surrounds the text."""
