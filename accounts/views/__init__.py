"""Pages of people and units. Their lists are drawn by the kit of `workplan.ui`, which knows no models."""
