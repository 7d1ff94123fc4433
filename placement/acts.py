"""Acts of the work section in the audit trail, with the words an auditor reads."""

LABELS = {}
