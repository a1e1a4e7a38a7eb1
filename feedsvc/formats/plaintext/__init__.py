"""Plain-text article files: one module for each shape that newsrooms really have, and the pieces they share."""
