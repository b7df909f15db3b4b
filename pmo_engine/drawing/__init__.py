"""Pictures and plots: shapes with their places, and one way of writing them, as SVG."""
