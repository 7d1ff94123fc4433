"""An appointment as an iCalendar file (RFC 5545), for the calendar of a phone."""

from datetime import UTC

from django.utils import timezone

from services import notifications

LINE = 75  # bytes, by RFC 5545 §3.1


def event(booking):
    """Return the text of a calendar file with one event and a reminder two hours before."""
    slot, offering = booking.slot, booking.slot.offering
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//wuxi-veterans-portal//bookings//ZH",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{booking.code}@veterans-portal",
        f"DTSTAMP:{_utc(timezone.now())}",
        f"DTSTART:{_utc(slot.starts_at)}",
        f"DTEND:{_utc(slot.ends_at)}",
        f"SUMMARY:{_escaped(f'{offering.title}（{offering.station.name}）')}",
        f"LOCATION:{_escaped(notifications.place(offering))}",
        f"DESCRIPTION:{_escaped(f'预约码{booking.spoken_code}，请带{offering.bring}。')}",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "TRIGGER:-PT2H",
        f"DESCRIPTION:{_escaped(offering.title)}",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _utc(moment):
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text):
    for sign in ("\\", ";", ","):
        text = text.replace(sign, "\\" + sign)
    return text.replace("\r", "").replace("\n", "\\n")


def _folded(line):
    """Long lines go on after a line break and a blank, never inside a character."""
    pieces, piece = [], ""
    for sign in line:
        if len((piece + sign).encode()) > LINE - 1:
            pieces.append(piece)
            piece = ""
        piece += sign
    return "\r\n ".join([*pieces, piece])
