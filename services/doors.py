"""The doors of the home page beside the service network: open, or when they are planned to open."""

from datetime import date

from services import network_data


def doors():
    """Each door as a dictionary: key, title, line, icon, planned (a date; None: open), coming."""
    return [
        {
            **row,
            "planned": date.fromisoformat(f"{row['planned']}-01") if row["planned"] else None,
            "coming": row["coming"].split("；"),
        }
        for row in network_data.read("doors.csv")
    ]


def door(key):
    """One of them, or None."""
    return next((row for row in doors() if row["key"] == key), None)
