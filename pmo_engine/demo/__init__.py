"""The main job from beginning to end on one machine, on a simulated clock."""
