"""The panels around the stage, by the names that layouts and menus know."""

PANELS = {
    "video": "Video",
    "inspector": "Inspector",
    "physics": "Physics",
    "time": "Time",
    "steps": "Steps",
    "pins": "Pins",
}
