"""What whoever runs the dashboard can see of it: its log, its problems, its measures."""
