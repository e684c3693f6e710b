"""The pictures of a solution as SVG fragments: plain data in, `Drawing` out."""
