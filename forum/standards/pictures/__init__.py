"""What a standard shows at a glance: its steps as lanes, its versions as a line of time."""
