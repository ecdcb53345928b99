"""The leader's dashboard: what is read for it, and what is concluded. How it is shown is in `workplan.ui.board`."""
