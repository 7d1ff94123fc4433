"""The doors of the home page that are still closed: what will come, and when it is planned."""

from datetime import date

from services import network_data


def doors():
    """Each planned door as a dictionary: key, title, line, icon, planned (a date), coming."""
    return [
        {
            **row,
            "planned": date.fromisoformat(f"{row['planned']}-01"),
            "coming": row["coming"].split("；"),
        }
        for row in network_data.read("doors.csv")
    ]


def door(key):
    """One of them, or None."""
    return next((row for row in doors() if row["key"] == key), None)
